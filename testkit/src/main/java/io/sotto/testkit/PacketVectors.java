package io.sotto.testkit;

import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.codec.Sender;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The packet vectors of the file `packet-vectors.txt`, whose head describes its form.
public final class PacketVectors {
    private static final String FILE = "packet-vectors.txt";
    private static final Pattern TOKEN = Pattern.compile("\"([^\"]*)\"|([0-9A-F]{2})|(#.*)|(\\S)");
    private static final Pattern OUTCOME =
            Pattern.compile("=> (\\S+)(?: (?!in )(\\S+))?(?: in (\\S+))?");

    private final List<PacketVector> vectors = new ArrayList<>();
    private String title = "";
    private String sender = "";
    private ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private PacketVectors() {}

    /// All vectors; one that holds for several versions comes once for each.
    public static List<PacketVector> all() {
        PacketVectors reader = new PacketVectors();
        for (String line : lines()) {
            reader.read(line);
        }
        return List.copyOf(reader.vectors);
    }

    private static List<String> lines() {
        try (InputStream in =
                        Objects.requireNonNull(
                                PacketVectors.class.getResourceAsStream(FILE), FILE);
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.readAllLines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(String line) {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        if (line.startsWith("[")) {
            title = line.substring(1, line.length() - 1);
            sender = "";
            bytes = new ByteArrayOutputStream();
        } else if (sender.isEmpty()) {
            sender = line;
        } else if (line.startsWith("=>")) {
            addAll(line);
        } else {
            readBytes(line);
        }
    }

    private void readBytes(String line) {
        Matcher token = TOKEN.matcher(line);
        while (token.find()) {
            String text = token.group(1);
            String hex = token.group(2);
            if (text != null) {
                bytes.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
            } else if (hex != null) {
                bytes.write(HexFormat.fromHexDigits(hex));
            } else if (token.group(3) == null) {
                throw new IllegalStateException(title + ": cannot read " + line);
            }
        }
    }

    private void addAll(String line) {
        Matcher outcome = OUTCOME.matcher(line);
        if (!outcome.matches()) {
            throw new IllegalStateException(title + ": cannot read " + line);
        }
        String[] words = sender.split(" ", -1);
        for (int i = 1; i < words.length; i++) {
            ProtocolVersion before = version(words[i]);
            String in = outcome.group(3);
            add(before, in == null ? before : version(in), outcome);
        }
    }

    private void add(
            @Nullable ProtocolVersion before, @Nullable ProtocolVersion after, Matcher outcome) {
        String result = Objects.requireNonNull(outcome.group(1));
        boolean shortest = result.equals("ok");
        boolean good = shortest || result.equals("shorter");
        String words = outcome.group(2);
        vectors.add(
                new PacketVector(
                        title,
                        sender.startsWith("client ") ? Sender.CLIENT : Sender.SERVER,
                        before,
                        after,
                        Payload.copyOf(bytes.toByteArray()),
                        good ? null : ReasonCode.valueOf(result.toUpperCase(Locale.ROOT)),
                        words == null ? "" : words.replace('~', ' '),
                        shortest));
    }

    private static @Nullable ProtocolVersion version(String word) {
        return switch (word) {
            case "3.1" -> ProtocolVersion.MQTT_3_1;
            case "3.1.1" -> ProtocolVersion.MQTT_3_1_1;
            case "5.0" -> ProtocolVersion.MQTT_5;
            case "first", "none" -> null;
            default -> throw new IllegalStateException("no version: " + word);
        };
    }
}
