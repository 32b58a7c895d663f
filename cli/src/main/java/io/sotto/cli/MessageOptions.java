package io.sotto.cli;

import io.sotto.mqtt.Payload;
import io.sotto.mqtt.QoS;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// A message to be published, all but its topic's source.
final class MessageOptions {
    @Option(
            names = {"-t", "--topic"},
            paramLabel = "TOPIC",
            description = "The topic to publish to.")
    @Nullable String topic;

    @Option(
            names = {"-m", "--message"},
            paramLabel = "TEXT",
            description = "The payload.")
    @Nullable String text;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "A file whose bytes are the payload.")
    @Nullable Path file;

    @Option(
            names = {"-s", "--stdin-file"},
            description = "All of standard input is the payload.")
    boolean input;

    @Option(
            names = {"-n", "--null-message"},
            description = "The payload is empty.")
    boolean empty;

    @Option(
            names = {"-q", "--qos"},
            paramLabel = "QOS",
            defaultValue = "0",
            converter = QoSConverter.class,
            description = "The quality of service: 0, 1 or 2; 0 unless told otherwise.")
    QoS qos = QoS.AT_MOST_ONCE;

    @Option(
            names = {"-r", "--retain"},
            description = "The broker retains the message.")
    boolean retain;

    /// No packet holds more [MQTT-1.5.5-1].
    private static final int LARGEST = 268_435_455;

    MessageOptions() {}

    /// How many payloads are asked for.
    int sources() {
        return (text == null ? 0 : 1) + (file == null ? 0 : 1) + (input ? 1 : 0) + (empty ? 1 : 0);
    }

    /// The payload.
    ///
    /// @throws IOException with a sentence, when it cannot be read
    Payload payload(InputStream standardInput) throws IOException {
        if (text != null) {
            return Payload.of(text);
        }
        if (file != null) {
            return read(file);
        }
        if (!input) {
            return Payload.EMPTY;
        }
        byte[] all = standardInput.readNBytes(LARGEST + 1);
        requireFits(all.length, "standard input");
        if (all.length == 0) {
            throw new IOException("standard input is empty; -n sends an empty message");
        }
        return Payload.copyOf(all);
    }

    /// More than a payload can have.
    private static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1;

        TooLarge(String sentence) {
            super(sentence);
        }
    }

    /// @param what is too large if it is
    static void requireFits(long size, String what) throws IOException {
        if (size > LARGEST) {
            throw new TooLarge(
                    "%s is larger than a message can be, %,d bytes".formatted(what, LARGEST));
        }
    }

    private static Payload read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            requireFits(Files.size(file), file.toString());
            // A device has no size, and may have no end.
            byte[] all = in.readNBytes(LARGEST + 1);
            requireFits(all.length, file.toString());
            return Payload.copyOf(all);
        } catch (TooLarge e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        } catch (IOException e) {
            throw new IOException("cannot read " + file, e);
        }
    }
}
