package io.sotto.cli;

import io.sotto.client.Client;
import io.sotto.client.ClientException;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// The retained messages that the broker is to forget: it is told so at QoS 1, a few at a time, and
/// nothing here waits for an acknowledgement while messages may stand before it in the stream.
final class Removals {
    private static final int MOST_UNDER_WAY = 10;
    private static final Duration STEP = Duration.ofMillis(5);

    private final Deque<TopicName> waiting = new ArrayDeque<>();
    private final Deque<CompletableFuture<ReasonCode>> underWay = new ArrayDeque<>();
    private @Nullable Failure failure;

    /// Why a message is still retained.
    record Failure(String sentence, ReasonCode reason) {}

    Removals() {}

    void add(TopicName topic) {
        waiting.addLast(topic);
    }

    boolean isDone() {
        return waiting.isEmpty() && underWay.isEmpty();
    }

    /// The first of those that the broker did not forget, or null.
    @Nullable Failure failure() {
        return failure;
    }

    /// Takes note of what was acknowledged, and asks for more.
    void go(Client client) {
        while (!underWay.isEmpty() && underWay.getFirst().isDone()) {
            settle(underWay.removeFirst());
        }
        ConnAck.Properties server = client.connAck().properties();
        int most = Math.min(MOST_UNDER_WAY, server.receiveMaximum());
        boolean sure = server.maximumQoS() != QoS.AT_MOST_ONCE;
        while (!waiting.isEmpty() && underWay.size() < most && client.isConnected()) {
            underWay.addLast(
                    client.publishAsync(
                            waiting.removeFirst(),
                            Payload.EMPTY,
                            sure ? QoS.AT_LEAST_ONCE : QoS.AT_MOST_ONCE,
                            true,
                            PublishProperties.NONE));
        }
    }

    private void settle(CompletableFuture<ReasonCode> removal) {
        try {
            removal.join();
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof ClientException why)) {
                throw e;
            }
            note(why);
        }
    }

    private void note(ClientException why) {
        if (failure == null) {
            failure = new Failure(String.valueOf(why.getMessage()), why.reason());
        }
    }

    /// Goes on until all is done. What comes meanwhile is let go of unacknowledged, since the
    /// acknowledgements stand behind it.
    void await(Client client, Duration patience) {
        Deadline deadline = Deadline.in((int) patience.toSeconds());
        try {
            for (go(client); !isDone() && !deadline.isOver(); go(client)) {
                var _ = client.next(STEP);
            }
        } catch (ClientException gone) {
            note(gone);
            return;
        }
        if (!isDone() && failure == null) {
            failure = new Failure("no answer in time", ReasonCode.UNSPECIFIED_ERROR);
        }
    }
}
