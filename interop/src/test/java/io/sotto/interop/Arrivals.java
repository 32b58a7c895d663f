package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// What came to one client by itself, in order: messages, and the end of the connection.
final class Arrivals {
    private final LinkedBlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();

    void message(Message message) {
        messages.add(message);
    }

    void closed(int reason) {
        closed.complete(reason);
    }

    Message next() {
        return next(1).getFirst();
    }

    /// The next messages, as many as asked for; a failure shows how far it came.
    List<Message> next(int count) {
        List<Message> arrived = new ArrayList<>();
        try {
            while (arrived.size() < count) {
                Message message = messages.poll(Client.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                if (message == null) {
                    throw new AssertionError(
                            "only %d of %d messages came; the last ones: %s"
                                    .formatted(arrived.size(), count, tail(arrived)));
                }
                arrived.add(message);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new AssertionError(
                    "interrupted after %d of %d messages".formatted(arrived.size(), count));
        }
        return arrived;
    }

    /// As many messages as asked for, over several clients; what each of them got.
    static List<List<Message>> together(int count, Arrivals... clients) {
        List<List<Message>> parts =
                Stream.of(clients).<List<Message>>map(_ -> new ArrayList<>()).toList();
        long deadline = System.nanoTime() + Client.PATIENCE.toNanos();
        while (parts.stream().mapToInt(List::size).sum() < count) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "of %d messages came only %s"
                                .formatted(count, parts.stream().map(List::size).toList()));
            }
            for (int i = 0; i < clients.length; i++) {
                clients[i].messages.drainTo(parts.get(i));
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
        return parts;
    }

    List<String> nextPayloads(int count) {
        return next(count).stream().map(Message::payload).toList();
    }

    /// Holds that nothing arrives for a while. Where a later message can prove the same, that is
    /// both quicker and surer.
    void nothingFor(Duration time) {
        try {
            assertThat(messages.poll(time.toMillis(), TimeUnit.MILLISECONDS)).isNull();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Holds that the connection stands for a while.
    void staysOpenFor(Duration time) {
        try {
            int reason = closed.get(time.toMillis(), TimeUnit.MILLISECONDS);
            throw new AssertionError("the connection closed, reason " + reason);
        } catch (TimeoutException _) {
            // As it should.
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /// Waits for the end of the connection; its reason code, 0 where there is none.
    int awaitClosed() {
        try {
            return closed.get(Client.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            throw new AssertionError("the connection was not closed");
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Message> tail(List<Message> messages) {
        return messages.subList(Math.max(0, messages.size() - 5), messages.size());
    }
}
