package io.sotto.conformance;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// A bystander who looks on all the while: again and again a message of its own has to go through
/// the broker promptly, and nothing else may reach it.
public final class Vigil implements AutoCloseable {
    private static final long REST_MILLIS = 100;

    private final Broker broker;
    private final CountDownLatch over = new CountDownLatch(1);
    private final CompletableFuture<Void> watch = new CompletableFuture<>();

    /// A vigil over a broker, from now on.
    public static Vigil over(Target target) {
        String prefix = Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
        return new Vigil(new Broker(target, Version.V5, "v" + prefix));
    }

    Vigil(Broker broker) {
        this.broker = broker;
        Bystander bystander = broker.bystander();
        Thread.startVirtualThread(() -> {
            try {
                do {
                    bystander.noticesNothing();
                } while (!over.await(REST_MILLIS, TimeUnit.MILLISECONDS));
                bystander.noticesNothing();
                watch.complete(null);
            } catch (Unexpected | InterruptedException e) {
                watch.completeExceptionally(e);
            }
        });
    }

    /// @throws Unexpected when the bystander noticed anything
    @Override
    public void close() {
        over.countDown();
        try {
            watch.join();
        } catch (CompletionException e) {
            throw new Unexpected("a bystander noticed: " + e.getCause());
        } finally {
            broker.close();
        }
    }
}
