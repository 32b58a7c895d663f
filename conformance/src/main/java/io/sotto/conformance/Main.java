package io.sotto.conformance;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Checks a running broker from the command line: `HOST PORT [--only ID-OR-NAME] [--page FILE]`.
public final class Main {
    private Main() {}

    /// Exits with 1 when a scenario failed, with 2 when the command line is wrong.
    public static void main(String[] arguments) throws IOException {
        Deque<String> words = new ArrayDeque<>(List.of(arguments));
        if (words.size() < 2) {
            System.err.println("usage: HOST PORT [--only ID-OR-NAME] [--page FILE]");
            System.exit(2);
        }
        InetSocketAddress broker =
                new InetSocketAddress(words.removeFirst(), Integer.parseInt(words.removeFirst()));
        Suite suite = Suite.all();
        Path page = null;
        while (words.size() >= 2) {
            String option = words.removeFirst();
            String value = words.removeFirst();
            switch (option) {
                case "--only" -> suite = suite.only(value);
                case "--page" -> page = Path.of(value);
                default -> {
                    System.err.println("unknown option " + option);
                    System.exit(2);
                }
            }
        }
        Report report = new Report(suite.run(broker));
        System.out.println(report.text());
        if (page != null) {
            Files.writeString(page, report.markdown());
        }
        System.exit(report.anyFailed() ? 1 : 0);
    }
}
