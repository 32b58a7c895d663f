package io.sotto.cli;

import io.sotto.cli.bench.Load;
import io.sotto.mqtt.QoS;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/// How long a measurement with messages takes, and at which quality of service.
final class BenchTimes {
    private static final double LONGEST = 1_000_000;
    private static final int SMALLEST_PAYLOAD = 28;

    @Option(
            names = {"-q", "--qos"},
            paramLabel = "QOS",
            defaultValue = "0",
            converter = QoSConverter.class,
            description = "The quality of service: 0, 1 or 2; 0 unless told otherwise.")
    QoS qos = QoS.AT_MOST_ONCE;

    @Option(
            names = {"-d", "--duration"},
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "The time that counts; 10 unless told otherwise.")
    double duration;

    @Option(
            names = "--warmup",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description =
                    "Messages before that are checked and not measured; 2 unless told otherwise.")
    double warmup;

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description =
                    "Without an arrival for so long, what is missing is given up; 5 unless told"
                            + " otherwise.")
    double drain;

    BenchTimes() {}

    Load.Times times() {
        if (!(duration > 0)) {
            throw new IllegalArgumentException("-d is above 0");
        }
        return new Load.Times(seconds(warmup), seconds(duration), seconds(drain));
    }

    /// Subscribers alone.
    Load listening(int subscribers, List<String> filters) {
        return new Load(
                Load.Pattern.SUB,
                0,
                subscribers,
                qos,
                0,
                1,
                SMALLEST_PAYLOAD,
                "",
                filters,
                times());
    }

    static Duration seconds(double value) {
        if (!(value >= 0 && value <= LONGEST)) {
            throw new IllegalArgumentException("a time is 0 to 1,000,000 s, not " + value);
        }
        return Duration.ofNanos((long) (value * 1e9));
    }
}
