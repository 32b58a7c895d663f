package io.sotto.cli.bench;

/// The QoS 1 and 2 messages of one publisher that are not acknowledged: which packet identifier
/// stands for the message of which time. Grows with what is on its way.
///
/// Invariant: each packet identifier in use has the slot of its remainder to itself; a table of
/// twice the size keeps it.
final class InFlight {
    private static final int FIRST = 64;
    private static final int IDS = 65_535;

    private int[] ids = new int[FIRST];
    private long[] times = new long[FIRST];
    private int size;
    private int last;

    /// Takes a free packet identifier for the message of a time. There must be one.
    synchronized int add(long due) {
        if (2 * size >= ids.length && ids.length <= IDS) {
            grow();
        }
        do {
            last = last % IDS + 1;
        } while (ids[last & ids.length - 1] != 0);
        int slot = last & ids.length - 1;
        ids[slot] = last;
        times[slot] = due;
        size++;
        return last;
    }

    private void grow() {
        int[] oldIds = ids;
        long[] oldTimes = times;
        ids = new int[2 * oldIds.length];
        times = new long[2 * oldTimes.length];
        for (int i = 0; i < oldIds.length; i++) {
            int slot = oldIds[i] & ids.length - 1;
            if (oldIds[i] != 0) {
                ids[slot] = oldIds[i];
                times[slot] = oldTimes[i];
            }
        }
    }

    /// Frees a packet identifier: the time of its message, or -1 when it is not in use.
    synchronized long remove(int id) {
        int slot = id & ids.length - 1;
        if (id == 0 || ids[slot] != id) {
            return -1;
        }
        ids[slot] = 0;
        size--;
        return times[slot];
    }
}
