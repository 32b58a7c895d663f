package io.sotto.cli;

import static java.util.Objects.requireNonNull;

import io.sotto.cli.bench.Connections;
import io.sotto.cli.bench.Load;
import io.sotto.cli.bench.Load.Pattern;
import io.sotto.cli.bench.Report;
import io.sotto.cli.bench.Traffic;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.TopicFilter;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Measures a broker. Each of its commands is one pattern of traffic.
@Command(
        name = "bench",
        description = {
            "Measures a broker, of whatever make: rates, times, and whether every message arrived"
                    + " once and in order.",
            "Messages and connections have a time at which they are due, and everything is timed"
                    + " from then: a broker that stands still is seen in all that it held up."
        },
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:every message arrived once and in order, and nothing failed",
            "1:messages were missing, doubled, out of order or not acknowledged, or something failed",
            "2:the command line is wrong, or the broker cannot be reached"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sotto bench pair localhost:1883 -c 10 --rate 5000 -q 1",
            "  sotto bench fanout localhost:1883 --subscribers 100 --rate 100",
            "  sotto bench pair localhost:1883 -c 10 --rate max --window 1000",
            "  sotto bench conn localhost:1883 -c 50000 --bind 127.0.0.2,127.0.0.3",
            "  sotto bench pub wss://broker.lan/mqtt --cafile ca.pem --rate 100 --json"
        })
final class Bench {
    private static final int NOT_WELL = 1;
    private static final int USAGE = 2;

    Bench() {}

    /// The command with all of its own.
    static CommandLine command() {
        Crowd connections = Crowd.counted("connections", 1000);
        Crowd publishers = Crowd.counted("publishers", 1);
        Crowd pairs = Crowd.counted("pairs", 1);
        Crowd listeners = Crowd.counted("subscribers", 1);
        return new CommandLine(new Bench())
                .addSubcommand("conn", with(new Conn(connections), connections))
                .addSubcommand(
                        "pub",
                        with(new Messages(Pattern.PUB, publishers, Crowd.NOBODY), publishers))
                .addSubcommand("sub", with(new Sub(listeners), listeners))
                .addSubcommand("pair", with(new Messages(Pattern.PAIR, pairs, pairs), pairs))
                .addSubcommand(
                        "fanin",
                        between(
                                Pattern.FANIN,
                                Crowd.named("publishers", 10),
                                Crowd.named("subscribers", 1)))
                .addSubcommand(
                        "fanout",
                        between(
                                Pattern.FANOUT,
                                Crowd.named("publishers", 1),
                                Crowd.named("subscribers", 10)))
                .setOverwrittenOptionsAllowed(true)
                .setExpandAtFiles(false);
    }

    private static CommandLine between(Pattern pattern, Crowd publishers, Crowd subscribers) {
        Messages messages = new Messages(pattern, publishers, subscribers);
        return with(messages, publishers, subscribers);
    }

    private static CommandLine with(Measurement measurement, Crowd... crowds) {
        CommandLine command = new CommandLine(measurement);
        for (Crowd crowd : crowds) {
            command.getCommandSpec().addOption(requireNonNull(crowd.option()));
        }
        command.getCommandSpec().usageMessage().description(measurement.description());
        return command;
    }

    /// How many clients of one kind a command has, and the option that says so.
    ///
    /// @param option null for none of them
    record Crowd(@Nullable OptionSpec option) {
        static final Crowd NOBODY = new Crowd(null);

        /// Told by `-c`.
        static Crowd counted(String kind, int usual) {
            return of(kind, usual, "-c", "--count");
        }

        /// Told by the option of its own name.
        static Crowd named(String kind, int usual) {
            return of(kind, usual, "--" + kind);
        }

        private static Crowd of(String kind, int usual, String... names) {
            return new Crowd(
                    OptionSpec.builder(names)
                            .paramLabel(kind.toUpperCase(Locale.ROOT))
                            .type(int.class)
                            .defaultValue(Integer.toString(usual))
                            .description(
                                    "How many " + kind + "; " + usual + " unless told otherwise.")
                            .build());
        }

        int size() {
            return option == null ? 0 : option.<Integer>getValue();
        }
    }

    /// What all of them have.
    abstract static class Measurement implements Callable<Integer> {
        @Spec @Nullable CommandSpec spec;

        @Mixin BenchOptions target = new BenchOptions();

        @Option(names = "--help", usageHelp = true, description = "Shows this help.")
        boolean help;

        /// What `--help` says first.
        abstract String[] description();

        /// @throws IOException with a sentence, when a file is not what it should be
        abstract Report measure(PrintWriter err) throws IOException, InterruptedException;

        @Override
        public final Integer call() {
            CommandLine command = requireNonNull(spec).commandLine();
            try {
                Report report = measure(command.getErr());
                PrintWriter out = command.getOut();
                out.println(target.json ? report.json() : report.toString());
                out.flush();
                return report.isOk() ? 0 : report.isReached() ? NOT_WELL : USAGE;
            } catch (IllegalArgumentException e) {
                throw new ParameterException(command, String.valueOf(e.getMessage()), e);
            } catch (ProtocolException e) {
                throw new ParameterException(command, e.sentence(), e);
            } catch (IOException e) {
                command.getErr().println("sotto: " + e.getMessage());
                return USAGE;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return NOT_WELL;
            }
        }

        final Report run(Load load, PrintWriter err) throws IOException, InterruptedException {
            return new Traffic(
                            load,
                            target.clients(),
                            target.connectionRate,
                            target.loops(),
                            target.progress(err))
                    .run();
        }
    }

    /// Opens connections, and no more.
    @Command(sortOptions = false)
    static final class Conn extends Measurement {
        @Option(
                names = "--hold",
                paramLabel = "SECONDS",
                defaultValue = "0",
                description = "How long all stay; not at all unless told otherwise.")
        double hold;

        private final Crowd connections;

        Conn(Crowd connections) {
            this.connections = connections;
        }

        @Override
        String[] description() {
            return new String[] {
                "Opens connections at a rate (--conn-rate), holds them and closes them."
            };
        }

        @Override
        Report measure(PrintWriter err) throws IOException, InterruptedException {
            Duration held = BenchTimes.seconds(hold);
            return new Connections(connections.size(), target.connectionRate, target.loops(), held)
                    .run(target.clients());
        }
    }

    /// Listens to what others publish.
    @Command(sortOptions = false)
    static final class Sub extends Measurement {
        @Option(
                names = {"-t", "--topic"},
                paramLabel = "FILTER",
                required = true,
                description = "What each subscribes to. May be repeated.")
        List<String> topics = new ArrayList<>();

        @Mixin BenchTimes times = new BenchTimes();

        private final Crowd subscribers;

        Sub(Crowd subscribers) {
            this.subscribers = subscribers;
        }

        @Override
        String[] description() {
            return new String[] {
                "Subscribes to what others publish.",
                "Of messages of `sotto bench pub` it also sees what is missing between two of them,"
                        + " and their time, as far as both machines agree what time it is."
            };
        }

        @Override
        Report measure(PrintWriter err) throws IOException, InterruptedException {
            topics.forEach(TopicFilter::of);
            return run(times.listening(subscribers.size(), topics), err);
        }
    }

    /// Publishes, in one pattern.
    @Command(sortOptions = false)
    static final class Messages extends Measurement {
        @Mixin BenchTraffic traffic = new BenchTraffic();

        private final Pattern pattern;
        private final Crowd publishers;
        private final Crowd subscribers;

        Messages(Pattern pattern, Crowd publishers, Crowd subscribers) {
            this.pattern = pattern;
            this.publishers = publishers;
            this.subscribers = subscribers;
        }

        @Override
        String[] description() {
            return switch (pattern) {
                case PUB, SUB -> new String[] {"Publishes; nobody subscribes."};
                case PAIR ->
                        new String[] {
                            "Pairs of a publisher and a subscriber, each on a topic of its own."
                        };
                case FANIN ->
                        new String[] {
                            "Many publishers, and one subscriber who gets everything.",
                            "Several subscribers share it, by a shared subscription: that needs a"
                                    + " broker with shared subscriptions."
                        };
                case FANOUT -> new String[] {"Each message goes to every subscriber."};
            };
        }

        @Override
        Report measure(PrintWriter err) throws IOException, InterruptedException {
            return run(traffic.load(pattern, publishers.size(), subscribers.size()), err);
        }
    }
}
