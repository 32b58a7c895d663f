package io.sotto.cli;

import io.sotto.cli.bench.Load;
import io.sotto.mqtt.TopicName;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// What publishers of a measurement send.
final class BenchTraffic {
    @Option(
            names = "--rate",
            paramLabel = "PER_SECOND",
            defaultValue = "1000",
            converter = RateConverter.class,
            description =
                    "Messages a second of all publishers together; 1000 unless told otherwise. Or max:"
                            + " as many as --window lets through.")
    double rate;

    @Option(
            names = "--window",
            paramLabel = "MESSAGES",
            defaultValue = "1000",
            description =
                    "With --rate max: so many are published and have not arrived, at most; 1000 unless"
                            + " told otherwise.")
    int window;

    @Option(
            names = {"-s", "--size"},
            paramLabel = "BYTES",
            defaultValue = "64",
            description = "The size of a payload, from 28; 64 unless told otherwise.")
    int size;

    @Option(
            names = "--prefix",
            paramLabel = "TOPIC",
            defaultValue = "bench",
            description = "What topics begin with; bench unless told otherwise.")
    String prefix = "bench";

    @Mixin BenchTimes times = new BenchTimes();

    BenchTraffic() {}

    Load load(Load.Pattern pattern, int publishers, int subscribers) {
        // Apart from any other measurement on the same broker.
        String topic = "%s/%08x".formatted(prefix, ThreadLocalRandom.current().nextInt());
        TopicName.of(topic);
        return new Load(
                pattern,
                publishers,
                subscribers,
                times.qos,
                rate,
                window,
                size,
                topic,
                List.of(),
                times.times());
    }

    /// Reads a rate, or that there is none.
    static final class RateConverter implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            if (text.equals("max")) {
                return 0.0;
            }
            try {
                double rate = Double.parseDouble(text);
                if (rate > 0 && rate < 1e9) {
                    return rate;
                }
            } catch (NumberFormatException e) {
                // Said below.
            }
            throw new TypeConversionException("'" + text + "' is no rate above 0, nor max");
        }
    }
}
