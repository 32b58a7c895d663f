package io.sotto.cli.bench;

import io.sotto.mqtt.Packet;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.codec.Encoder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The bytes on their way to the broker: gathered, and written by whoever flushes, in one call.
final class Outbox {
    private static final int FIRST = 1024;

    /// Where it is written without being asked.
    private static final int FULL = 64 * 1024;

    private final ProtocolVersion version;
    private final OutputStream out;
    private final ReentrantLock lock = new ReentrantLock();
    private ByteBuffer gathered = ByteBuffer.allocate(FIRST);
    private volatile @Nullable String end;
    private volatile long lastWrite = Clock.now();

    Outbox(ProtocolVersion version, OutputStream out) {
        this.version = version;
        this.out = out;
    }

    ProtocolVersion version() {
        return version;
    }

    /// When the last write ended, by [Clock].
    long lastWrite() {
        return lastWrite;
    }

    /// Appends a packet.
    void put(Packet packet) throws IOException {
        put(Encoder.size(packet, version), to -> Encoder.write(packet, version, to));
    }

    /// Appends so many bytes.
    void put(int size, Consumer<ByteBuffer> bytes) throws IOException {
        lock.lock();
        try {
            if (gathered.position() > 0 && gathered.position() + size > FULL) {
                flush();
            }
            if (gathered.remaining() < size) {
                int wanted = Math.max(gathered.position() + size, 2 * gathered.capacity());
                gathered = ByteBuffer.allocate(wanted).put(gathered.flip());
            }
            bytes.accept(gathered);
        } finally {
            lock.unlock();
        }
    }

    /// Writes what has gathered.
    ///
    /// @throws IOException with a sentence, when the connection has ended
    @SuppressWarnings("ByteBufferBackingArray") // it is allocated here
    void flush() throws IOException {
        lock.lock();
        try {
            if (end != null) {
                throw new IOException(end);
            }
            if (gathered.position() > 0) {
                out.write(gathered.array(), 0, gathered.position());
                out.flush();
                gathered.clear();
                lastWrite = Clock.now();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Appends a packet and writes.
    void send(Packet packet) throws IOException {
        put(packet);
        flush();
    }

    /// Sends the last packet, unless somebody else is stuck writing for so long.
    boolean finish(Packet last, Duration bound) throws IOException, InterruptedException {
        if (!lock.tryLock(bound.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        try {
            send(last);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Nothing is written from here on.
    void end(String why) {
        end = why;
    }
}
