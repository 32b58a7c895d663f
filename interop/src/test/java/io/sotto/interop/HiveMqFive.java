package io.sotto.interop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperties;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperty;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5ConnectBuilder;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PayloadFormatIndicator;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishBuilder;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5RetainHandling;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscribe;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5SubscribeBuilder;
import com.hivemq.client.mqtt.mqtt5.message.unsubscribe.Mqtt5Unsubscribe;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The HiveMQ client in version 5.0.
final class HiveMqFive implements Client {
    private final Arrivals arrivals = new Arrivals();
    private @Nullable Mqtt5AsyncClient client;

    @Override
    public ConnAck connect(Login login) {
        Mqtt5ClientBuilder builder =
                MqttClient.builder()
                        .useMqttVersion5()
                        .serverHost("127.0.0.1")
                        .serverPort(Broker.port())
                        .addDisconnectedListener(this::disconnected);
        if (!login.clientId().isEmpty()) {
            builder = builder.identifier(login.clientId());
        }
        Mqtt5AsyncClient connecting = builder.buildAsync();
        client = connecting;
        connecting.publishes(
                MqttGlobalPublishFilter.ALL, publish -> arrivals.message(message(publish)));
        try {
            Mqtt5ConnAck answer = Futures.get(connecting.connect(connecting(login)));
            String assigned = answer.getAssignedClientIdentifier().map(Object::toString).orElse("");
            return new ConnAck(
                    answer.isSessionPresent(), answer.getReasonCode().getCode(), assigned);
        } catch (Mqtt5ConnAckException e) {
            return new ConnAck(false, e.getMqttMessage().getReasonCode().getCode(), "");
        }
    }

    private static Mqtt5Connect connecting(Login login) {
        Mqtt5ConnectBuilder connect =
                Mqtt5Connect.builder().cleanStart(login.clean()).keepAlive(login.keepAlive());
        if (login.sessionExpiry() != null) {
            connect = connect.sessionExpiryInterval(login.sessionExpiry());
        }
        var restrictions = connect.restrictions();
        if (login.receiveMaximum() != null) {
            restrictions = restrictions.receiveMaximum(login.receiveMaximum());
        }
        if (login.topicAliasMaximum() != null) {
            restrictions =
                    restrictions
                            .topicAliasMaximum(login.topicAliasMaximum())
                            .sendTopicAliasMaximum(login.topicAliasMaximum());
        }
        if (login.maximumPacketSize() != null) {
            restrictions = restrictions.maximumPacketSize(login.maximumPacketSize());
        }
        connect = restrictions.applyRestrictions();
        Message will = login.will();
        if (will != null) {
            long delay = Optional.ofNullable(login.willDelay()).orElse(0);
            connect =
                    connect.willPublish(
                            theirs(will).asWill().extendAsWill().delayInterval(delay).build());
        }
        return connect.build();
    }

    private void disconnected(MqttClientDisconnectedContext context) {
        if (context.getCause() instanceof Mqtt5DisconnectException e) {
            arrivals.closed(e.getMqttMessage().getReasonCode().getCode());
        } else {
            arrivals.closed(0);
        }
    }

    @Override
    public int subscribe(Subscription wanted) {
        Mqtt5SubscribeBuilder.Start.Complete subscribe =
                Mqtt5Subscribe.builder()
                        .topicFilter(wanted.filter())
                        .qos(qos(wanted.qos()))
                        .noLocal(wanted.noLocal())
                        .retainAsPublished(wanted.retainAsPublished())
                        .retainHandling(
                                Optional.ofNullable(
                                                Mqtt5RetainHandling.fromCode(
                                                        wanted.retainHandling()))
                                        .orElseThrow());
        Mqtt5SubscribeBuilder.Complete complete = subscribe;
        if (wanted.id() != null) {
            throw new UnsupportedOperationException("this library keeps the identifiers to itself");
        }
        try {
            return Futures.get(connected().subscribe(complete.build()))
                    .getReasonCodes()
                    .getFirst()
                    .getCode();
        } catch (Mqtt5SubAckException e) {
            return e.getMqttMessage().getReasonCodes().getFirst().getCode();
        }
    }

    @Override
    public int unsubscribe(String filter) {
        return Futures.get(
                        connected()
                                .unsubscribe(
                                        Mqtt5Unsubscribe.builder().topicFilter(filter).build()))
                .getReasonCodes()
                .getFirst()
                .getCode();
    }

    @Override
    public int publish(Message message) {
        return reason(Futures.get(connected().publish(theirs(message))));
    }

    private static int reason(Mqtt5PublishResult result) {
        return switch (result) {
            case Mqtt5PublishResult.Mqtt5Qos1Result one ->
                    one.getPubAck().getReasonCode().getCode();
            case Mqtt5PublishResult.Mqtt5Qos2Result two ->
                    two.getPubRec().getReasonCode().getCode();
            default -> 0;
        };
    }

    @Override
    public void flood(String topic, int qos, int count) {
        Futures.flood(
                count,
                i -> connected().publish(theirs(Message.of(topic, Integer.toString(i), qos))));
    }

    @Override
    public void disconnect() {
        CompletableFuture<Void> done = connected().disconnect();
        Futures.get(done);
    }

    @Override
    public Arrivals arrivals() {
        return arrivals;
    }

    @Override
    public void close() {
        if (client != null && client.getState().isConnected()) {
            disconnect();
        }
    }

    private Mqtt5AsyncClient connected() {
        return Optional.ofNullable(client).orElseThrow();
    }

    private static MqttQos qos(int qos) {
        return Optional.ofNullable(MqttQos.fromCode(qos)).orElseThrow();
    }

    private static Mqtt5Publish theirs(Message message) {
        Mqtt5PublishBuilder.Complete publish =
                Mqtt5Publish.builder()
                        .topic(message.topic())
                        .payload(message.payload().getBytes(ISO_8859_1))
                        .qos(qos(message.qos()))
                        .retain(message.retain());
        Message.Properties given = message.properties();
        if (given.expiry() != null) {
            publish = publish.messageExpiryInterval(given.expiry());
        }
        if (given.correlation() != null) {
            publish = publish.correlationData(given.correlation().getBytes(ISO_8859_1));
        }
        if (given.payloadFormat() != null) {
            publish =
                    publish.payloadFormatIndicator(
                            Mqtt5PayloadFormatIndicator.fromCode(given.payloadFormat()));
        }
        if (given.user() != null) {
            publish =
                    publish.userProperties(
                            Mqtt5UserProperties.of(
                                    given.user().stream()
                                            .map(its ->
                                                    Mqtt5UserProperty.of(its.name(), its.value()))
                                            .toList()));
        }
        return publish.contentType(given.contentType())
                .responseTopic(given.responseTopic())
                .build();
    }

    private static Message message(Mqtt5Publish publish) {
        List<Message.UserProperty> user =
                publish.getUserProperties().asList().stream()
                        .map(its ->
                                new Message.UserProperty(
                                        its.getName().toString(), its.getValue().toString()))
                        .toList();
        return new Message(
                publish.getTopic().toString(),
                new String(publish.getPayloadAsBytes(), ISO_8859_1),
                publish.getQos().getCode(),
                publish.isRetain(),
                new Message.Properties(
                        user.isEmpty() ? null : user,
                        publish.getContentType().map(Object::toString).orElse(null),
                        publish.getResponseTopic().map(Object::toString).orElse(null),
                        publish.getCorrelationData().map(HiveMqFive::text).orElse(null),
                        publish.getMessageExpiryInterval().isPresent()
                                ? publish.getMessageExpiryInterval().getAsLong()
                                : null,
                        publish.getPayloadFormatIndicator()
                                .map(Mqtt5PayloadFormatIndicator::getCode)
                                .orElse(null),
                        null,
                        null));
    }

    private static String text(ByteBuffer bytes) {
        return ISO_8859_1.decode(bytes.duplicate()).toString();
    }
}
