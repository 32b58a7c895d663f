package io.sotto.cli;

import io.sotto.mqtt.Publish;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// How messages are printed.
final class OutputOptions {
    @Option(
            names = {"-v", "--verbose"},
            description = "Prints the topic before the payload.")
    boolean verbose;

    @Option(
            names = {"-F", "--format"},
            paramLabel = "FORMAT",
            description =
                    "Prints as this says: %%t topic, %%p payload, %%x in hex, %%q QoS, %%r retained,"
                            + " %%l length, %%m packet identifier, %%j as JSON, %%J with the payload as"
                            + " JSON, %%I and %%U time, @H:@M:@S and the like, \\n; the properties"
                            + " %%A %%C %%D %%E %%F %%P %%R %%S; all in docs/cli.md.")
    @Nullable String format;

    @Option(names = "-N", description = "Ends no message with a line end.")
    boolean bare;

    @Option(
            names = "--view",
            paramLabel = "VIEW",
            defaultValue = "raw",
            converter = ViewConverter.class,
            description =
                    "What payloads are shown as: raw (as they are, unless told otherwise), hex,"
                            + " base64, json, or cbor, which is written as JSON.")
    PayloadView view = PayloadView.RAW;

    @Option(names = "--pretty", description = "JSON takes several lines.")
    boolean pretty;

    OutputOptions() {}

    /// What the options come to.
    ///
    /// @param properties whether the version in use has properties
    Printer settle(OutputStream out, boolean properties) {
        OutputFormat parsed = format == null ? null : OutputFormat.parse(format, view, pretty);
        return new Printer(parsed, shown(), !bare, properties, out);
    }

    private Shown shown() {
        return new Shown(verbose, view, pretty);
    }

    /// What is printed where no format says it.
    ///
    /// @param verbose whether the topic stands before the payload
    record Shown(boolean verbose, PayloadView view, boolean pretty) {}

    /// Reads the name of a view.
    static final class ViewConverter implements ITypeConverter<PayloadView> {
        @Override
        public PayloadView convert(String text) {
            for (PayloadView view : PayloadView.values()) {
                if (view.name().toLowerCase(Locale.ROOT).equals(text)) {
                    return view;
                }
            }
            throw new TypeConversionException(
                    "'" + text + "' is none of raw, hex, base64, json and cbor");
        }
    }

    /// Prints messages one by one; each is through when the next is asked for.
    record Printer(
            @Nullable OutputFormat format,
            Shown shown,
            boolean lines,
            boolean properties,
            OutputStream out) {

        /// Prints a message.
        ///
        /// @throws IOException when nobody reads any more
        /// @throws PayloadView.Unreadable when it is not what it should be; an empty line is
        ///   printed
        void print(Publish message) throws IOException {
            try {
                write(message);
            } finally {
                out.flush();
            }
        }

        private void write(Publish message) throws IOException {
            if (format != null) {
                ZonedDateTime now = ZonedDateTime.now(ZoneId.systemDefault());
                try {
                    out.write(format.apply(new Arrival(message, now, properties)));
                } finally {
                    end();
                }
                return;
            }
            boolean empty = message.payload().isEmpty();
            if (shown.verbose) {
                String payload = empty ? " (null)" : " ";
                out.write((message.topic() + payload).getBytes(StandardCharsets.UTF_8));
            }
            try {
                if (!empty) {
                    out.write(shown.view.of(message, shown.pretty));
                }
            } finally {
                // As mosquitto_sub: an empty message alone leaves no trace.
                if (shown.verbose || !empty) {
                    end();
                }
            }
        }

        private void end() throws IOException {
            if (lines) {
                out.write('\n');
            }
        }
    }
}
