package io.sotto.interop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3ClientBuilder;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3SubAckException;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3Connect;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3ConnectBuilder;
import com.hivemq.client.mqtt.mqtt3.message.connect.connack.Mqtt3ConnAck;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.Mqtt3Subscribe;
import com.hivemq.client.mqtt.mqtt3.message.unsubscribe.Mqtt3Unsubscribe;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The HiveMQ client in version 3.1.1.
final class HiveMqThree implements Client {
    private final Arrivals arrivals = new Arrivals();
    private @Nullable Mqtt3AsyncClient client;

    @Override
    public ConnAck connect(Login login) {
        Mqtt3ClientBuilder builder =
                MqttClient.builder()
                        .useMqttVersion3()
                        .serverHost("127.0.0.1")
                        .serverPort(Broker.port())
                        .addDisconnectedListener(_ -> arrivals.closed(0));
        if (!login.clientId().isEmpty()) {
            builder = builder.identifier(login.clientId());
        }
        Mqtt3AsyncClient connecting = builder.buildAsync();
        client = connecting;
        connecting.publishes(
                MqttGlobalPublishFilter.ALL, publish -> arrivals.message(message(publish)));
        Mqtt3ConnectBuilder connect =
                Mqtt3Connect.builder().cleanSession(login.clean()).keepAlive(login.keepAlive());
        if (login.will() != null) {
            connect = connect.willPublish(theirs(login.will()));
        }
        try {
            Mqtt3ConnAck answer = Futures.get(connecting.connect(connect.build()));
            return new ConnAck(answer.isSessionPresent(), answer.getReturnCode().getCode(), "");
        } catch (Mqtt3ConnAckException e) {
            return new ConnAck(false, e.getMqttMessage().getReturnCode().getCode(), "");
        }
    }

    @Override
    public int subscribe(Subscription wanted) {
        Mqtt3Subscribe subscribe =
                Mqtt3Subscribe.builder()
                        .topicFilter(wanted.filter())
                        .qos(qos(wanted.qos()))
                        .build();
        try {
            return Futures.get(connected().subscribe(subscribe))
                    .getReturnCodes()
                    .getFirst()
                    .getCode();
        } catch (Mqtt3SubAckException e) {
            return e.getMqttMessage().getReturnCodes().getFirst().getCode();
        }
    }

    @Override
    public int unsubscribe(String filter) {
        Futures.get(
                connected().unsubscribe(Mqtt3Unsubscribe.builder().topicFilter(filter).build()));
        return 0;
    }

    @Override
    public int publish(Message message) {
        Futures.get(connected().publish(theirs(message)));
        return 0;
    }

    @Override
    public void flood(String topic, int qos, int count) {
        Futures.flood(
                count,
                i -> connected().publish(theirs(Message.of(topic, Integer.toString(i), qos))));
    }

    @Override
    public void disconnect() {
        Futures.get(connected().disconnect());
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

    private Mqtt3AsyncClient connected() {
        return Optional.ofNullable(client).orElseThrow();
    }

    private static MqttQos qos(int qos) {
        return Optional.ofNullable(MqttQos.fromCode(qos)).orElseThrow();
    }

    private static Mqtt3Publish theirs(Message message) {
        return Mqtt3Publish.builder()
                .topic(message.topic())
                .payload(message.payload().getBytes(ISO_8859_1))
                .qos(qos(message.qos()))
                .retain(message.retain())
                .build();
    }

    private static Message message(Mqtt3Publish publish) {
        return new Message(
                publish.getTopic().toString(),
                new String(publish.getPayloadAsBytes(), ISO_8859_1),
                publish.getQos().getCode(),
                publish.isRetain(),
                Message.Properties.NONE);
    }
}
