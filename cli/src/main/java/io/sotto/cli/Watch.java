package io.sotto.cli;

import io.sotto.cli.watch.Topics;
import io.sotto.client.Client;
import io.sotto.client.ClientException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.RetainHandling;
import io.sotto.mqtt.Subscribe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Option;

/// A command that looks at all that is published, and shows a picture of it again and again.
abstract class Watch extends ClientCommand {
    private static final int PLAIN_ROWS = 1_000_000;
    private static final int PLAIN_COLUMNS = 160;

    private final Streams streams;

    @Option(
            names = "--once",
            description =
                    "Listens for the time of -W and prints one picture; so it does, too, where the"
                            + " output is no terminal.")
    boolean once;

    @Option(
            names = "-W",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "Ends after this time; with --once 2 unless told otherwise.")
    double seconds;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "The time between two pictures, 0.1 to 60; 1 unless told otherwise.")
    double interval;

    @Option(
            names = "--max-topics",
            paramLabel = "TOPICS",
            defaultValue = "10000",
            description =
                    "So many topics are kept; messages on further ones are only counted. 10000"
                            + " unless told otherwise.")
    int mostTopics;

    @Option(
            names = "--max-bytes",
            paramLabel = "BYTES",
            defaultValue = "16000000",
            description = "So much memory do they take, roughly; 16000000 unless told otherwise.")
    long mostBytes;

    Watch(Streams streams) {
        super(ProtocolVersion.MQTT_3_1_1);
        this.streams = streams;
    }

    /// What to subscribe to. The first is needed, further ones may be refused.
    abstract List<String> filters();

    /// Takes a message that is no part of the picture's topics; whether it was one.
    abstract boolean takesAside(Publish message);

    abstract List<String> picture(Topics topics, Terminal size);

    /// The time that the next picture is of begins.
    ///
    /// @param span in seconds
    void begin(double span) {}

    @Override
    final int run() throws IOException {
        if (!(interval >= 0.1 && interval <= 60) || !(seconds >= 0 && seconds <= 1e6)) {
            throw new IllegalArgumentException("--interval is 0.1 to 60, -W is not below 0");
        }
        if (mostTopics < 1 || mostBytes < 1) {
            throw new IllegalArgumentException("--max-topics and --max-bytes are above 0");
        }
        boolean plain = once || !Terminal.isThere();
        List<Subscribe.Request> requests =
                filters().stream()
                        .map(filter ->
                                new Subscribe.Request(
                                        filter,
                                        QoS.AT_MOST_ONCE,
                                        false,
                                        false,
                                        RetainHandling.SEND))
                        .toList();
        return connected(
                options(),
                client -> {
                    var answer = client.subscribeAsync(0, requests);
                    return plain ? listenOnce(client, answer) : live(client, answer);
                });
    }

    /// Messages and the answer to SUBSCRIBE until a time, by `System.nanoTime()`.
    private void listen(
            Client client, Topics topics, CompletableFuture<List<ReasonCode>> answer, long until) {
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            Publish message = client.receive(Duration.ofNanos(left));
            if (message != null && !takesAside(message)) {
                topics.add(message);
            }
        }
        if (answer.isDone()) {
            requireGranted(answer);
        }
    }

    private void requireGranted(CompletableFuture<List<ReasonCode>> answer) {
        try {
            ReasonCode first = answer.join().getFirst();
            if (first.isFailure()) {
                throw new Refused(first);
            }
        } catch (CompletionException e) {
            if (e.getCause() instanceof ClientException why) {
                throw why;
            }
            throw e;
        }
    }

    /// The subscription that the picture is made of was refused.
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final ReasonCode reason;

        Refused(ReasonCode reason) {
            super(reason.toString());
            this.reason = reason;
        }
    }

    private int refused(Refused why) {
        failed(
                "the server refused the subscription to %s with %s"
                        .formatted(filters().getFirst(), why.reason));
        return status(why.reason);
    }

    private int listenOnce(Client client, CompletableFuture<List<ReasonCode>> answer)
            throws IOException {
        double time = seconds == 0 ? 2 : seconds;
        Topics topics = new Topics(mostTopics, mostBytes);
        begin(time);
        try {
            listen(client, topics, answer, System.nanoTime() + (long) (time * 1e9));
        } catch (Refused why) {
            return refused(why);
        }
        topics.tick(time);
        String text = String.join("\n", picture(topics, new Terminal(PLAIN_ROWS, PLAIN_COLUMNS)));
        streams.out().write((text + "\n").getBytes(StandardCharsets.UTF_8));
        streams.out().flush();
        return DONE;
    }

    private int live(Client client, CompletableFuture<List<ReasonCode>> answer) throws IOException {
        long nanos = (long) (interval * 1e9);
        long begun = System.nanoTime();
        Topics topics = new Topics(mostTopics, mostBytes);
        try (Screen screen = new Screen(streams.out())) {
            long last = begun;
            while (seconds == 0 || System.nanoTime() - begun < (long) (seconds * 1e9)) {
                begin(interval);
                listen(client, topics, answer, last + nanos);
                long now = System.nanoTime();
                topics.tick((now - last) / 1e9);
                last = now;
                screen.show(picture(topics, Terminal.size()));
            }
            return DONE;
        } catch (Refused why) {
            return refused(why);
        }
    }
}
