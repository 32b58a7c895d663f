package io.sotto.conformance;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// The fields of a packet that came from the broker, read strictly and in order.
final class Fields {
    private final ByteBuffer rest;

    Fields(byte[] body) {
        rest = ByteBuffer.wrap(body);
    }

    boolean isEmpty() {
        return !rest.hasRemaining();
    }

    int octet() {
        return take(1).get() & 0xFF;
    }

    int twoBytes() {
        return take(2).getShort() & 0xFFFF;
    }

    long fourBytes() {
        return take(4).getInt() & 0xFFFF_FFFFL;
    }

    int variableInteger() {
        int value = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            int digit = octet();
            value |= (digit & 0x7F) << shift;
            if (digit < 0x80) {
                Unexpected.unless(
                        digit != 0 || shift == 0, "a variable byte integer is longer than needed");
                return value;
            }
        }
        throw new Unexpected("a variable byte integer has more than four bytes");
    }

    String string() {
        ByteBuffer bytes = take(twoBytes());
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            Unexpected.unless(text.indexOf(0) < 0, "the broker sent a string with U+0000");
            return text;
        } catch (CharacterCodingException e) {
            throw new Unexpected("the broker sent a string that is not UTF-8");
        }
    }

    Bytes binary() {
        return bytes(twoBytes());
    }

    Bytes remaining() {
        return bytes(rest.remaining());
    }

    Bytes bytes(int count) {
        byte[] bytes = new byte[count];
        take(count).get(bytes);
        return Bytes.of(bytes);
    }

    private ByteBuffer take(int count) {
        Unexpected.unless(
                rest.remaining() >= count,
                "the broker's packet ends %d bytes before its fields",
                count - rest.remaining());
        ByteBuffer part = rest.slice(rest.position(), count);
        rest.position(rest.position() + count);
        return part;
    }
}
