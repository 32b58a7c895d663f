package io.sotto.conformance;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Checks a running broker from the command line: `HOST PORT [--only ID-OR-NAME] [--login
/// USER:PASSWORD]... [--websocket PORT] [--page FILE]`.
public final class Main {
    private Main() {}

    /// Exits with 1 when a scenario failed, with 2 when the command line is wrong.
    public static void main(String[] arguments) throws IOException {
        Deque<String> words = new ArrayDeque<>(List.of(arguments));
        if (words.size() < 2) {
            System.err.println(
                    "usage: HOST PORT [--only ID-OR-NAME] [--login USER:PASSWORD]..."
                            + " [--websocket PORT] [--page FILE]");
            System.exit(2);
        }
        InetSocketAddress address =
                new InetSocketAddress(words.removeFirst(), Integer.parseInt(words.removeFirst()));
        Suite suite = Suite.all();
        List<Target.Login> logins = new ArrayList<>();
        InetSocketAddress webSocket = null;
        Path page = null;
        while (words.size() >= 2) {
            String option = words.removeFirst();
            String value = words.removeFirst();
            switch (option) {
                case "--only" -> suite = suite.only(value);
                case "--login" -> logins.add(login(value));
                case "--websocket" ->
                        webSocket =
                                new InetSocketAddress(
                                        address.getHostString(), Integer.parseInt(value));
                case "--page" -> page = Path.of(value);
                default -> {
                    System.err.println("unknown option " + option);
                    System.exit(2);
                }
            }
        }
        Report report = new Report(suite.run(new Target(address, logins, webSocket)));
        System.out.println(report.text());
        if (page != null) {
            Files.writeString(page, report.markdown());
        }
        System.exit(report.anyFailed() ? 1 : 0);
    }

    private static Target.Login login(String text) {
        int colon = text.indexOf(':');
        return colon < 0
                ? new Target.Login(text, "")
                : new Target.Login(text.substring(0, colon), text.substring(colon + 1));
    }
}
