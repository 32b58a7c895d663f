package io.sotto.cli.watch;

import io.sotto.cli.watch.Topics.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The topics with the most messages, below what the broker says of itself.
public final class TopText {
    private static final int NUMBERS = 34;

    private TopText() {}

    /// The lines.
    ///
    /// @param clients what is said of clients, above the topics
    /// @param rows so many at most
    public static List<String> lines(
            Topics topics, Figures figures, List<String> clients, int rows, int columns) {
        List<String> lines = new ArrayList<>();
        figures.lines().forEach(line -> lines.add(Shown.cut(line, columns)));
        clients.forEach(line -> lines.add(Shown.cut(line, columns)));
        lines.add(Shown.cut("seen    " + topics.summary(), columns));
        String heading = "%9s %11s %9s  %s".formatted("messages", "bytes", "count", "topic");
        lines.add(Shown.cut(heading, columns));
        for (Topic topic : topics.byRate()) {
            if (lines.size() >= rows) {
                break;
            }
            String name = Shown.printable(topic.name());
            String line =
                    String.format(
                            Locale.ROOT,
                            "%9s %11s %,9d  %s",
                            Shown.rate(topic.rate()),
                            topic.byteRate() == 0 ? "-" : Shown.bytes(topic.byteRate()) + "/s",
                            topic.count(),
                            Shown.cut(name, Math.max(8, columns - NUMBERS)));
            lines.add(Shown.cut(line, columns));
        }
        return lines;
    }
}
