package io.sotto.client;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// A bound for steps that wait for the server and know no time: what they wait on is closed.
final class Patience {
    private Patience() {}

    /// What waits, and fails when its connection is closed.
    @FunctionalInterface
    interface Step {
        void run() throws IOException;
    }

    /// Takes a step. The connection is closed when it fails, or takes longer than that.
    ///
    /// @param late what to say then
    static void bound(Closeable connection, Duration timeout, String late, Step step)
            throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        AtomicBoolean tooLate = new AtomicBoolean();
        Thread.ofVirtual().name("patience").start(() -> hangUp(connection, over, tooLate, timeout));
        try {
            step.run();
        } catch (IOException | RuntimeException failed) {
            connection.close();
            if (tooLate.get()) {
                throw new IOException(late, failed);
            }
            throw failed;
        } finally {
            over.countDown();
        }
    }

    private static void hangUp(
            Closeable connection, CountDownLatch over, AtomicBoolean tooLate, Duration timeout) {
        try {
            if (!over.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                tooLate.set(true);
                connection.close();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (IOException gone) {
            // It is gone either way.
        }
    }
}
