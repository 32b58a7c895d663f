package io.sotto.cli;

import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PublishProperties;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A format string of mosquitto_sub: `%` names a part of the message, `@` a part of the time, `\` a
/// character that is hard to type.
///
/// Widths count characters, and of payloads bytes.
final class OutputFormat {
    private static final int ABSENT = PublishProperties.ABSENT;

    /// Writes its part of a line.
    private interface Part {
        void write(Arrival arrival, ByteArrayOutputStream out);
    }

    /// What may stand between the percent sign and the letter.
    ///
    /// @param most -1 for no limit
    private record Field(boolean zeros, boolean left, int least, int most) {
        private static final Field NONE = new Field(false, false, 0, -1);

        Field unlimited() {
            return new Field(zeros, left, least, -1);
        }

        Field withoutZeros() {
            return new Field(false, left, least, most);
        }

        String fit(String text) {
            String cut = most >= 0 && most < text.length() ? text.substring(0, most) : text;
            String fill = fill(cut.length());
            return left ? cut + fill : fill + cut;
        }

        String fill(int used) {
            return (zeros && !left ? "0" : " ").repeat(Math.max(0, least - used));
        }
    }

    private final String text;
    private final PayloadView view;
    private final boolean pretty;
    private final List<Part> parts = new ArrayList<>();
    private int at;

    private OutputFormat(String text, PayloadView view, boolean pretty) {
        this.text = text;
        this.view = view;
        this.pretty = pretty;
    }

    /// Reads a format string.
    ///
    /// @param view what `%p` shows
    /// @param pretty whether JSON is written over several lines
    /// @throws IllegalArgumentException with a sentence, when something in it has no meaning
    static OutputFormat parse(String text, PayloadView view, boolean pretty) {
        OutputFormat format = new OutputFormat(text, view, pretty);
        while (format.at < text.length()) {
            format.parts.add(format.next());
        }
        return format;
    }

    /// What a message looks like.
    ///
    /// @throws PayloadView.Unreadable when a payload is not what the format calls for
    byte[] apply(Arrival arrival) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        parts.forEach(part -> part.write(arrival, out));
        return out.toByteArray();
    }

    private Part next() {
        char first = text.charAt(at++);
        return switch (first) {
            case '%' -> parameter();
            case '@' -> time(taken());
            case '\\' -> literal(escaped(taken()));
            default -> literal(run());
        };
    }

    private char taken() {
        if (at == text.length()) {
            throw new IllegalArgumentException("-F: the format ends within a sequence");
        }
        return text.charAt(at++);
    }

    /// Characters that stand for themselves, up to the next sequence; the first is taken already.
    private String run() {
        int start = at - 1;
        while (at < text.length() && "%@\\".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private static Part literal(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return (_, out) -> out.writeBytes(bytes);
    }

    private static Part time(char letter) {
        return letter == '@'
                ? literal("@")
                : text(arrival -> TimeText.convert(letter, arrival.time()));
    }

    private static String escaped(char letter) {
        return switch (letter) {
            case '\\' -> "\\";
            case '0' -> "\0";
            case 'a' -> "\u0007";
            case 'e' -> "\u001b";
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 't' -> "\t";
            case 'v' -> "\u000b";
            default -> throw new IllegalArgumentException("-F: \\" + letter + " means nothing");
        };
    }

    private Part parameter() {
        Field field = field();
        char letter = taken();
        return switch (letter) {
            case '%' -> literal("%");
            case 'p' -> payload(field);
            case 'x' -> padded(field.unlimited(), arrival -> hex(arrival, HexFormat.of()));
            case 'X' ->
                    padded(
                            field.unlimited(),
                            arrival -> hex(arrival, HexFormat.of().withUpperCase()));
            case 'D' -> (arrival, out) -> bytes(ofMessage(arrival).correlationData(), out);
            case 'j' -> (arrival, out) -> new JsonView(false, view, pretty).write(arrival, out);
            case 'J' -> (arrival, out) -> new JsonView(true, view, pretty).write(arrival, out);
            case 'I' -> padded(field.withoutZeros(), arrival -> TimeText.iso(arrival.time()));
            case 'U' -> text(arrival -> TimeText.unix(arrival.time()));
            case 't' ->
                    padded(field.withoutZeros(), arrival -> arrival.message().topic().toString());
            case 'l' -> number(field, arrival -> (long) arrival.message().payload().size());
            case 'm' -> number(field, arrival -> (long) arrival.message().packetId());
            case 'q' -> text(arrival -> Integer.toString(arrival.message().qos().level()));
            case 'r' -> text(arrival -> arrival.message().retain() ? "1" : "0");
            default -> property(letter, field);
        };
    }

    private static Part property(char letter, Field field) {
        return switch (letter) {
            case 'A' -> number(field, arrival -> present(arrival.message().topicAlias(), 0));
            case 'C' -> padded(field.withoutZeros(), a -> orEmpty(ofMessage(a).contentType()));
            case 'E' -> number(field, a -> present(ofMessage(a).messageExpiryInterval(), ABSENT));
            case 'F' -> number(field, a -> present(ofMessage(a).payloadFormatIndicator(), ABSENT));
            case 'P' -> text(OutputFormat::userProperties);
            case 'R' -> padded(field.withoutZeros(), a -> orEmpty(ofMessage(a).responseTopic()));
            case 'S' -> number(field, OutputFormat::subscriptionIdentifier);
            default -> throw new IllegalArgumentException("-F: %" + letter + " means nothing");
        };
    }

    private Field field() {
        if (at == text.length()) {
            return Field.NONE;
        }
        boolean zeros = false;
        boolean left = false;
        while (at < text.length() && "0-".indexOf(text.charAt(at)) >= 0) {
            zeros |= text.charAt(at) == '0';
            left |= text.charAt(at) == '-';
            at++;
        }
        int least = digits();
        int most = -1;
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            most = digits();
        }
        return new Field(zeros, left, least, most);
    }

    private int digits() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at - start > 4) {
            throw new IllegalArgumentException("-F: a width is at most 9999");
        }
        return at == start ? 0 : Integer.parseInt(text.substring(start, at));
    }

    private static PublishProperties ofMessage(Arrival arrival) {
        return arrival.message().properties();
    }

    private static Part text(Function<Arrival, String> source) {
        return padded(Field.NONE, source);
    }

    private static Part padded(Field field, Function<Arrival, String> source) {
        return (arrival, out) ->
                out.writeBytes(field.fit(source.apply(arrival)).getBytes(StandardCharsets.UTF_8));
    }

    /// A number, or nothing where it was not sent.
    private static Part number(Field field, Function<Arrival, @Nullable Long> source) {
        Field padding = field.unlimited();
        return padded(
                padding,
                arrival -> {
                    Long number = source.apply(arrival);
                    return number == null ? "" : Long.toString(number);
                });
    }

    private static @Nullable Long present(long value, long absent) {
        return value == absent ? null : value;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static @Nullable Long subscriptionIdentifier(Arrival arrival) {
        List<Integer> all = arrival.message().subscriptionIdentifiers();
        return all.isEmpty() ? null : Long.valueOf(all.getFirst());
    }

    private static String userProperties(Arrival arrival) {
        return ofMessage(arrival).userProperties().stream()
                .map(property -> property.name() + ":" + property.value())
                .collect(Collectors.joining(" "));
    }

    private Part payload(Field field) {
        return (arrival, out) -> {
            byte[] payload = view.of(arrival.message(), pretty);
            byte[] fill = field.fill(payload.length).getBytes(StandardCharsets.UTF_8);
            if (!field.left) {
                out.writeBytes(fill);
            }
            out.writeBytes(payload);
            if (field.left) {
                out.writeBytes(fill);
            }
        };
    }

    private static String hex(Arrival arrival, HexFormat format) {
        return format.formatHex(arrival.message().payload().toByteArray());
    }

    private static void bytes(@Nullable Payload payload, ByteArrayOutputStream out) {
        if (payload != null) {
            out.writeBytes(payload.toByteArray());
        }
    }
}
