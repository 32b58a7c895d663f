package io.sotto.interop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;
import org.jspecify.annotations.Nullable;

/// The newer Eclipse Paho client, for version 5.0.
final class PahoFive implements Client, MqttCallback {
    /// Kept from collection. Off: the library tells each PUBCOMP, and its own farewells as faults.
    private static final Logger LOG = Logger.getLogger("org.eclipse.paho");

    static {
        LOG.setLevel(Level.OFF);
    }

    private final Arrivals arrivals = new Arrivals();
    private final Map<Integer, String> topics = new HashMap<>();
    private @Nullable MqttAsyncClient client;

    @Override
    public ConnAck connect(Login login) {
        try {
            MqttAsyncClient connecting =
                    new MqttAsyncClient(
                            "tcp://127.0.0.1:" + Broker.port(),
                            login.clientId(),
                            new MemoryPersistence());
            client = connecting;
            connecting.setCallback(this);
            IMqttToken token = waited(connecting.connect(options(login)));
            String assigned =
                    Optional.ofNullable(token.getResponseProperties())
                            .map(MqttProperties::getAssignedClientIdentifier)
                            .orElse("");
            return new ConnAck(token.getSessionPresent(), 0, assigned);
        } catch (MqttException e) {
            return new ConnAck(false, e.getReasonCode(), "");
        }
    }

    private static MqttConnectionOptions options(Login login) {
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setCleanStart(login.clean());
        options.setKeepAliveInterval(login.keepAlive());
        options.setUseSubscriptionIdentifiers(false);
        options.setSessionExpiryInterval(login.sessionExpiry());
        options.setReceiveMaximum(login.receiveMaximum());
        options.setTopicAliasMaximum(login.topicAliasMaximum());
        if (login.maximumPacketSize() != null) {
            options.setMaximumPacketSize(login.maximumPacketSize().longValue());
        }
        Message will = login.will();
        if (will != null) {
            MqttProperties properties = properties(will.properties());
            if (login.willDelay() != null) {
                properties.setWillDelayInterval(login.willDelay().longValue());
            }
            options.setWill(will.topic(), theirs(will));
            options.setWillMessageProperties(properties);
        }
        return options;
    }

    @Override
    public int subscribe(Subscription wanted) {
        MqttSubscription subscription = new MqttSubscription(wanted.filter(), wanted.qos());
        subscription.setNoLocal(wanted.noLocal());
        subscription.setRetainAsPublished(wanted.retainAsPublished());
        subscription.setRetainHandling(wanted.retainHandling());
        MqttProperties properties = new MqttProperties();
        if (wanted.id() != null) {
            properties.setSubscriptionIdentifier(wanted.id());
        }
        try {
            MqttSubscription[] all = {subscription};
            return waited(connected().subscribe(all, null, null, properties)).getReasonCodes()[0];
        } catch (MqttException e) {
            return e.getReasonCode();
        }
    }

    @Override
    public int unsubscribe(String filter) {
        try {
            return waited(connected().unsubscribe(filter)).getReasonCodes()[0];
        } catch (MqttException e) {
            return e.getReasonCode();
        }
    }

    @Override
    public int publish(Message message) {
        return Futures.get(send(message));
    }

    @Override
    public void flood(String topic, int qos, int count) {
        Futures.flood(count, i -> send(Message.of(topic, Integer.toString(i), qos)));
    }

    private CompletableFuture<Integer> send(Message message) {
        CompletableFuture<Integer> sent = new CompletableFuture<>();
        try {
            connected().publish(message.topic(), theirs(message), null, new Completing(sent));
        } catch (MqttException e) {
            sent.completeExceptionally(e);
        }
        return sent;
    }

    @Override
    public void disconnect() {
        try {
            waited(connected().disconnect());
            connected().close();
        } catch (MqttException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public Arrivals arrivals() {
        return arrivals;
    }

    @Override
    public void close() {
        if (client != null && client.isConnected()) {
            disconnect();
        }
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
        arrivals.closed(response.getReturnCode());
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        arrivals.message(
                new Message(
                        resolved(topic, message.getProperties().getTopicAlias()),
                        new String(message.getPayload(), ISO_8859_1),
                        message.getQos(),
                        message.isRetained(),
                        properties(message.getProperties())));
    }

    /// The library leaves the aliases that the broker uses to the application.
    private String resolved(String topic, @Nullable Integer alias) {
        if (alias == null) {
            return topic;
        }
        if (!topic.isEmpty()) {
            topics.put(alias, topic);
        }
        return topics.getOrDefault(alias, "");
    }

    @Override
    public void mqttErrorOccurred(MqttException exception) {
        // What follows from it is an answer that does not come.
    }

    @Override
    public void deliveryComplete(IMqttToken token) {
        // Each publish has a listener of its own.
    }

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {
        // The token of the connect says so too.
    }

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {
        // No test asks for enhanced authentication.
    }

    private MqttAsyncClient connected() {
        return Optional.ofNullable(client).orElseThrow();
    }

    private static IMqttToken waited(IMqttToken token) throws MqttException {
        token.waitForCompletion(PATIENCE.toMillis());
        return token;
    }

    private static MqttMessage theirs(Message message) {
        return new MqttMessage(
                message.payload().getBytes(ISO_8859_1),
                message.qos(),
                message.retain(),
                properties(message.properties()));
    }

    private static MqttProperties properties(Message.Properties given) {
        MqttProperties properties = new MqttProperties();
        if (given.user() != null) {
            properties.setUserProperties(
                    given.user().stream()
                            .map(its -> new UserProperty(its.name(), its.value()))
                            .toList());
        }
        if (given.correlation() != null) {
            properties.setCorrelationData(given.correlation().getBytes(ISO_8859_1));
        }
        if (given.payloadFormat() != null) {
            properties.setPayloadFormat(given.payloadFormat() == 1);
        }
        properties.setContentType(given.contentType());
        properties.setResponseTopic(given.responseTopic());
        properties.setMessageExpiryInterval(given.expiry());
        properties.setTopicAlias(given.topicAlias());
        return properties;
    }

    private static Message.Properties properties(MqttProperties given) {
        List<Message.UserProperty> user =
                given.getUserProperties().stream()
                        .map(its -> new Message.UserProperty(its.getKey(), its.getValue()))
                        .toList();
        List<Integer> ids = given.getSubscriptionIdentifiers();
        byte[] correlation = given.getCorrelationData();
        return new Message.Properties(
                user.isEmpty() ? null : user,
                given.getContentType(),
                given.getResponseTopic(),
                correlation == null ? null : new String(correlation, ISO_8859_1),
                given.getMessageExpiryInterval(),
                given.getPayloadFormat() ? 1 : null,
                null,
                ids.isEmpty() ? null : ids);
    }

    private record Completing(CompletableFuture<Integer> done) implements MqttActionListener {
        @Override
        public void onSuccess(IMqttToken token) {
            int[] codes = token.getReasonCodes();
            done.complete(codes == null || codes.length == 0 ? UNTOLD : codes[0]);
        }

        @Override
        public void onFailure(IMqttToken token, Throwable error) {
            done.completeExceptionally(error);
        }
    }
}
