package io.sotto.cli.bench;

import io.sotto.client.Transport;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.ProtocolException;
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

/// One connection of a measurement. A thread of its own reads, and does at once what is to be done
/// with all that one read brought; the answers go out together. Nothing is handed to another thread
/// on its way in, and whoever sends writes to the socket itself: between the socket and the clock
/// is only the decoder.
///
/// A reader that writes cannot be blocked for good by a broker that waits for it: what it answers
/// is four bytes for each of at most 65,535 messages, which the system's buffers hold.
final class Line {
    /// What is done with packets. Called by the reader alone.
    interface Handler {
        /// A packet after CONNACK.
        ///
        /// @param now when it was read, by [Clock]
        void received(Packet packet, Line line, long now) throws IOException;

        /// Everything that one read brought has been handed over.
        void turned();
    }

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration FAREWELL = Duration.ofSeconds(1);
    private static final int FIRST_BUFFER = 8 * 1024;
    private static final int LARGEST_READ = 128 * 1024;
    private static final int TOPIC_NAMES = 256;
    private static final int MOST_BYTES = 268_435_460;

    private final Peer peer;
    private final Transport transport;
    private final Outbox outbox;
    private final Handler handler;
    private final CompletableFuture<ConnAck> accepted = new CompletableFuture<>();
    private final CompletableFuture<List<ReasonCode>> granted = new CompletableFuture<>();
    private final AtomicReference<@Nullable String> end = new AtomicReference<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile long lastRead = Clock.now();

    private Line(Peer peer, Transport transport, Handler handler) throws IOException {
        this.peer = peer;
        this.transport = transport;
        this.handler = handler;
        this.outbox = new Outbox(peer.connect().version(), transport.output());
    }

    /// Connects, and waits until the broker has accepted.
    ///
    /// @param threads of the reader
    /// @throws IOException with a sentence, when it did not
    static Line connect(Peer peer, Handler handler, Thread.Builder threads)
            throws IOException, InterruptedException {
        Line line;
        try {
            line = new Line(peer, peer.connector().open(PATIENCE), handler);
        } catch (IOException failed) {
            throw new IOException("cannot reach the server: " + failed.getMessage(), failed);
        }
        threads.start(line::read);
        try {
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
        return accepted.join().properties();
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
            if (isOpen() && outbox.finish(Disconnect.NORMAL, FAREWELL)) {
                transport.finish();
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
            transport.close();
        } catch (IOException ignored) {
            // It is gone either way.
        }
        accepted.completeExceptionally(new IOException(why));
        granted.completeExceptionally(new IOException(why));
        done.countDown();
    }

    private void read() {
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
        decoder.version(peer.connect().version());
        try {
            readAll(decoder);
            fail("the server closed the connection");
        } catch (IOException lost) {
            fail("the connection is lost: " + lost.getMessage());
        } catch (ProtocolException broken) {
            fail("the server broke a rule: " + broken.sentence());
        } catch (RuntimeException bug) {
            fail("a fault of this tool: " + bug);
        }
    }

    private void readAll(Decoder decoder) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(FIRST_BUFFER);
        while (readOnce(buffer)) {
            turn(buffer, decoder);
            buffer = prepared(buffer, decoder.awaited());
        }
    }

    @SuppressWarnings("ByteBufferBackingArray") // the buffers are allocated here
    private boolean readOnce(ByteBuffer buffer) throws IOException {
        int count = transport.input().read(buffer.array(), buffer.position(), buffer.remaining());
        buffer.position(buffer.position() + Math.max(0, count));
        return count >= 0;
    }

    /// Everything that one read brought. A method of its own, so that the JVM compiles it as one: a
    /// loop that never ends is entered before that, and stays half interpreted.
    private void turn(ByteBuffer buffer, Decoder decoder) throws IOException {
        long now = Clock.now();
        lastRead = now;
        buffer.flip();
        for (Packet packet = decoder.read(buffer); packet != null; packet = decoder.read(buffer)) {
            take(packet, now);
        }
        outbox.flush();
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

    private void take(Packet packet, long now) throws IOException {
        switch (packet) {
            case ConnAck answer when answer.reason() == ReasonCode.SUCCESS ->
                    accepted.complete(answer);
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
