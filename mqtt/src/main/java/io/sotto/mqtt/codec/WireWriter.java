package io.sotto.mqtt.codec;

import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.UserProperty;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Writes fields to a buffer, or only counts their bytes: so one method per packet says what stands
/// on the wire, for its size and for its bytes.
final class WireWriter {
    private static final int STRING_MAXIMUM = 65_535;

    private final @Nullable ByteBuffer out;
    private int count;

    private WireWriter(@Nullable ByteBuffer out) {
        this.out = out;
    }

    static WireWriter to(ByteBuffer out) {
        return new WireWriter(out);
    }

    static WireWriter counting() {
        return new WireWriter(null);
    }

    /// How many bytes a variable byte integer takes.
    static int variableSize(int value) {
        if (value < 0 || value > WireReader.VARIABLE_MAXIMUM) {
            throw new IllegalArgumentException("no variable byte integer: " + value);
        }
        return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : 4;
    }

    /// How many bytes a text takes as UTF-8.
    static int utf8Size(String text) {
        int size = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                boolean pair =
                        Character.isHighSurrogate(c)
                                && i + 1 < text.length()
                                && Character.isLowSurrogate(text.charAt(i + 1));
                if (pair) {
                    size += 2;
                    i++;
                } else if (!Character.isSurrogate(c)) {
                    size += c < 0x800 ? 1 : 2;
                }
            }
        }
        return size;
    }

    /// How many bytes so far.
    int count() {
        return count;
    }

    void one(int value) {
        count++;
        if (out != null) {
            out.put((byte) value);
        }
    }

    void two(int value) {
        count += 2;
        if (out != null) {
            out.putShort((short) value);
        }
    }

    void four(long value) {
        count += 4;
        if (out != null) {
            out.putInt((int) value);
        }
    }

    void variable(int value) {
        int size = variableSize(value);
        int rest = value;
        for (int i = 1; i < size; i++) {
            one(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        one(rest);
    }

    void text(String text) {
        if (out == null) {
            count += 2 + checkedLength(utf8Size(text));
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        two(checkedLength(bytes.length));
        count += bytes.length;
        out.put(bytes);
    }

    void data(Payload data) {
        two(checkedLength(data.size()));
        payload(data);
    }

    void topic(TopicName topic) {
        two(topic.size());
        count += topic.size();
        if (out != null) {
            topic.writeTo(out);
        }
    }

    /// Bytes without a length.
    void payload(Payload payload) {
        count += payload.size();
        if (out != null) {
            payload.writeTo(out);
        }
    }

    private static int checkedLength(int size) {
        if (size > STRING_MAXIMUM) {
            throw new IllegalArgumentException("a field holds at most 65,535 bytes, not " + size);
        }
        return size;
    }

    /// A property length and the properties that it covers.
    <P> void properties(P packet, BiConsumer<P, WireWriter> writer) {
        variable(size(packet, writer));
        writer.accept(packet, this);
    }

    /// How many bytes the properties take, without the property length.
    static <P> int size(P packet, BiConsumer<P, WireWriter> writer) {
        WireWriter counting = counting();
        writer.accept(packet, counting);
        return counting.count();
    }

    void number(Property property, long value) {
        one(property.id());
        switch (property.type()) {
            case BYTE -> one((int) value);
            case TWO_BYTES -> two((int) value);
            case FOUR_BYTES -> four(value);
            case VARIABLE -> variable((int) value);
            case TEXT, DATA, PAIR -> throw new IllegalArgumentException("no number: " + property);
        }
    }

    /// Writes the number where it differs from the one that stands for its absence.
    void number(Property property, long value, long absent) {
        if (value != absent) {
            number(property, value);
        }
    }

    void flag(Property property, boolean value, boolean absent) {
        if (value != absent) {
            number(property, value ? 1 : 0);
        }
    }

    void text(Property property, @Nullable String text) {
        if (text != null) {
            one(property.id());
            text(text);
        }
    }

    void data(Property property, @Nullable Payload data) {
        if (data != null) {
            one(property.id());
            data(data);
        }
    }

    void userProperties(List<UserProperty> properties) {
        for (int i = 0; i < properties.size(); i++) {
            UserProperty property = properties.get(i);
            one(Property.USER_PROPERTY.id());
            text(property.name());
            text(property.value());
        }
    }

    void diagnostics(Diagnostics diagnostics) {
        text(Property.REASON_STRING, diagnostics.reasonString());
        userProperties(diagnostics.userProperties());
    }
}
