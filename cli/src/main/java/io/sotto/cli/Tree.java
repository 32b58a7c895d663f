package io.sotto.cli;

import io.sotto.cli.watch.Topics;
import io.sotto.cli.watch.TreeText;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Shows the topics as a tree that is alive.
@Command(
        name = "tree",
        sortOptions = false,
        exitCodeOnInvalidInput = ClientCommand.FAILED,
        description = {
            "Shows the topics as a tree, each with its last value and its rate, until it is stopped.",
            "What does not fit onto the screen is folded. The options for the connection are those"
                    + " of `sotto sub`."
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
            "  sotto tree",
            "  sotto tree -h broker.lan -t 'home/#' --depth 3",
            "  sotto tree --once -W 5 > topics.txt"
        })
final class Tree extends Watch {
    @Option(
            names = {"-t", "--topic"},
            paramLabel = "FILTER",
            description = "What to look at; # unless told otherwise. May be repeated.")
    List<String> topics = new ArrayList<>();

    @Option(
            names = "--depth",
            paramLabel = "LEVELS",
            defaultValue = "128",
            description = "So many levels at most.")
    int depth;

    Tree(Streams streams) {
        super(streams);
    }

    @Override
    List<String> filters() {
        if (depth < 1) {
            throw new IllegalArgumentException("--depth is above 0");
        }
        topics.forEach(TopicFilter::of);
        return topics.isEmpty() ? List.of("#") : topics;
    }

    @Override
    boolean takesAside(Publish message) {
        return false;
    }

    @Override
    List<String> picture(Topics seen, Terminal size) {
        return TreeText.lines(seen, size.rows(), size.columns(), depth);
    }
}
