package io.sotto.cli;

import io.sotto.mqtt.Publish;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

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

    @Option(names = "--pretty", description = "JSON of -F takes several lines.")
    boolean pretty;

    OutputOptions() {}

    /// What the options come to.
    ///
    /// @param properties whether the version in use has properties
    Printer settle(OutputStream out, boolean properties) {
        OutputFormat parsed = format == null ? null : OutputFormat.parse(format, pretty);
        return new Printer(parsed, verbose, !bare, properties, out);
    }

    /// Prints messages one by one; each is through when the next is asked for.
    record Printer(
            @Nullable OutputFormat format,
            boolean verbose,
            boolean lines,
            boolean properties,
            OutputStream out) {

        /// Prints a message.
        ///
        /// @throws IOException when nobody reads any more
        /// @throws JsonView.NotJson when it should be JSON and is not; an empty line is printed
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
            if (verbose) {
                String payload = empty ? " (null)" : " ";
                out.write((message.topic() + payload).getBytes(StandardCharsets.UTF_8));
            }
            out.write(message.payload().toByteArray());
            // As mosquitto_sub: an empty message alone leaves no trace.
            if (verbose || !empty) {
                end();
            }
        }

        private void end() throws IOException {
            if (lines) {
                out.write('\n');
            }
        }
    }
}
