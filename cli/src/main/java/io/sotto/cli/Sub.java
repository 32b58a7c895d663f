package io.sotto.cli;

import io.sotto.cli.OutputOptions.Printer;
import io.sotto.client.Client;
import io.sotto.client.ClientException;
import io.sotto.client.ClientLimits;
import io.sotto.client.Received;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.RetainHandling;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.TopicFilter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Prints the messages of subscriptions.
@Command(
        name = "sub",
        sortOptions = false,
        exitCodeOnInvalidInput = ClientCommand.FAILED,
        description = {
            "Subscribes and prints what comes, a message a line, until it is stopped.",
            "A connection that is lost is made again. The options are those of mosquitto_sub."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:it got what it was told to wait for (-C, -E, --retained-only)",
            "1:something that was given is wrong, or the broker cannot be reached",
            "27:the time of -W is over",
            "2 to 5, 128 to 162:the broker refused; the reason code"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sotto sub -v -t 'home/+/temperature'",
            "  sotto sub -t status -C 1 -W 5                   one, or status 27",
            "  sotto sub -t 'home/#' -F '@H:@M:@S %%t %%q %%p'",
            "  sotto sub -V 5 -t 'home/#' -F %%j | jq .payload",
            "  sotto sub -c -i logger -q 1 -t 'log/#'          misses nothing",
            "  sotto sub -t '$share/workers/jobs' -q 1         shares the work with others",
            "  sotto sub -t 'home/#' --retained-only --remove-retained -W 2"
        })
final class Sub extends ClientCommand {
    /// How long to wait for a message before looking whether the subscriptions are made.
    private static final Duration ANSWER_STEP = Duration.ofMillis(5);

    /// How long the last removals may take.
    private static final Duration REMOVAL = Duration.ofSeconds(10);

    private final Streams streams;
    private final Removals removals = new Removals();

    @Option(
            names = {"-t", "--topic"},
            paramLabel = "FILTER",
            description = "What to subscribe to. May be repeated.")
    List<String> topics = new ArrayList<>();

    @Option(
            names = {"-U", "--unsubscribe"},
            paramLabel = "FILTER",
            description = "A subscription of a kept session (-c) to be ended. May be repeated.")
    List<String> left = new ArrayList<>();

    @Option(
            names = {"-q", "--qos"},
            paramLabel = "QOS",
            defaultValue = "0",
            converter = QoSConverter.class,
            description =
                    "The highest quality of service wanted: 0, 1 or 2; 0 unless told otherwise.")
    QoS qos = QoS.AT_MOST_ONCE;

    @Option(
            names = "-C",
            paramLabel = "MESSAGES",
            description = "Ends when so many have been printed.")
    @Nullable Integer count;

    @Option(names = "-W", paramLabel = "SECONDS", description = "Ends after this time, with 27.")
    @Nullable Integer seconds;

    @Option(names = "-E", description = "Ends when the subscriptions are made.")
    boolean subscribeOnly;

    @Option(
            names = "--retain-as-published",
            description = "Messages keep the retain flag that they were published with; 5.0.")
    boolean asPublished;

    @Mixin FilterOptions filters = new FilterOptions();

    @Mixin OutputOptions output = new OutputOptions();

    Sub(Streams streams) {
        super(ProtocolVersion.MQTT_3_1_1);
        this.streams = streams;
    }

    @Override
    int run() throws IOException {
        List<String> wanted = new ArrayList<>(topics);
        String byUrl = connect.topic();
        if (byUrl != null) {
            wanted.add(byUrl);
        }
        check(wanted);
        Printer printer = output.settle(streams.out(), version().hasProperties());
        Subscriptions subscriptions =
                new Subscriptions(connect.properties.subscriptionIdentifier(), requests(wanted));
        // What comes before the answer, such as the queue of a session, is not taken with -E.
        int most = Integer.MAX_VALUE;
        ClientLimits usual = ClientLimits.DEFAULT;
        ClientLimits limits = subscribeOnly ? usual.inbound(most, most) : usual;
        return connected(
                options().limits(limits),
                client ->
                        subscribeOnly
                                ? subscribe(client, subscriptions)
                                : listenAndRemove(client, subscriptions, printer));
    }

    private record Subscriptions(int identifier, List<Subscribe.Request> requests) {}

    private void check(List<String> wanted) {
        if (wanted.isEmpty() && left.isEmpty()) {
            throw new IllegalArgumentException("there is nothing to subscribe to (-t)");
        }
        if (count != null && count < 1 || seconds != null && seconds < 1) {
            throw new IllegalArgumentException("-C and -W are above 0");
        }
        wanted.forEach(TopicFilter::of);
        left.forEach(TopicFilter::of);
        filters.check();
    }

    private List<Subscribe.Request> requests(List<String> wanted) {
        boolean kept = asPublished && version().hasProperties();
        return wanted.stream()
                .map(filter -> new Subscribe.Request(filter, qos, false, kept, RetainHandling.SEND))
                .toList();
    }

    private int subscribe(Client client, Subscriptions wanted) {
        return settled(
                client,
                wanted,
                wanted.requests.isEmpty()
                        ? List.of()
                        : client.subscribe(wanted.identifier, wanted.requests));
    }

    /// Judges the answer and ends what is not wanted any more. A refusal counts when nothing was
    /// granted.
    private int settled(Client client, Subscriptions wanted, List<ReasonCode> codes) {
        int status = DONE;
        boolean granted = codes.isEmpty();
        for (int i = 0; i < codes.size(); i++) {
            ReasonCode code = codes.get(i);
            String filter = wanted.requests.get(i).filter();
            if (code.isFailure()) {
                failed("the server refused the subscription to " + filter + " with " + code);
                status = Math.max(status, status(code));
            } else {
                debug("subscribed to " + filter + ": " + code);
                granted = true;
            }
        }
        for (String filter : left) {
            debug("unsubscribed from " + filter + ": " + client.unsubscribe(filter));
        }
        return granted ? DONE : status;
    }

    private int listenAndRemove(Client client, Subscriptions wanted, Printer printer)
            throws IOException {
        int status = listen(client, wanted, printer);
        int removed = removed(client);
        return status == DONE ? removed : status;
    }

    /// Subscribes and takes what comes, also before the answer, which may stand behind a long
    /// queue.
    private int listen(Client client, Subscriptions wanted, Printer printer) throws IOException {
        Deadline deadline = Deadline.in(seconds);
        @Nullable Pending pending = ask(client, wanted);
        int open = count == null ? Integer.MAX_VALUE : count;
        while (open > 0) {
            if (deadline.isOver()) {
                failed("timed out");
                return TIMED_OUT;
            }
            boolean waits = pending != null || !removals.isDone();
            Received received = client.next(waits ? ANSWER_STEP : deadline.step());
            if (pending != null && pending.answer.isDone()) {
                int refused = settled(client, wanted, pending.codes());
                if (refused != DONE) {
                    return refused;
                }
                pending = null;
            }
            removals.go(client);
            if (received == null) {
                watch(client);
            } else if (filters.endsWith(received.message())) {
                return DONE;
            } else if (take(received, printer) && count != null) {
                open--;
            }
        }
        return DONE;
    }

    /// The answer to SUBSCRIBE, on its way.
    private record Pending(CompletableFuture<List<ReasonCode>> answer) {
        List<ReasonCode> codes() {
            try {
                return answer.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof ClientException why) {
                    throw why;
                }
                throw e;
            }
        }
    }

    private static Pending ask(Client client, Subscriptions wanted) {
        return new Pending(
                wanted.requests.isEmpty()
                        ? CompletableFuture.completedFuture(List.of())
                        : client.subscribeAsync(wanted.identifier, wanted.requests));
    }

    /// Does with a message what the filters say; whether it was printed. The broker is told that it
    /// was taken when it is written out, and not when nobody could read it.
    private boolean take(Received received, Printer printer) throws IOException {
        Publish message = received.message();
        boolean printed = false;
        if (!filters.isOut(message)) {
            if (filters.remove && message.retain()) {
                removals.add(message.topic());
            }
            printed = filters.prints(message, ThreadLocalRandom.current());
            if (printed) {
                print(message, printer);
            }
        }
        received.acknowledge();
        return printed;
    }

    private void print(Publish message, Printer printer) throws IOException {
        try {
            printer.print(message);
        } catch (PayloadView.Unreadable e) {
            failed(String.valueOf(e.getMessage()));
        }
    }

    /// Waits until the broker has forgotten what it was to forget, whatever else comes.
    private int removed(Client client) {
        removals.await(client, REMOVAL);
        Removals.Failure failure = removals.failure();
        if (failure == null) {
            return DONE;
        }
        failed("not every retained message is removed: " + failure.sentence());
        return status(failure.reason());
    }
}
