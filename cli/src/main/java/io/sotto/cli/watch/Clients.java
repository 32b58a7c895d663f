package io.sotto.cli.watch;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The busiest clients of a broker, as it answers `clients`: how many there are, and then a line
/// for each with packets in, packets out and bytes of both, all a second, its id, user and address.
public final class Clients {
    private static final int WORDS = 6;
    private static final int NUMBERS = 34;

    private Clients() {}

    /// The lines of a picture.
    ///
    /// @param answer the broker's
    /// @param rows so many lines at most
    public static List<String> lines(List<String> answer, int rows, int columns) {
        List<String> lines = new ArrayList<>();
        lines.add(
                String.format(
                        Locale.ROOT,
                        "%9s %9s %11s   client, of %s",
                        "in",
                        "out",
                        "bytes",
                        Shown.printable(answer.isEmpty() ? "none" : answer.getFirst())));
        for (String line : answer.subList(Math.min(1, answer.size()), answer.size())) {
            String[] words = line.split(" ", -1);
            if (lines.size() < rows && words.length == WORDS) {
                lines.add(line(words, columns));
            }
        }
        return lines;
    }

    private static String line(String[] words, int columns) {
        String user = words[4].equals("-") ? "" : " as " + word(words[4]);
        String who = word(words[3]) + user + " from " + word(words[5]);
        double bytes = Double.parseDouble(words[2]);
        return String.format(
                Locale.ROOT,
                "%9s %9s %11s   %s",
                Shown.rate(Double.parseDouble(words[0])),
                Shown.rate(Double.parseDouble(words[1])),
                bytes == 0 ? "-" : Shown.bytes(bytes) + "/s",
                Shown.cut(who, Math.max(8, columns - NUMBERS)));
    }

    private static String word(String encoded) {
        return Shown.printable(URLDecoder.decode(encoded, StandardCharsets.UTF_8));
    }
}
