package io.sotto.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A buffer that grows as it is written to. Big-endian, like all of the store.
final class Bytes {
    private static final VarHandle SHORTS = view(short[].class);
    private static final VarHandle INTS = view(int[].class);
    private static final VarHandle LONGS = view(long[].class);

    private byte[] bytes;
    private int size;

    Bytes(int capacity) {
        bytes = new byte[capacity];
    }

    private static VarHandle view(Class<?> numbers) {
        return MethodHandles.byteArrayViewVarHandle(numbers, ByteOrder.BIG_ENDIAN);
    }

    /// The array behind it, of which [#size] bytes count. Another one after the next write.
    byte[] array() {
        return bytes;
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, size);
    }

    /// How many fit in before it has to grow.
    int capacity() {
        return bytes.length;
    }

    private int grow(int by) {
        int at = size;
        size += by;
        if (size > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size, bytes.length * 2));
        }
        return at;
    }

    void one(int value) {
        int at = grow(1);
        bytes[at] = (byte) value;
    }

    void two(int value) {
        int at = grow(Short.BYTES);
        SHORTS.set(bytes, at, (short) value);
    }

    void four(int value) {
        int at = grow(Integer.BYTES);
        INTS.set(bytes, at, value);
    }

    void eight(long value) {
        int at = grow(Long.BYTES);
        LONGS.set(bytes, at, value);
    }

    /// Overwrites four bytes that were written before.
    void four(int at, int value) {
        INTS.set(bytes, at, value);
    }

    /// Writes over four bytes, which stand at a place, how many have been written behind them.
    void length(int at) {
        four(at, size - at - Integer.BYTES);
    }

    /// A text of any length.
    void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        four(utf8.length);
        put(utf8, 0, utf8.length);
    }

    void put(byte[] from, int start, int length) {
        int at = grow(length);
        System.arraycopy(from, start, bytes, at, length);
    }

    /// Leaves as many bytes out, to be filled in [#array] at once.
    ///
    /// @return where they begin
    int skip(int length) {
        return grow(length);
    }

    /// Room for as many bytes, to be filled at once.
    ByteBuffer room(int length) {
        int at = grow(length);
        return ByteBuffer.wrap(bytes, at, length);
    }

    /// The four bytes at a place of an array.
    static int four(byte[] from, int at) {
        return (int) INTS.get(from, at);
    }

    /// The text at the position of a buffer.
    static String text(ByteBuffer in) {
        byte[] utf8 = new byte[in.getInt()];
        in.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
