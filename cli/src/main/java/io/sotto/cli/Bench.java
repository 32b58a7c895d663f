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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
        return new CommandLine(new Bench())
                .addSubcommand(new Conn())
                .addSubcommand(new Pub())
                .addSubcommand(new Sub())
                .addSubcommand(new Pair())
                .addSubcommand(new Fanin())
                .addSubcommand(new Fanout())
                .setOverwrittenOptionsAllowed(true)
                .setExpandAtFiles(false);
    }

    /// What all of them have.
    abstract static class Measurement implements Callable<Integer> {
        @Spec @Nullable CommandSpec spec;

        @Mixin BenchOptions target = new BenchOptions();

        @Option(names = "--help", usageHelp = true, description = "Shows this help.")
        boolean help;

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
            return new Traffic(load, target.clients(), target.connectionRate, target.progress(err))
                    .run();
        }
    }

    @Command(
            name = "conn",
            sortOptions = false,
            description = "Opens connections at a rate (--conn-rate), holds them and closes them.")
    static final class Conn extends Measurement {
        @Option(
                names = {"-c", "--count"},
                paramLabel = "CONNECTIONS",
                defaultValue = "1000",
                description = "How many; 1000 unless told otherwise.")
        int count;

        @Option(
                names = "--hold",
                paramLabel = "SECONDS",
                defaultValue = "0",
                description = "How long all stay; not at all unless told otherwise.")
        double hold;

        Conn() {}

        @Override
        Report measure(PrintWriter err) throws IOException, InterruptedException {
            return new Connections(count, target.connectionRate, BenchTimes.seconds(hold))
                    .run(target.clients());
        }
    }

    @Command(name = "pub", sortOptions = false, description = "Publishes; nobody subscribes.")
    static final class Pub extends Measurement {
        @Option(
                names = {"-c", "--count"},
                paramLabel = "PUBLISHERS",
                defaultValue = "1",
                description = "How many publishers; 1 unless told otherwise.")
        int count;

        @Mixin BenchTraffic traffic = new BenchTraffic();

        Pub() {}

        @Override
        Report measure(PrintWriter err) throws IOException, InterruptedException {
            return run(traffic.load(Pattern.PUB, count, 0), err);
        }
    }

    @Command(
            name = "sub",
            sortOptions = false,
            description = {
                "Subscribes to what others publish.",
                "Of messages of `sotto bench pub` it also sees what is missing between two of them,"
                        + " and their time, as far as both machines agree what time it is."
            })
    static final class Sub extends Measurement {
        @Option(
                names = {"-c", "--count"},
                paramLabel = "SUBSCRIBERS",
                defaultValue = "1",
                description = "How many subscribers; 1 unless told otherwise.")
        int count;

        @Option(
                names = {"-t", "--topic"},
                paramLabel = "FILTER",
                required = true,
                description = "What each subscribes to. May be repeated.")
        List<String> topics = new ArrayList<>();

        @Mixin BenchTimes times = new BenchTimes();

        Sub() {}

        @Override
        Report measure(PrintWriter err) throws IOException, InterruptedException {
            topics.forEach(TopicFilter::of);
            return run(times.listening(count, topics), err);
        }
    }

    @Command(
            name = "pair",
            sortOptions = false,
            description = "Pairs of a publisher and a subscriber, each on a topic of its own.")
    static final class Pair extends Measurement {
        @Option(
                names = {"-c", "--count"},
                paramLabel = "PAIRS",
                defaultValue = "1",
                description = "How many pairs; 1 unless told otherwise.")
        int count;

        @Mixin BenchTraffic traffic = new BenchTraffic();

        Pair() {}

        @Override
        Report measure(PrintWriter err) throws IOException, InterruptedException {
            return run(traffic.load(Pattern.PAIR, count, count), err);
        }
    }

    @Command(
            name = "fanin",
            sortOptions = false,
            description = {
                "Many publishers, and one subscriber who gets everything.",
                "Several subscribers share it, by a shared subscription: that needs a broker with"
                        + " shared subscriptions."
            })
    static final class Fanin extends Measurement {
        @Option(
                names = "--publishers",
                defaultValue = "10",
                description = "10 unless told otherwise.")
        int publishers;

        @Option(
                names = "--subscribers",
                defaultValue = "1",
                description = "1 unless told otherwise.")
        int subscribers;

        @Mixin BenchTraffic traffic = new BenchTraffic();

        Fanin() {}

        @Override
        Report measure(PrintWriter err) throws IOException, InterruptedException {
            return run(traffic.load(Pattern.FANIN, publishers, subscribers), err);
        }
    }

    @Command(
            name = "fanout",
            sortOptions = false,
            description = "Each message goes to every subscriber.")
    static final class Fanout extends Measurement {
        @Option(
                names = "--publishers",
                defaultValue = "1",
                description = "1 unless told otherwise.")
        int publishers;

        @Option(
                names = "--subscribers",
                defaultValue = "10",
                description = "10 unless told otherwise.")
        int subscribers;

        @Mixin BenchTraffic traffic = new BenchTraffic();

        Fanout() {}

        @Override
        Report measure(PrintWriter err) throws IOException, InterruptedException {
            return run(traffic.load(Pattern.FANOUT, publishers, subscribers), err);
        }
    }
}
