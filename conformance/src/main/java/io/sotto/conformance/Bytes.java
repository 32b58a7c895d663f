package io.sotto.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// Bytes for the wire, written down the way the standard draws them.
///
/// The notation: pairs of hexadecimal digits, `<text>` for a UTF-8 string after its two-byte
/// length, `'text'` for its bytes alone, `#` for a comment up to the end of the line. It is
/// deliberately independent of any codec: nothing here keeps a test from writing what no client
/// should send.
public final class Bytes {
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ").withUpperCase();
    private static final int SHOWN = 160;

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Bytes of(String notation) {
        return new Bytes(new Notation(notation).read());
    }

    public static Bytes of(byte[] bytes) {
        return new Bytes(bytes.clone());
    }

    /// A packet: its first byte, the length of what follows, and that.
    public static Bytes packet(int firstByte, String notation) {
        return packet(firstByte, of(notation));
    }

    public static Bytes packet(int firstByte, Bytes body) {
        return of("%02X %s".formatted(firstByte, variableInteger(body.size()))).plus(body);
    }

    /// A variable byte integer in its shortest form, in notation.
    public static String variableInteger(long value) {
        StringBuilder notation = new StringBuilder();
        long rest = value;
        do {
            long digit = rest & 0x7F;
            rest >>>= 7;
            notation.append("%02X".formatted(rest > 0 ? digit | 0x80 : digit));
        } while (rest > 0);
        return notation.toString();
    }

    public Bytes plus(Bytes next) {
        byte[] joined = Arrays.copyOf(bytes, bytes.length + next.bytes.length);
        System.arraycopy(next.bytes, 0, joined, bytes.length, next.bytes.length);
        return new Bytes(joined);
    }

    public Bytes plus(String notation) {
        return plus(of(notation));
    }

    public Bytes first(int count) {
        return new Bytes(Arrays.copyOf(bytes, count));
    }

    public int size() {
        return bytes.length;
    }

    public byte[] toArray() {
        return bytes.clone();
    }

    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// Hexadecimal, cut after the first 160 bytes.
    @Override
    public String toString() {
        String shown = HEX.formatHex(bytes, 0, Math.min(SHOWN, bytes.length));
        return bytes.length > SHOWN ? "%s … (%d bytes)".formatted(shown, bytes.length) : shown;
    }

    private static final class Notation {
        private final String text;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private int at;

        Notation(String text) {
            this.text = text;
        }

        byte[] read() {
            while (at < text.length()) {
                char next = text.charAt(at);
                switch (next) {
                    case '#' -> at = endOr('\n', text.length());
                    case '<' -> prefixed(quoted('>'));
                    case '\'' -> out.writeBytes(quoted('\''));
                    default -> {
                        if (Character.isWhitespace(next)) {
                            at++;
                        } else {
                            out.write(HexFormat.fromHexDigits(text, at, at + 2));
                            at += 2;
                        }
                    }
                }
            }
            return out.toByteArray();
        }

        private void prefixed(byte[] string) {
            if (string.length > 0xFFFF) {
                throw new IllegalArgumentException("a string of " + string.length + " bytes");
            }
            out.write(string.length >> 8);
            out.write(string.length);
            out.writeBytes(string);
        }

        private byte[] quoted(char end) {
            int start = at + 1;
            at++;
            int stop = endOr(end, -1);
            if (stop < 0) {
                throw new IllegalArgumentException("no closing " + end + " in " + text);
            }
            at = stop + 1;
            return text.substring(start, stop).getBytes(StandardCharsets.UTF_8);
        }

        private int endOr(char end, int otherwise) {
            int found = text.indexOf(end, at);
            return found < 0 ? otherwise : found;
        }
    }
}
