package io.sotto.cli;

import io.sotto.client.Client;
import io.sotto.client.ClientException;
import io.sotto.client.ClientLimits;
import io.sotto.client.ClientOptions;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicName;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Publishes messages.
@Command(
        name = "pub",
        sortOptions = false,
        exitCodeOnInvalidInput = ClientCommand.FAILED,
        description = {
            "Publishes a message, or a message for each line of standard input.",
            "The options are those of mosquitto_pub."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:the broker has everything, as the quality of service promises",
            "1:something that was given is wrong, or the broker cannot be reached",
            "2 to 5, 128 to 162:the broker refused; the reason code"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sotto pub -t home/kitchen/temperature -m 21.5",
            "  sotto pub -h broker.lan -q 1 -r -t status -m online",
            "  tail -f log | sotto pub -t log -l            a message for each line",
            "  sotto pub -t camera/1 -f picture.jpg -D publish content-type image/jpeg",
            "  sotto pub -r -n -t status                    forgets what was retained",
            "  sotto pub -L mqtts://ada:secret@broker.lan/status -m on"
        })
final class Pub extends ClientCommand {
    /// How long to wait for an acknowledgement before looking whether there is a connection.
    private static final Duration STEP = Duration.ofMillis(100);

    /// How many messages may be open; the other identifiers are left to whatever else there is.
    private static final int MOST_INFLIGHT = 60_000;

    private final Streams streams;
    private final Deque<CompletableFuture<ReasonCode>> awaited = new ArrayDeque<>();
    private int worst = DONE;

    @Mixin MessageOptions message = new MessageOptions();

    @Option(
            names = {"-l", "--stdin-line"},
            description = "Each line of standard input is a message.")
    boolean perLine;

    @Option(
            names = "--repeat",
            paramLabel = "TIMES",
            defaultValue = "1",
            description = "Publishes the message so many times.")
    int repeat;

    @Option(
            names = "--repeat-delay",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "The time between two of them, such as 0.5.")
    double delay;

    @Option(
            names = {"-M", "--max-inflight"},
            paramLabel = "MESSAGES",
            defaultValue = "20",
            description =
                    "So many wait for an acknowledgement at most, 1 to 60000; 20 unless told"
                            + " otherwise.")
    int inflight;

    Pub(Streams streams) {
        super(ProtocolVersion.MQTT_3_1_1);
        this.streams = streams;
    }

    /// Where to, and with what beside the payload.
    private record Envelope(TopicName topic, PublishProperties properties) {}

    @Override
    int run() throws IOException {
        if (message.sources() + (perLine ? 1 : 0) != 1) {
            throw new IllegalArgumentException("one of -m, -f, -l, -n and -s says what to publish");
        }
        if (repeat < 1 || !(delay >= 0)) {
            throw new IllegalArgumentException("--repeat is above 0, --repeat-delay is not below");
        }
        if (inflight < 1 || inflight > MOST_INFLIGHT) {
            throw new IllegalArgumentException("-M is 1 to %,d".formatted(MOST_INFLIGHT));
        }
        String topic = message.topic != null ? message.topic : connect.topic();
        if (topic == null) {
            throw new IllegalArgumentException("a message needs a topic (-t)");
        }
        Envelope envelope =
                new Envelope(TopicName.of(topic), connect.properties.message("publish", null));
        @Nullable Payload payload = perLine ? null : message.payload(streams.in());
        return connected(
                limited(options()),
                client -> {
                    if (payload == null) {
                        publishLines(client, envelope);
                    } else {
                        publishAgain(client, envelope, payload);
                    }
                    settle(client, 0);
                    client.flush();
                    return worst;
                });
    }

    private ClientOptions limited(ClientOptions options) {
        int aliases = connect.properties.aliasesTopics() ? 1 : 0;
        return options.limits(ClientLimits.DEFAULT.inflight(inflight).topicAliases(aliases));
    }

    private void publishAgain(Client client, Envelope envelope, Payload payload) {
        for (int i = 0; i < repeat; i++) {
            if (i > 0 && delay > 0) {
                pause();
            }
            publish(client, envelope, payload);
        }
    }

    private void pause() {
        try {
            // Nobody counts it down: it is a wait that an interrupt ends.
            boolean _ = new CountDownLatch(1).await((long) (delay * 1e9), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalArgumentException("interrupted", e);
        }
    }

    /// Bytes and not characters: a line is whatever stands between two line ends.
    private void publishLines(Client client, Envelope envelope) throws IOException {
        InputStream in = new BufferedInputStream(streams.in());
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                publish(client, envelope, Payload.copyOf(line.toByteArray()));
                line.reset();
            } else {
                MessageOptions.requireFits(line.size() + 1, "a line of standard input");
                line.write(next);
            }
        }
        if (line.size() > 0) {
            publish(client, envelope, Payload.copyOf(line.toByteArray()));
        }
    }

    private void publish(Client client, Envelope envelope, Payload payload) {
        awaited.addLast(
                client.publishAsync(
                        envelope.topic, payload, message.qos, message.retain, envelope.properties));
        settle(client, 2 * inflight);
    }

    /// Waits until at most so many are on their way.
    private void settle(Client client, int open) {
        while (awaited.size() > open) {
            try {
                debug("published to the broker: " + outcome(client, awaited.removeFirst()));
            } catch (ClientException why) {
                failed(String.valueOf(why.getMessage()));
                worst = Math.max(worst, status(why.reason()));
            }
        }
    }

    /// What came of a message, however long that takes.
    private ReasonCode outcome(Client client, CompletableFuture<ReasonCode> message) {
        while (true) {
            try {
                return message.get(STEP.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException notYet) {
                watch(client);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof ClientException why) {
                    throw why;
                }
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalArgumentException("interrupted", e);
            }
        }
    }
}
