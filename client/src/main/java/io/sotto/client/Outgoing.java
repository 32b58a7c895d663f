package io.sotto.client;

import io.sotto.mqtt.Packet;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.codec.Encoder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The bytes on their way to the server: packets are appended by any thread and written by one, all
/// that has gathered at a time.
final class Outgoing {
    /// Where publishers begin to wait.
    private static final int HIGH = 256 * 1024;

    /// Beyond this the server does not read what it asked for, such as acknowledgements.
    private static final int LIMIT = 64 * 1024 * 1024;

    private static final int FIRST = 4 * 1024;

    /// What is written at a time, so that it shows whether the server still takes something.
    private static final int PIECE = 64 * 1024;

    private final ProtocolVersion version;
    private final Runnable drained;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition progress = lock.newCondition();
    private final CountDownLatch finished = new CountDownLatch(1);
    private ByteBuffer gathering = ByteBuffer.allocate(FIRST);
    private ByteBuffer spare = ByteBuffer.allocate(FIRST);
    private boolean ending;
    private boolean writing;
    private volatile int waiting;
    private volatile long lastWrite = System.nanoTime();

    /// @param drained called when publishers that found no room may look again
    Outgoing(ProtocolVersion version, Runnable drained) {
        this.version = version;
        this.drained = drained;
    }

    /// Appends a packet; nothing after the end [MQTT-3.14.4-1].
    ///
    /// @throws ClientException when far too much waits already
    void put(Packet packet) {
        int size = Encoder.size(packet, version);
        lock.lock();
        try {
            if (ending) {
                return;
            }
            if ((long) gathering.position() + size > LIMIT && gathering.position() > 0) {
                throw ClientException.of("the server does not read what it is sent", null);
            }
            room(size);
            Encoder.write(packet, version, gathering);
            waiting = gathering.position();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void room(int size) {
        if (gathering.remaining() < size) {
            int wanted = Math.max(gathering.position() + size, 2 * gathering.capacity());
            gathering = ByteBuffer.allocate(wanted).put(gathering.flip());
        }
    }

    /// Whether little enough waits to be written.
    boolean hasRoom() {
        return waiting < HIGH;
    }

    /// When the last write ended, by `System.nanoTime()`.
    long lastWrite() {
        return lastWrite;
    }

    /// Lets the writer end when everything is written.
    void end() {
        lock.lock();
        try {
            ending = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Waits for the writer, after [#end].
    void awaitEnd(Duration bound) throws InterruptedException {
        finished.await(bound.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Waits until all that was appended is written. False when the writer ended before, or has
    /// written nothing for so long.
    boolean awaitWritten(Duration silence) throws InterruptedException {
        long begun = System.nanoTime();
        lock.lock();
        try {
            while (isUnwritten() && finished.getCount() > 0) {
                long now = System.nanoTime();
                long left = silence.toNanos() - Math.min(now - begun, now - lastWrite);
                if (left <= 0) {
                    return false;
                }
                progress.awaitNanos(left);
            }
            return !isUnwritten();
        } finally {
            lock.unlock();
        }
    }

    private boolean isUnwritten() {
        return writing || gathering.position() > 0;
    }

    /// The writer's whole work.
    @SuppressWarnings("ByteBufferBackingArray") // both buffers are allocated here
    void writeTo(OutputStream out) throws IOException, InterruptedException {
        try {
            for (ByteBuffer ready = next(); ready.hasRemaining(); ready = next()) {
                for (int from = 0; from < ready.limit(); from += PIECE) {
                    out.write(ready.array(), from, Math.min(PIECE, ready.limit() - from));
                    lastWrite = System.nanoTime();
                }
                out.flush();
                lastWrite = System.nanoTime();
                recycle(ready);
            }
        } finally {
            finished.countDown();
            wakeThoseWhoAwaitIt();
        }
    }

    private void wakeThoseWhoAwaitIt() {
        lock.lock();
        try {
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// What has gathered; empty at the end.
    private ByteBuffer next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (gathering.position() == 0 && !ending) {
                changed.await();
            }
            ByteBuffer ready = gathering.flip();
            gathering = spare;
            writing = ready.hasRemaining();
            return ready;
        } finally {
            lock.unlock();
        }
    }

    private void recycle(ByteBuffer written) {
        boolean wasFull = written.limit() >= HIGH;
        lock.lock();
        try {
            // A large one is let go of, or every connection would keep its largest message.
            spare = written.capacity() <= HIGH ? written.clear() : ByteBuffer.allocate(FIRST);
            waiting = gathering.position();
            wasFull |= waiting >= HIGH;
            writing = false;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
        if (wasFull) {
            drained.run();
        }
    }
}
