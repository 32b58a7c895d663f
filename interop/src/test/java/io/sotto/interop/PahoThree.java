package io.sotto.interop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.jspecify.annotations.Nullable;

/// The older Eclipse Paho client, in version 3.1 (level 3) or 3.1.1 (level 4).
final class PahoThree implements Client, MqttCallback {
    private final int level;
    private final Arrivals arrivals = new Arrivals();
    private @Nullable MqttAsyncClient client;

    PahoThree(int level) {
        this.level = level;
    }

    @Override
    public ConnAck connect(Login login) {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(level);
        options.setCleanSession(login.clean());
        options.setKeepAliveInterval(login.keepAlive());
        options.setMaxInflight(5 * Futures.WINDOW);
        Message will = login.will();
        if (will != null) {
            options.setWill(
                    will.topic(), will.payload().getBytes(ISO_8859_1), will.qos(), will.retain());
        }
        try {
            MqttAsyncClient connecting =
                    new MqttAsyncClient(
                            "tcp://127.0.0.1:" + Broker.port(),
                            login.clientId(),
                            new MemoryPersistence());
            client = connecting;
            connecting.setCallback(this);
            IMqttToken token = waited(connecting.connect(options));
            return new ConnAck(token.getSessionPresent(), 0, "");
        } catch (MqttException e) {
            return new ConnAck(false, e.getReasonCode(), "");
        }
    }

    @Override
    public int subscribe(Subscription wanted) {
        try {
            return waited(connected().subscribe(wanted.filter(), wanted.qos())).getGrantedQos()[0];
        } catch (MqttException e) {
            return e.getReasonCode();
        }
    }

    @Override
    public int unsubscribe(String filter) {
        try {
            waited(connected().unsubscribe(filter));
            return 0;
        } catch (MqttException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public int publish(Message message) {
        Futures.get(send(message));
        return 0;
    }

    @Override
    public void flood(String topic, int qos, int count) {
        Futures.flood(count, i -> send(Message.of(topic, Integer.toString(i), qos)));
    }

    private CompletableFuture<Void> send(Message message) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        try {
            connected()
                    .publish(
                            message.topic(),
                            message.payload().getBytes(ISO_8859_1),
                            message.qos(),
                            message.retain(),
                            null,
                            new Completing(sent));
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
    public void connectionLost(Throwable cause) {
        arrivals.closed(0);
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        arrivals.message(
                new Message(
                        topic,
                        new String(message.getPayload(), ISO_8859_1),
                        message.getQos(),
                        message.isRetained(),
                        Message.Properties.NONE));
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {
        // Each publish has a listener of its own.
    }

    private MqttAsyncClient connected() {
        return Optional.ofNullable(client).orElseThrow();
    }

    private static IMqttToken waited(IMqttToken token) throws MqttException {
        token.waitForCompletion(PATIENCE.toMillis());
        return token;
    }

    private record Completing(CompletableFuture<Void> done) implements IMqttActionListener {
        @Override
        public void onSuccess(IMqttToken token) {
            done.complete(null);
        }

        @Override
        public void onFailure(IMqttToken token, Throwable error) {
            done.completeExceptionally(error);
        }
    }
}
