package io.sotto.fuzz;

import java.util.Arrays;
import java.util.List;

/// The bytes that the fuzzer chose, taken as choices; 0 for ever once they are used up, so that a
/// short input is an input too.
final class Input {
    private final byte[] bytes;
    private int at;

    Input(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean isEmpty() {
        return at >= bytes.length;
    }

    /// The next byte, 0 to 255.
    int one() {
        return isEmpty() ? 0 : bytes[at++] & 0xFF;
    }

    /// From 0 to one below the bound, which is at most 256.
    int below(int bound) {
        return one() % bound;
    }

    <T> T pick(List<T> list) {
        return list.get(below(list.size()));
    }

    boolean flag() {
        return (one() & 1) != 0;
    }

    /// The next bytes, fewer when there are no more.
    byte[] some(int count) {
        int end = Math.min(bytes.length, at + count);
        byte[] some = Arrays.copyOfRange(bytes, Math.min(at, end), end);
        at = end;
        return some;
    }

    byte[] rest() {
        return some(bytes.length);
    }
}
