package io.sotto.client;

import io.sotto.client.Inbox.Delivery;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.RetainHandling;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Unsubscribe;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A client of an MQTT server, for 3.1, 3.1.1 and 5.0.
///
/// Every method may be called by any thread, blocks within [ClientLimits#timeout], and throws a
/// [ClientException] when it cannot do what it says. Topics, filters and options that break a rule
/// are a [ProtocolException] or an `IllegalArgumentException`; nothing is sent then.
///
/// Messages wait in a bounded inbox until [#receive] or a listener takes them. While it is full the
/// socket is not read, acknowledgements included: whoever subscribes to more than the inbox holds
/// and receives on the same thread uses the methods with `Async`.
public final class Client implements AutoCloseable {
    private final ClientOptions options;
    private final ClientSession session;
    private final Conversation conversation;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicBoolean ending = new AtomicBoolean();

    private Client(ClientOptions options, ClientSession session) {
        this.options = options;
        this.session = session;
        this.conversation = new Conversation(options, session);
    }

    /// A client that the server has accepted.
    public static Client connect(ClientOptions options) {
        ClientSession session = options.session == null ? new ClientSession() : options.session;
        session.hold();
        Client client = new Client(options, session);
        try {
            client.open(true);
        } catch (RuntimeException refused) {
            client.fail(
                    refused instanceof ClientException why
                            ? why
                            : ClientException.of("cannot connect", refused));
            throw refused;
        }
        Backoff backoff = options.reconnect;
        if (backoff != null) {
            Thread.ofVirtual().name("mqtt-reconnect").start(() -> client.keepConnected(backoff));
        }
        return client;
    }

    private void open(boolean first) {
        Link.open(options, options.connect(first, session.clientId()), new Events()).start();
    }

    /// The answer of the server to the last CONNECT that it accepted.
    public ConnAck connAck() {
        return conversation.connAck();
    }

    /// The client identifier in use, which the server may have assigned.
    public String clientId() {
        String id = session.clientId();
        return id == null ? options.clientId : id;
    }

    /// Whether there is a connection at this moment.
    public boolean isConnected() {
        return conversation.isConnected();
    }

    /// Ends when this client will never connect again: normally after closing, or with the
    /// [ClientException] that ended it.
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    // ---- publishing

    /// Publishes, and returns when the server has taken the message as its QoS promises: at once,
    /// after PUBACK, or after PUBCOMP.
    ///
    /// @return the code of PUBACK or PUBREC, such as 0x10 where nobody listens
    public ReasonCode publish(TopicName topic, Payload payload, QoS qos, boolean retain) {
        return await(publishAsync(topic, payload, qos, retain, PublishProperties.NONE));
    }

    /// Publishes with properties, 5.0 only.
    public ReasonCode publish(
            TopicName topic,
            Payload payload,
            QoS qos,
            boolean retain,
            PublishProperties properties) {
        return await(publishAsync(topic, payload, qos, retain, properties));
    }

    /// Publishes, and returns when the message is on its way. Blocks while the window of
    /// unacknowledged messages is full or there is no connection.
    ///
    /// What depends on the promise runs on the reader's thread and must not block.
    public CompletableFuture<ReasonCode> publishAsync(
            TopicName topic,
            Payload payload,
            QoS qos,
            boolean retain,
            PublishProperties properties) {
        if (topic.isAbsent()) {
            throw ProtocolException.protocolError("a message needs a topic [MQTT-4.7.3-1]");
        }
        if (properties.responseTopic() != null) {
            // No wildcards there [MQTT-3.3.2-14].
            TopicName.of(properties.responseTopic());
        }
        return conversation.publish(
                new Publish(topic, payload, qos, retain, false, 0, 0, List.of(), properties));
    }

    /// Waits until what was published so far is written to the connection, for as long as the
    /// server reads: what is left at QoS 0 when this client is closed gets a second, and is lost
    /// then.
    ///
    /// @throws ClientException when the connection ends before, or nothing moves within the timeout
    public void flush() {
        Link link = conversation.link();
        if (link != null) {
            link.flush();
        }
    }

    // ---- subscribing

    /// Subscribes to one filter.
    ///
    /// @return the granted QoS as a code
    /// @throws ClientException with the server's code when it refused
    public ReasonCode subscribe(String filter, QoS qos) {
        ReasonCode reason =
                subscribe(
                                0,
                                List.of(
                                        new Subscribe.Request(
                                                filter, qos, false, false, RetainHandling.SEND)))
                        .getFirst();
        if (reason.isFailure()) {
            throw ClientException.byServer("the server refused a subscription", reason, null);
        }
        return reason;
    }

    /// Subscribes to several filters with their options. Refusals are values.
    ///
    /// @param identifier a subscription identifier, or 0 for none; 5.0 only
    public List<ReasonCode> subscribe(int identifier, List<Subscribe.Request> requests) {
        return await(subscribeAsync(identifier, requests));
    }

    /// As [#subscribe(int, List)], without waiting for the answer.
    public CompletableFuture<List<ReasonCode>> subscribeAsync(
            int identifier, List<Subscribe.Request> requests) {
        if (requests.isEmpty()) {
            throw ProtocolException.protocolError("at least one filter [MQTT-3.8.3-2]");
        }
        for (Subscribe.Request request : requests) {
            TopicFilter filter = TopicFilter.of(request.filter(), TopicLimits.NONE);
            if (filter.isShared() && request.noLocal()) {
                throw ProtocolException.protocolError(
                        "no local on a shared subscription [MQTT-3.8.3-4]");
            }
        }
        return conversation.request(id -> new Subscribe(id, identifier, List.of(), requests));
    }

    /// Ends a subscription.
    ///
    /// @return success, or 0x11 when there was none
    public ReasonCode unsubscribe(String filter) {
        TopicFilter.of(filter, TopicLimits.NONE);
        ReasonCode reason =
                await(conversation.request(id -> new Unsubscribe(id, List.of(), List.of(filter))))
                        .getFirst();
        if (reason.isFailure()) {
            throw ClientException.byServer("the server refused to unsubscribe", reason, null);
        }
        return reason;
    }

    // ---- receiving

    /// The next message, or null when none came in time. It is acknowledged as it is handed over.
    public @Nullable Publish receive(Duration timeout) {
        Delivery delivery = conversation.take(timeout, true);
        return delivery == null ? null : delivery.publish();
    }

    /// The next message, not yet acknowledged, or null when none came in time: for whoever has to
    /// do something with a message before the server may forget it.
    public @Nullable Received next(Duration timeout) {
        Delivery delivery = conversation.take(timeout, false);
        return delivery == null ? null : new Received(conversation, delivery);
    }

    /// Hands every message to a listener, one at a time, on a thread of its own, and acknowledges
    /// it when the listener returns. A listener that throws ends the client: the message stays
    /// unacknowledged, and a session that lives on gets it again.
    public void listen(Consumer<Publish> listener) {
        Thread.ofVirtual().name("mqtt-listener").start(() -> handOver(listener));
    }

    private void handOver(Consumer<Publish> listener) {
        while (true) {
            Delivery delivery;
            try {
                delivery = conversation.take(options.limits.timeout(), false);
            } catch (ClientException over) {
                return;
            }
            if (delivery == null) {
                continue;
            }
            try {
                listener.accept(delivery.publish());
            } catch (RuntimeException failed) {
                conversation.giveBack(delivery);
                fail(ClientException.of("the listener failed", failed));
                return;
            }
            conversation.acknowledge(delivery);
        }
    }

    // ---- the end

    /// Says farewell and ends, within about two seconds. What the server has not acknowledged stays
    /// in a session that lives on.
    @Override
    public void close() {
        disconnect(Disconnect.NORMAL);
    }

    /// Ends with a farewell of one's own, such as 0x04 to have the will published.
    public void disconnect(Disconnect farewell) {
        boolean later = farewell.sessionExpiryInterval() > 0;
        if (later && options.properties.sessionExpiryInterval() == 0) {
            throw ProtocolException.protocolError(
                    "a session that ends with its connection cannot be prolonged [MQTT-5.0,"
                            + " 3.14.2.2.2]");
        }
        end(closed(), farewell, link -> link.close(farewell), false);
    }

    /// Ends without a word, as a crash would: the server publishes the will.
    public void abort() {
        end(closed(), Disconnect.NORMAL, Link::abort, false);
    }

    private static ClientException closed() {
        return ClientException.of("this client is closed", null);
    }

    private void fail(ClientException cause) {
        end(cause, Disconnect.NORMAL, link -> link.close(Disconnect.NORMAL), true);
    }

    private void end(
            ClientException cause, Disconnect farewell, Consumer<Link> how, boolean failed) {
        if (!ending.compareAndSet(false, true)) {
            return;
        }
        Link last = conversation.finish(cause, farewell);
        stop.countDown();
        if (last != null) {
            how.accept(last);
        }
        session.letGo();
        if (failed) {
            ended.completeExceptionally(cause);
        } else {
            ended.complete(null);
        }
    }

    // ---- staying connected

    private void keepConnected(Backoff backoff) {
        try {
            int attempt = 0;
            long begun = System.nanoTime();
            for (ClientException loss = conversation.awaitLoss();
                    loss != null;
                    loss = conversation.awaitLoss()) {
                if (loss.reason() == ReasonCode.SESSION_TAKEN_OVER) {
                    // Two clients with one identifier would take the session in turns for ever.
                    fail(loss);
                    return;
                }
                if (System.nanoTime() - begun > 2 * backoff.maximum().toNanos()) {
                    attempt = 0;
                }
                Duration wait = backoff.delay(attempt, ThreadLocalRandom.current().nextDouble());
                attempt++;
                if (stop.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                    return;
                }
                begun = System.nanoTime();
                reopen();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            fail(ClientException.of("interrupted", interrupted));
        } catch (RuntimeException bug) {
            fail(ClientException.of("a fault of the client: " + bug, bug));
        }
    }

    private void reopen() {
        try {
            open(false);
        } catch (ClientException notNow) {
            conversation.note(notNow);
        }
    }

    private final class Events implements Link.Owner {
        @Override
        public void connected(Link link, ConnAck connAck) {
            conversation.begin(link, connAck);
        }

        @Override
        public void received(Link link, Packet packet) throws InterruptedException {
            conversation.received(link, packet);
        }

        @Override
        public void lost(Link link, ClientException cause) {
            if (conversation.suspend(link, cause) && options.reconnect == null) {
                fail(cause);
            }
        }

        @Override
        public void drained() {
            conversation.drained();
        }
    }

    // ---- waiting

    private <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.get(options.limits.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ClientException why) {
                throw why.again();
            }
            throw new IllegalStateException(failed);
        } catch (TimeoutException silent) {
            throw ClientException.of("no answer within the timeout", silent);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ClientException.of("interrupted", interrupted);
        }
    }
}
