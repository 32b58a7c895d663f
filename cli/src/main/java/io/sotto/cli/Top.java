package io.sotto.cli;

import io.sotto.cli.watch.Clients;
import io.sotto.cli.watch.Figures;
import io.sotto.cli.watch.TopText;
import io.sotto.cli.watch.Topics;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.TopicFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Shows the topics with the most messages, and the clients with the most packets.
@Command(
        name = "top",
        sortOptions = false,
        exitCodeOnInvalidInput = ClientCommand.FAILED,
        description = {
            "Shows the topics with the most messages, and what the broker says of itself below"
                    + " $SYS, until it is stopped.",
            "MQTT does not tell a subscriber who published. A Sotto on this machine does, to the"
                    + " user whose it is: with --data, its busiest clients are shown as well."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:the time of -W is over",
            "1:something that was given is wrong, or the broker cannot be reached",
            "2 to 5, 128 to 162:the broker refused; the reason code",
            "130:it was stopped with Ctrl-C"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sotto top",
            "  sotto top --data data                  clients, too",
            "  sotto top -t 'home/#'",
            "  sotto top --once -W 10 -n 5"
        })
final class Top extends Watch {
    private static final int HEADER = 4;

    private static final int MOST = 999;
    private static final int LONGEST = 99;
    private static final int PATIENCE = 10;

    private final Figures figures = new Figures();
    private final Control control;
    private @Nullable CompletableFuture<Answer> clients;

    @Option(
            names = {"-t", "--topic"},
            paramLabel = "FILTER",
            defaultValue = "#",
            description = "Which topics to look at; # unless told otherwise.")
    String topic = "#";

    @Option(
            names = "-n",
            paramLabel = "TOPICS",
            defaultValue = "20",
            description =
                    "So many topics and clients at most, up to 999; 20 unless told otherwise.")
    int most;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "The data folder of the broker, a Sotto on this machine: its clients are shown,"
                            + " too.")
    @Nullable Path data;

    /// What the broker answered, or why it did not.
    private record Answer(List<String> lines, String failure) {}

    Top(Streams streams, Control control) {
        super(streams);
        this.control = control;
    }

    @Override
    List<String> filters() {
        if (most < 1 || most > MOST) {
            throw new IllegalArgumentException("-n is 1 to 999");
        }
        TopicFilter.of(topic);
        return List.of(topic, "$SYS/broker/#");
    }

    @Override
    boolean takesAside(Publish message) {
        return figures.add(message);
    }

    @Override
    void begin(double span) {
        Path folder = data;
        if (folder != null) {
            long millis = Math.round(Math.min(span, LONGEST) * 1000);
            String command = "clients " + most + " " + millis;
            CompletableFuture<Answer> answer = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> ask(folder, command, answer));
            clients = answer;
        }
    }

    private void ask(Path folder, String command, CompletableFuture<Answer> answer) {
        try {
            answer.complete(new Answer(control.ask(folder, command), ""));
        } catch (IOException e) {
            answer.complete(new Answer(List.of(), String.valueOf(e.getMessage())));
        }
    }

    @Override
    List<String> picture(Topics seen, Terminal size) {
        int rows = Math.min(size.rows(), 2 * most + HEADER);
        List<String> busiest = clients(rows / 2, size.columns());
        int wanted = Math.min(rows, busiest.size() + most + HEADER);
        return TopText.lines(seen, figures, busiest, wanted, size.columns());
    }

    private List<String> clients(int rows, int columns) {
        CompletableFuture<Answer> asked = clients;
        if (asked == null) {
            return List.of();
        }
        try {
            Answer answer = asked.get(PATIENCE, TimeUnit.SECONDS);
            return answer.failure.isEmpty()
                    ? Clients.lines(answer.lines, rows, columns)
                    : List.of("clients of %s: %s".formatted(data, answer.failure));
        } catch (ExecutionException e) {
            throw new IllegalStateException("it is always answered", e);
        } catch (TimeoutException e) {
            return List.of("clients of %s: no answer".formatted(data));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }
}
