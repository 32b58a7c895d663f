package io.sotto.cli.bench;

import io.sotto.client.Client;
import io.sotto.client.ClientException;
import io.sotto.client.ClientOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Clients that are connected at a rate, each at its time whether or not the earlier ones are
/// through.
final class Fleet implements AutoCloseable {
    private final AtomicReferenceArray<@Nullable Client> clients;
    private final Latency connecting = new Latency();
    private final Tally tally;
    private long began;
    private long ended;

    private Fleet(int size, Tally tally) {
        this.clients = new AtomicReferenceArray<>(size);
        this.tally = tally;
    }

    /// Connects so many, and waits until each is through or has failed, which the tally tells.
    ///
    /// @param rate connections a second
    static Fleet connect(int size, double rate, IntFunction<ClientOptions> options, Tally tally)
            throws InterruptedException {
        Fleet fleet = new Fleet(size, tally);
        CountDownLatch open = new CountDownLatch(size);
        fleet.began = Clock.now();
        for (int i = 0; i < size; i++) {
            int index = i;
            long due = fleet.began + (long) (i * 1e9 / rate);
            for (long left = due - Clock.now(); left > 0; left = due - Clock.now()) {
                LockSupport.parkNanos(left);
            }
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            fleet.connectOne(index, due, options);
                        } finally {
                            open.countDown();
                        }
                    });
        }
        open.await();
        fleet.ended = Clock.now();
        return fleet;
    }

    private void connectOne(int index, long due, IntFunction<ClientOptions> options) {
        try {
            Client client = Client.connect(options.apply(index));
            connecting.record(Clock.now() - due);
            clients.set(index, client);
        } catch (ClientException refused) {
            tally.failed("a connection: " + refused.getMessage());
        }
    }

    /// Those that are connected, in their order.
    List<Client> clients() {
        List<Client> all = new ArrayList<>();
        for (int i = 0; i < clients.length(); i++) {
            Client client = clients.get(i);
            if (client != null) {
                all.add(client);
            }
        }
        return all;
    }

    int size() {
        return clients.length();
    }

    /// From when a connection was due until CONNACK.
    Quantiles connecting() {
        return connecting.total();
    }

    /// Connections a second, over the time that all took.
    double achieved() {
        return clients().size() * 1e9 / Math.max(1, ended - began);
    }

    /// Notes those that the broker has dropped.
    void countLost() {
        long lost = clients().stream().filter(client -> !client.isConnected()).count();
        for (long i = 0; i < lost; i++) {
            tally.failed("a connection was lost");
        }
    }

    /// Says farewell for all at once.
    @Override
    public void close() {
        List<Client> all = clients();
        CountDownLatch closed = new CountDownLatch(all.size());
        for (Client client : all) {
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            client.close();
                        } finally {
                            closed.countDown();
                        }
                    });
        }
        try {
            closed.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
