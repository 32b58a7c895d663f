package io.sotto.cli.bench;

import io.sotto.client.Wire;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.codec.Encoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The bytes on their way to the broker: gathered, and written by whoever flushes, in one call.
/// What has no room then stays here, and goes when there is.
///
/// What must be sent is always taken; who can wait looks at [#hasRoom] before.
final class Outbox {
    /// What goes with it is told when it could not all be written, and when it has been.
    interface Listener {
        void waits(boolean forRoom);
    }

    /// Writes one packet of a known size.
    interface Form {
        void write(ByteBuffer to);
    }

    private static final int FIRST = 1024;

    /// Beyond this, what can wait does.
    private static final int FULL = 64 * 1024;

    private final ProtocolVersion version;
    private final Wire wire;
    private final Listener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private ByteBuffer gathered = ByteBuffer.allocate(FIRST);
    private boolean waiting;
    private volatile int left;
    private volatile @Nullable String end;
    private volatile long lastWrite = Clock.now();

    Outbox(ProtocolVersion version, Wire wire, Listener listener) {
        this.version = version;
        this.wire = wire;
        this.listener = listener;
    }

    ProtocolVersion version() {
        return version;
    }

    /// When the last write ended, by [Clock].
    long lastWrite() {
        return lastWrite;
    }

    /// Whether little waits to be written.
    boolean hasRoom() {
        return left < FULL;
    }

    /// Appends a packet.
    void put(Packet packet) {
        put(Encoder.size(packet, version), to -> Encoder.write(packet, version, to));
    }

    /// Appends so many bytes.
    void put(int size, Form form) {
        lock.lock();
        try {
            if (gathered.remaining() < size) {
                int wanted = Math.max(gathered.position() + size, 2 * gathered.capacity());
                gathered = ByteBuffer.allocate(wanted).put(gathered.flip());
            }
            form.write(gathered);
            left = gathered.position();
        } finally {
            lock.unlock();
        }
    }

    /// Writes what has gathered, as far as there is room.
    ///
    /// @return whether that was all
    /// @throws IOException with a sentence, when the connection has ended
    boolean flush() throws IOException {
        lock.lock();
        try {
            if (end != null) {
                throw new IOException(end);
            }
            if (gathered.position() == 0 && !waiting) {
                return true;
            }
            gathered.flip();
            boolean all;
            try {
                all = wire.write(gathered);
            } finally {
                gathered.compact();
                left = gathered.position();
            }
            lastWrite = Clock.now();
            if (waiting == all) {
                waiting = !all;
                listener.waits(waiting);
            }
            return all;
        } finally {
            lock.unlock();
        }
    }

    /// Appends a packet and writes.
    ///
    /// @return whether all is written
    boolean send(Packet packet) throws IOException {
        put(packet);
        return flush();
    }

    /// Nothing is written from here on.
    void end(String why) {
        end = why;
    }
}
