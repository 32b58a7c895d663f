package io.sotto.mqtt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Immutable bytes: the application message of a PUBLISH, a password, correlation or authentication
/// data.
///
/// Copied once, where bytes come from the network: beyond that line nobody counts references, and a
/// slow subscriber pins a message instead of a network buffer.
public final class Payload {
    /// No bytes.
    public static final Payload EMPTY = new Payload(new byte[0]);

    private final byte[] bytes;

    private Payload(byte[] bytes) {
        this.bytes = bytes;
    }

    /// A copy of these bytes.
    public static Payload copyOf(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Payload(bytes.clone());
    }

    /// The text as UTF-8.
    public static Payload of(String text) {
        return text.isEmpty() ? EMPTY : new Payload(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The next bytes of a buffer, which moves on by as many.
    public static Payload read(ByteBuffer in, int size) {
        if (size == 0) {
            return EMPTY;
        }
        byte[] bytes = new byte[size];
        in.get(bytes);
        return new Payload(bytes);
    }

    /// How many bytes.
    public int size() {
        return bytes.length;
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /// Copies all bytes into a buffer.
    public void writeTo(ByteBuffer out) {
        out.put(bytes);
    }

    /// A read-only view that shares the bytes.
    public ByteBuffer view() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /// A copy of the bytes.
    public byte[] toByteArray() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// The size only: payloads and passwords do not belong in logs.
    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
