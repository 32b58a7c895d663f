package io.sotto.client;

import io.sotto.mqtt.Auth;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicNames;
import io.sotto.mqtt.codec.Decoder;
import io.sotto.mqtt.codec.DecoderLimits;
import io.sotto.mqtt.codec.Encoder;
import io.sotto.mqtt.codec.Sender;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One network connection: packets from its bytes, bytes from packets, and its keep alive.
///
/// Three virtual threads: one reads, one writes, one watches the time. Whatever happens to any of
/// them, the owner is told exactly once how the connection ended.
final class Link {
    /// Who is told.
    interface Owner {
        /// The server accepted. Called by the reader before it reads on; an exception ends the
        /// link.
        void connected(Link link, ConnAck connAck);

        /// A packet after CONNACK. May block, and then nothing is read.
        void received(Link link, Packet packet) throws InterruptedException;

        /// The end of a connection that was accepted.
        void lost(Link link, ClientException cause);

        /// There is room to publish again.
        void drained();
    }

    private static final int FIRST_BUFFER = 8 * 1024;
    private static final int MOST_BYTES = 268_435_460;
    private static final int TOPIC_NAMES = 256;
    private static final int NOT_AWAITED = 0;

    /// How long a farewell may take: the rest of the bytes, then the server's end of the stream.
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final ClientOptions options;
    private final Connect connect;
    private final Owner owner;
    private final Transport transport;
    private final Outgoing outgoing;
    private final Decoder decoder;
    private final CompletableFuture<ConnAck> accepted = new CompletableFuture<>();
    private final AtomicReference<@Nullable ClientException> end = new AtomicReference<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile long lastRead = System.nanoTime();
    private volatile boolean held;

    private Link(ClientOptions options, Connect connect, Owner owner, Transport transport) {
        this.options = options;
        this.connect = connect;
        this.owner = owner;
        this.transport = transport;
        this.outgoing = new Outgoing(options.version, owner::drained);
        long maximum = connect.properties().maximumPacketSize();
        int packetSize = maximum == 0 ? MOST_BYTES : (int) Math.min(maximum, MOST_BYTES);
        DecoderLimits base = DecoderLimits.DEFAULT;
        DecoderLimits limits =
                new DecoderLimits(
                        packetSize,
                        packetSize,
                        base.userProperties(),
                        base.filters(),
                        TopicLimits.NONE);
        TopicNames names = new TopicNames(TOPIC_NAMES, TopicLimits.NONE);
        this.decoder = new Decoder(Sender.SERVER, limits, names);
        decoder.version(options.version);
    }

    /// A link on a new transport, not started.
    static Link open(ClientOptions options, Connect connect, Owner owner) {
        try {
            // Written once here, so that a CONNECT that cannot be written opens no connection.
            Encoder.size(connect, options.version);
            return new Link(
                    options, connect, owner, options.connector.open(options.limits.timeout()));
        } catch (IOException failed) {
            throw ClientException.of("cannot reach the server: " + failed.getMessage(), failed);
        }
    }

    /// Sends CONNECT first [MQTT-3.1.0-1] and waits until the server has accepted.
    ///
    /// @throws ClientException when it refused or said nothing in time
    void start() {
        outgoing.put(connect);
        Thread.ofVirtual().name("mqtt-writer").start(this::write);
        Thread.ofVirtual().name("mqtt-reader").start(this::read);
        try {
            accepted.get(options.limits.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException refused) {
            if (refused.getCause() instanceof ClientException why) {
                throw why.again();
            }
            throw new IllegalStateException(refused);
        } catch (TimeoutException silent) {
            ClientException why = ClientException.of("no CONNACK in time", silent);
            fail(why);
            throw why;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            ClientException why = ClientException.of("interrupted", interrupted);
            fail(why);
            throw why;
        }
    }

    void send(Packet packet) {
        outgoing.put(packet);
    }

    boolean hasRoom() {
        return outgoing.hasRoom();
    }

    Connect connect() {
        return connect;
    }

    /// Waits until everything is written that was sent so far.
    ///
    /// @throws ClientException when the connection ended before, or the server takes nothing
    void flush() {
        try {
            if (!outgoing.awaitWritten(options.limits.timeout())) {
                ClientException why = end.get();
                throw why == null
                        ? ClientException.of("the server does not read what it is sent", null)
                        : why.again();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ClientException.of("interrupted", interrupted);
        }
    }

    /// Ends the link from this side: what is unsent goes out, then this packet, then the end of the
    /// stream. Within a bound.
    void close(Disconnect farewell) {
        try {
            sendLast(farewell);
            outgoing.awaitEnd(FAREWELL);
            transport.finish();
            // Closing at once would reset the connection where the server has sent something that
            // nobody read, and the farewell might be lost on its way.
            done.await(FAREWELL.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException alreadyGone) {
            // Then there is nobody to say farewell to.
        } finally {
            fail(ClientException.of("closed", null));
        }
    }

    /// Appends the last packet; nothing follows it [MQTT-3.14.4-1].
    private void sendLast(Disconnect farewell) {
        try {
            outgoing.put(farewell);
        } catch (ClientException stuck) {
            // It cannot be said, and the connection ends all the same.
        }
        outgoing.end();
    }

    /// Ends the link without a word, as a crash would.
    void abort() {
        fail(ClientException.of("aborted", null));
    }

    private void fail(ClientException why) {
        if (!end.compareAndSet(null, why)) {
            return;
        }
        outgoing.end();
        try {
            transport.close();
        } catch (IOException ignored) {
            // It is gone either way.
        }
        done.countDown();
        if (!accepted.completeExceptionally(why)) {
            owner.lost(this, why);
        }
    }

    private void write() {
        try {
            outgoing.writeTo(transport.output());
        } catch (IOException lost) {
            fail(ClientException.of("the connection is lost: " + lost.getMessage(), lost));
        } catch (InterruptedException interrupted) {
            fail(ClientException.of("interrupted", interrupted));
        }
    }

    @SuppressWarnings("ByteBufferBackingArray") // the buffers are allocated here
    private void read() {
        try {
            InputStream in = transport.input();
            ByteBuffer buffer = ByteBuffer.allocate(FIRST_BUFFER);
            while (true) {
                int count = in.read(buffer.array(), buffer.position(), buffer.remaining());
                if (count < 0) {
                    fail(ClientException.of("the server closed the connection", null));
                    return;
                }
                lastRead = System.nanoTime();
                buffer.position(buffer.position() + count).flip();
                takePackets(buffer);
                buffer = prepared(buffer);
            }
        } catch (IOException lost) {
            fail(ClientException.of("the connection is lost: " + lost.getMessage(), lost));
        } catch (ProtocolException broken) {
            refuse(broken);
        } catch (ClientException stated) {
            fail(stated);
        } catch (InterruptedException interrupted) {
            fail(ClientException.of("interrupted", interrupted));
        } catch (RuntimeException bug) {
            fail(ClientException.of("a fault of the client: " + bug, bug));
        }
    }

    private void takePackets(ByteBuffer buffer) throws InterruptedException {
        for (Packet packet = decoder.read(buffer); packet != null; packet = decoder.read(buffer)) {
            if (accepted.isDone()) {
                held = true;
                owner.received(this, packet);
                held = false;
                lastRead = System.nanoTime();
            } else {
                shakeHands(packet);
            }
        }
    }

    /// Room for more. Grows with what arrives, and not with what a length announces.
    private ByteBuffer prepared(ByteBuffer buffer) {
        buffer.compact();
        if (buffer.hasRemaining()) {
            return buffer;
        }
        int awaited = decoder.awaited();
        int doubled = (int) Math.min(2L * buffer.capacity(), MOST_BYTES);
        int size = awaited == NOT_AWAITED ? doubled : Math.min(doubled, awaited);
        return ByteBuffer.allocate(Math.max(size, buffer.capacity() + 1)).put(buffer.flip());
    }

    private void shakeHands(Packet packet) {
        switch (packet) {
            case ConnAck connAck -> accept(connAck);
            case Auth auth -> answer(auth);
            default -> throw ProtocolException.protocolError("CONNACK comes first [MQTT-3.2.0-1]");
        }
    }

    private void accept(ConnAck connAck) {
        if (connAck.reason() != ReasonCode.SUCCESS) {
            throw ClientException.byServer(
                    "the server refused to connect",
                    connAck.reason(),
                    connAck.properties().diagnostics().reasonString());
        }
        requireMethod(connAck.properties().authenticationMethod());
        owner.connected(this, connAck);
        if (accepted.complete(connAck)) {
            Thread.ofVirtual().name("mqtt-keep-alive").start(() -> watch(keepAlive(connAck)));
        } else {
            // It ended while the owner took it into use.
            owner.lost(this, ClientException.of("closed", end.get()));
        }
    }

    /// The challenge of an enhanced authentication, answered with 0x18 [MQTT-4.12.0-3].
    private void answer(Auth challenge) {
        Authentication authentication = options.login.authentication();
        if (authentication == null || challenge.reason() != ReasonCode.CONTINUE_AUTHENTICATION) {
            throw ProtocolException.protocolError("AUTH without a reason [MQTT-4.12.0-2]");
        }
        requireMethod(challenge.authenticationMethod());
        outgoing.put(
                new Auth(
                        ReasonCode.CONTINUE_AUTHENTICATION,
                        authentication.method(),
                        authentication.answer(challenge.authenticationData()),
                        Diagnostics.NONE));
    }

    private void requireMethod(@Nullable String method) {
        String own = connect.properties().authenticationMethod();
        if (own == null ? method != null : !own.equals(method)) {
            throw ProtocolException.protocolError(
                    "another authentication method than that of CONNECT [MQTT-4.12.0-5]");
        }
    }

    /// The server's interval, where it gave one [MQTT-3.1.2-21], or zero.
    private Duration keepAlive(ConnAck connAck) {
        int server = connAck.properties().serverKeepAlive();
        Duration asked = options.keepAlive;
        if (server <= 0) {
            return server == 0 ? Duration.ZERO : asked;
        }
        Duration given = Duration.ofSeconds(server);
        return asked.isPositive() && asked.compareTo(given) < 0 ? asked : given;
    }

    /// Sends PINGREQ when nothing went out for most of the interval [MQTT-3.1.2-20], or nothing
    /// came in, and ends the link when the server then stays silent. While the application lags,
    /// nothing is read, and silence says nothing.
    private void watch(Duration interval) {
        if (interval.isZero()) {
            return;
        }
        long patience = interval.toNanos() / 4 * 3;
        long silence = Math.min(interval.toNanos(), options.limits.timeout().toNanos());
        long asked = 0;
        boolean asking = false;
        try {
            long wait = patience;
            while (!done.await(wait, TimeUnit.NANOSECONDS)) {
                long now = System.nanoTime();
                boolean lagging = held;
                asking &= !lagging && lastRead - asked < 0;
                long since =
                        lagging
                                ? now - outgoing.lastWrite()
                                : Math.max(now - outgoing.lastWrite(), now - lastRead);
                if (asking && now - asked >= silence) {
                    fail(ClientException.of("the server is silent: no PINGRESP", null));
                    return;
                }
                if (!asking && since >= patience) {
                    send(PingReq.INSTANCE);
                    asked = now;
                    asking = true;
                    since = 0;
                }
                wait = asking ? Math.max(1, asked + silence - now) : Math.max(1, patience - since);
                wait = Math.min(wait, patience);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ClientException stuck) {
            fail(stuck);
        }
    }

    /// Ends the link because the server broke a rule, and says so where the version can.
    private void refuse(ProtocolException broken) {
        ReasonCode reason =
                switch (broken.reason()) {
                    case MALFORMED_PACKET,
                            TOPIC_NAME_INVALID,
                            RECEIVE_MAXIMUM_EXCEEDED,
                            TOPIC_ALIAS_INVALID,
                            PACKET_TOO_LARGE ->
                            broken.reason();
                    default -> ReasonCode.PROTOCOL_ERROR;
                };
        if (accepted.isDone() && options.version.hasProperties()) {
            sendLast(new Disconnect(reason, -1, Diagnostics.NONE, null));
            try {
                outgoing.awaitEnd(FAREWELL);
                transport.finish();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            } catch (IOException alreadyGone) {
                // Then the server knows.
            }
        }
        fail(new ClientException(reason, "the server broke a rule: " + broken.sentence(), broken));
    }
}
