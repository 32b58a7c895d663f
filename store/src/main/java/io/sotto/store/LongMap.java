package io.sotto.store;

import java.util.Arrays;

/// Small counts by number: open addressing, without an object per entry. Zero is no key.
final class LongMap {
    private static final int SMALLEST = 16;

    private long[] keys = new long[SMALLEST];
    private int[] values = new int[SMALLEST];
    private int size;

    int size() {
        return size;
    }

    /// The count of a number, or 0 where there is none.
    int get(long key) {
        int mask = keys.length - 1;
        for (int at = hash(key) & mask; keys[at] != 0; at = at + 1 & mask) {
            if (keys[at] == key) {
                return values[at];
            }
        }
        return 0;
    }

    /// @param value above 0
    void put(long key, int value) {
        assert key != 0 && value > 0;
        if (size * 2 >= keys.length) {
            resize(keys.length * 2);
        }
        int mask = keys.length - 1;
        int at = hash(key) & mask;
        while (keys[at] != 0 && keys[at] != key) {
            at = at + 1 & mask;
        }
        size += keys[at] == 0 ? 1 : 0;
        keys[at] = key;
        values[at] = value;
    }

    void remove(long key) {
        int mask = keys.length - 1;
        int at = hash(key) & mask;
        while (keys[at] != key) {
            if (keys[at] == 0) {
                return;
            }
            at = at + 1 & mask;
        }
        size--;
        close(at, mask);
        if (keys.length > 1024 && size * 8 < keys.length) {
            resize(keys.length / 2);
        }
    }

    /// Fills a gap with what was pushed behind it.
    private void close(int gap, int mask) {
        int empty = gap;
        for (int at = gap + 1 & mask; keys[at] != 0; at = at + 1 & mask) {
            int wanted = hash(keys[at]) & mask;
            if ((at - wanted & mask) >= (at - empty & mask)) {
                keys[empty] = keys[at];
                values[empty] = values[at];
                empty = at;
            }
        }
        keys[empty] = 0;
    }

    void clear() {
        if (size > 0) {
            Arrays.fill(keys, 0);
            size = 0;
        }
    }

    private void resize(int capacity) {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[capacity];
        values = new int[capacity];
        size = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                put(oldKeys[i], oldValues[i]);
            }
        }
    }

    private static int hash(long key) {
        long mixed = key * 0x9E37_79B9_7F4A_7C15L;
        return (int) (mixed >>> 32);
    }
}
