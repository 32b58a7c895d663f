package io.sotto.conformance.hostile;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Measures what a bystander feels of each [Flood]: `HOST PORT [SECONDS [FLOOD...]]`, 10 and all of
/// them by default.
///
/// A flood comes from a process that runs when nobody else wants the processor, since those of an
/// attacker would not take the broker's; before each one it is quiet for as long, and the ratio is
/// that of the two. A first round of all floods counts for nothing: in it the broker compiles what
/// it meets for the first time.
public final class Floods {
    private static final int WARMUP = 3;

    private Floods() {}

    public static void main(String[] arguments) throws IOException {
        InetSocketAddress broker =
                new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
        int seconds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10;
        List<Flood> floods = floods(Arrays.stream(arguments).skip(3).toList());
        System.out.println(
                "| flood | did per second | median µs | p99 µs | most µs | p99 / quiet |");
        System.out.println("| --- | --- | --- | --- | --- | --- |");
        try (Latency bystander = new Latency(broker)) {
            for (Flood flood : floods) {
                Process process = start(flood, broker, WARMUP);
                bystander.measure(WARMUP);
                did(flood, process, WARMUP);
            }
            for (Flood flood : floods) {
                Latency.Figures quiet = bystander.measure(seconds);
                Process process = start(flood, broker, seconds + 1);
                Latency.Figures during = bystander.measure(seconds);
                String name = flood.name().toLowerCase(Locale.ROOT).replace('_', ' ');
                System.out.println(quiet.row("quiet", "–", quiet));
                System.out.println(during.row(name, did(flood, process, seconds + 1), quiet));
            }
        }
    }

    private static List<Flood> floods(List<String> names) {
        return names.isEmpty()
                ? List.of(Flood.values())
                : names.stream().map(name -> Flood.valueOf(name.toUpperCase(Locale.ROOT))).toList();
    }

    private static Process start(Flood flood, InetSocketAddress broker, int seconds)
            throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        List.of(
                                "chrt",
                                "--idle",
                                "0",
                                java,
                                "-XX:+UseSerialGC",
                                "-Xmx64m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Flood.class.getName(),
                                flood.name(),
                                broker.getHostString(),
                                Integer.toString(broker.getPort()),
                                Integer.toString(seconds)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String did(Flood flood, Process process, int seconds) throws IOException {
        String count = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (count.isBlank()) {
            return "the flood broke off";
        }
        return String.format(
                Locale.ROOT, "%,d %s", Long.parseLong(count.strip()) / seconds, flood.unit());
    }
}
