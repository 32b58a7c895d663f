package io.sotto.testkit.sim;

import java.util.Arrays;

/// Bytes on their way, first in, first out.
final class Bytes {
    private byte[] array = new byte[256];
    private int head;
    private int tail;

    int size() {
        return tail - head;
    }

    boolean isEmpty() {
        return tail == head;
    }

    void add(byte[] source, int from, int length) {
        if (tail + length > array.length) {
            int size = size();
            byte[] target = size + length > array.length ? new byte[(size + length) * 2] : array;
            System.arraycopy(array, head, target, 0, size);
            array = target;
            head = 0;
            tail = size;
        }
        System.arraycopy(source, from, array, tail, length);
        tail += length;
    }

    /// Takes the first bytes away.
    byte[] take(int length) {
        byte[] taken = Arrays.copyOfRange(array, head, head + length);
        drop(length);
        return taken;
    }

    void drop(int length) {
        head += length;
    }

    void clear() {
        head = 0;
        tail = 0;
    }
}
