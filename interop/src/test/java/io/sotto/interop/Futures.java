package io.sotto.interop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;

/// Waiting for what the libraries of this JVM promise.
final class Futures {
    /// How many messages are under way at a time in a flood, as a careful client does it.
    static final int WINDOW = 20;

    private Futures() {}

    /// The value, or the library's own exception when it is unchecked.
    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(Client.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new AssertionError(e.getCause());
        } catch (TimeoutException _) {
            throw new AssertionError("no answer within " + Client.PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /// Sends in order, a window at a time, until all is acknowledged.
    static void flood(int count, IntFunction<CompletableFuture<?>> send) {
        Semaphore window = new Semaphore(WINDOW);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int i = 0; i < count; i++) {
            acquire(window, 1, failure);
            var _ =
                    send.apply(i)
                            .whenComplete((_, error) -> {
                                failure.compareAndSet(null, error);
                                window.release();
                            });
        }
        acquire(window, WINDOW, failure);
    }

    private static void acquire(Semaphore window, int permits, AtomicReference<Throwable> failure) {
        try {
            boolean acquired =
                    window.tryAcquire(permits, Client.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (!acquired || failure.get() != null) {
                throw new AssertionError("the flood came to a stop", failure.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
