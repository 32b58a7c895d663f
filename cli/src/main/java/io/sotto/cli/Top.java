package io.sotto.cli;

import io.sotto.cli.watch.Figures;
import io.sotto.cli.watch.TopText;
import io.sotto.cli.watch.Topics;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.TopicFilter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Shows the topics with the most messages.
@Command(
        name = "top",
        sortOptions = false,
        exitCodeOnInvalidInput = ClientCommand.FAILED,
        description = {
            "Shows the topics with the most messages, and what the broker says of itself below $SYS,"
                    + " until it is stopped.",
            "Rates by client are not shown: MQTT does not tell a subscriber who published."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:the time of -W is over",
            "1:something that was given is wrong, or the broker cannot be reached",
            "2 to 5, 128 to 162:the broker refused; the reason code",
            "130:it was stopped with Ctrl-C"
        },
        footerHeading = "%nExamples:%n",
        footer = {"  sotto top", "  sotto top -t 'home/#'", "  sotto top --once -W 10 -n 5"})
final class Top extends Watch {
    private static final int HEADER = 4;

    private final Figures figures = new Figures();

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
            description = "So many topics at most; 20 unless told otherwise.")
    int most;

    Top(Streams streams) {
        super(streams);
    }

    @Override
    List<String> filters() {
        if (most < 1) {
            throw new IllegalArgumentException("-n is above 0");
        }
        TopicFilter.of(topic);
        return List.of(topic, "$SYS/broker/#");
    }

    @Override
    boolean takesAside(Publish message) {
        return figures.add(message);
    }

    @Override
    List<String> picture(Topics seen, Terminal size) {
        int rows = Math.min(size.rows(), most + HEADER);
        return TopText.lines(seen, figures, rows, size.columns());
    }
}
