package io.sotto.cli.bench;

import io.sotto.client.Wire;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.SubAck;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicNames;
import io.sotto.mqtt.codec.Decoder;
import io.sotto.mqtt.codec.DecoderLimits;
import io.sotto.mqtt.codec.Sender;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One connection of a measurement. Its [Loop] reads, and does at once what is to be done with all
/// that one read brought; the answers go out together. Whoever sends writes to the socket itself.
///
/// What a reader answers is not bounded here: it is four bytes for each of at most 65,535 messages.
final class Line implements Loop.Client {
    /// What is done with packets. Called by the loop alone.
    interface Handler {
        /// A packet after CONNACK.
        ///
        /// @param now when it was read, by [Clock]
        void received(Packet packet, Line line, long now);

        /// Everything that one read brought has been handed over.
        void turned();

        /// What had no room has been written.
        void relieved();
    }

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration FAREWELL = Duration.ofSeconds(1);
    private static final int FIRST_BUFFER = 1024;
    private static final int LARGEST_READ = 128 * 1024;
    private static final int TOPIC_NAMES = 256;
    private static final int MOST_BYTES = 268_435_460;

    private final Peer peer;
    private final Loop loop;
    private final Wire wire;
    private final Outbox outbox;
    private final Handler handler;
    private final Decoder decoder;
    private final CompletableFuture<Accepted> accepted = new CompletableFuture<>();
    private final CompletableFuture<List<ReasonCode>> granted = new CompletableFuture<>();
    private final AtomicReference<@Nullable String> end = new AtomicReference<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private ByteBuffer buffer = ByteBuffer.allocate(FIRST_BUFFER);
    private volatile long lastRead = Clock.now();

    /// That the broker let us in.
    ///
    /// @param time when that was read, by [Clock]
    private record Accepted(ConnAck answer, long time) {}

    private Line(Peer peer, Wire wire, Handler handler, Loop loop) {
        this.peer = peer;
        this.loop = loop;
        this.wire = wire;
        this.handler = handler;
        this.outbox =
                new Outbox(
                        peer.connect().version(),
                        wire,
                        forRoom -> loop.watchRoom(wire.channel(), forRoom));
        this.decoder = decoder(peer.connect().version());
    }

    private static Decoder decoder(ProtocolVersion version) {
        DecoderLimits base = DecoderLimits.DEFAULT;
        DecoderLimits limits =
                new DecoderLimits(
                        MOST_BYTES,
                        MOST_BYTES,
                        base.userProperties(),
                        base.filters(),
                        TopicLimits.NONE);
        Decoder decoder =
                new Decoder(Sender.SERVER, limits, new TopicNames(TOPIC_NAMES, TopicLimits.NONE));
        decoder.version(version);
        return decoder;
    }

    /// Connects, and waits until the broker has accepted.
    ///
    /// @param loop reads
    /// @throws IOException with a sentence, when it did not
    static Line connect(Peer peer, Handler handler, Loop loop)
            throws IOException, InterruptedException {
        Wire wire;
        try {
            wire = peer.way().open(PATIENCE);
        } catch (IOException failed) {
            throw new IOException("cannot reach the server: " + failed.getMessage(), failed);
        }
        Line line = new Line(peer, wire, handler, loop);
        try {
            loop.join(wire.channel(), line);
            line.outbox.send(peer.connect());
            line.await(line.accepted, "no CONNACK in time");
            return line;
        } catch (IOException failed) {
            line.fail("refused");
            throw failed;
        }
    }

    /// Subscribes, and waits for what is granted.
    List<ReasonCode> subscribe(List<Subscribe.Request> requests)
            throws IOException, InterruptedException {
        outbox.send(new Subscribe(1, 0, List.of(), requests));
        return await(granted, "no SUBACK in time");
    }

    private <T> T await(CompletableFuture<T> answer, String late)
            throws IOException, InterruptedException {
        try {
            return answer.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException silent) {
            throw new IOException(late, silent);
        } catch (ExecutionException failed) {
            throw new IOException(end.get(), failed);
        }
    }

    /// What the broker said when it accepted.
    ConnAck.Properties server() {
        return accepted.join().answer.properties();
    }

    /// When that was, by [Clock].
    long acceptedAt() {
        return accepted.join().time;
    }

    Loop loop() {
        return loop;
    }

    Outbox outbox() {
        return outbox;
    }

    boolean isOpen() {
        return end.get() == null;
    }

    /// Sends PINGREQ when little went out or came in for most of the keep alive [MQTT-3.1.2-20],
    /// and ends a line on which nothing came in for so long although it was asked.
    void keepAlive() {
        int server = server().serverKeepAlive();
        long interval = TimeUnit.SECONDS.toNanos(server >= 0 ? server : peer.connect().keepAlive());
        long now = Clock.now();
        if (interval == 0 || !isOpen()) {
            return;
        }
        if (now - lastRead > interval + PATIENCE.toNanos()) {
            fail("the server is silent: no PINGRESP");
            return;
        }
        if (now - Math.min(outbox.lastWrite(), lastRead) > interval / 4 * 3) {
            try {
                outbox.send(PingReq.INSTANCE);
            } catch (IOException lost) {
                fail("the connection is lost: " + lost.getMessage());
            }
        }
    }

    /// Says farewell, within a bound, and ends.
    void close() {
        try {
            if (isOpen() && outbox.send(Disconnect.NORMAL)) {
                wire.finish();
                done.await(FAREWELL.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (IOException alreadyGone) {
            // Then there is nobody to say farewell to.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            fail("closed");
        }
    }

    private void fail(String why) {
        if (!end.compareAndSet(null, why)) {
            return;
        }
        outbox.end(why);
        try {
            wire.close();
        } catch (IOException ignored) {
            // It is gone either way.
        }
        accepted.completeExceptionally(new IOException(why));
        granted.completeExceptionally(new IOException(why));
        done.countDown();
    }

    @Override
    public void ready(boolean writable) {
        try {
            if (writable && outbox.flush()) {
                handler.relieved();
            }
            read();
        } catch (IOException lost) {
            fail("the connection is lost: " + lost.getMessage());
        } catch (ProtocolException broken) {
            fail("the server broke a rule: " + broken.sentence());
        } catch (RuntimeException bug) {
            fail("a fault of this tool: " + bug);
        }
    }

    private void read() throws IOException {
        boolean more = true;
        while (more && isOpen()) {
            int count = wire.read(buffer);
            if (count < 0) {
                fail("the server closed the connection");
                return;
            }
            more = !buffer.hasRemaining();
            if (count > 0) {
                take();
            }
        }
    }

    /// Everything that one read brought.
    private void take() throws IOException {
        long now = Clock.now();
        lastRead = now;
        buffer.flip();
        for (Packet packet = decoder.read(buffer); packet != null; packet = decoder.read(buffer)) {
            take(packet, now);
        }
        buffer = prepared(buffer, decoder.awaited());
        if (isOpen()) {
            outbox.flush();
        }
        handler.turned();
    }

    /// Room for more: what filled its buffer, or does not fit, gets a larger one.
    private static ByteBuffer prepared(ByteBuffer buffer, int awaited) {
        boolean full = buffer.limit() == buffer.capacity();
        buffer.compact();
        if (!full || buffer.capacity() >= Math.max(LARGEST_READ, awaited)) {
            return buffer;
        }
        return ByteBuffer.allocate(2 * buffer.capacity()).put(buffer.flip());
    }

    private void take(Packet packet, long now) {
        switch (packet) {
            case ConnAck answer when answer.reason() == ReasonCode.SUCCESS ->
                    accepted.complete(new Accepted(answer, now));
            case ConnAck refusal ->
                    fail(
                            sentence(
                                    "the server refused to connect",
                                    refusal.reason(),
                                    refusal.properties().diagnostics().reasonString()));
            case SubAck answer -> granted.complete(answer.reasons());
            case Disconnect last ->
                    fail(
                            sentence(
                                    "the server disconnected",
                                    last.reason(),
                                    last.diagnostics().reasonString()));
            default -> handler.received(packet, this, now);
        }
    }

    /// The broker's own words are foreign text: control characters are replaced.
    private static String sentence(String what, ReasonCode reason, @Nullable String words) {
        String said = words == null ? "" : ": " + words.replaceAll("\\p{Cntrl}", "?");
        return what + " with " + reason + said;
    }
}
