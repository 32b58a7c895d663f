package io.sotto.mqtt;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// A hash of bytes under a key: eight bytes at a time are multiplied by the key, and the two halves
/// of the product folded, so that without the key nobody knows which bytes collide.
final class KeyedHash {
    private static final int WORD = Long.BYTES;
    private static final VarHandle WORDS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private KeyedHash() {}

    static int of(byte[] bytes, int from, int to, long key) {
        long factor = key | 1;
        long hash = fold(key ^ to - from, factor);
        int at = from;
        for (; at <= to - WORD; at += WORD) {
            hash = fold(hash ^ (long) WORDS.get(bytes, at), factor);
        }
        if (at < to) {
            long rest = 0;
            for (; at < to; at++) {
                rest = rest << Byte.SIZE | bytes[at] & 0xFF;
            }
            hash = fold(hash ^ rest, factor);
        }
        return (int) (hash ^ hash >>> Integer.SIZE);
    }

    private static long fold(long word, long factor) {
        return word * factor ^ Math.unsignedMultiplyHigh(word, factor);
    }
}
