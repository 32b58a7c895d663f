package io.sotto.broker.session;

import java.util.Arrays;
import java.util.stream.IntStream;

/// The packet identifiers of QoS 2 messages that were taken over and not yet released: what makes
/// "exactly once". A repeat of one of them is answered, but not delivered again [MQTT-4.3.3-10].
///
/// A bit per identifier in chunks that exist while they hold one: a client that counts up needs two
/// of them, 64 bytes each.
public final class ReceivedIds {
    private static final int CHUNK_BITS = 9;
    private static final int CHUNK = 1 << CHUNK_BITS;

    private long[][] chunks = Empty.CHUNKS;
    private int[] counts = Empty.INTS;
    private int size;

    public int size() {
        return size;
    }

    public boolean contains(int id) {
        int chunk = id >>> CHUNK_BITS;
        return chunk < chunks.length
                && chunks[chunk].length != 0
                && (chunks[chunk][word(id)] & bit(id)) != 0;
    }

    /// All identifiers that it holds.
    public int[] all() {
        return IntStream.range(1, chunks.length * CHUNK).filter(this::contains).toArray();
    }

    /// Remembers an identifier; whether it is new.
    public boolean add(int id) {
        if (contains(id)) {
            return false;
        }
        int chunk = id >>> CHUNK_BITS;
        if (chunk >= chunks.length) {
            int from = chunks.length;
            chunks = Arrays.copyOf(chunks, chunk + 1);
            Arrays.fill(chunks, from, chunk + 1, Empty.LONGS);
            counts = Arrays.copyOf(counts, chunk + 1);
        }
        if (chunks[chunk].length == 0) {
            chunks[chunk] = new long[CHUNK / Long.SIZE];
        }
        chunks[chunk][word(id)] |= bit(id);
        counts[chunk]++;
        size++;
        return true;
    }

    /// Forgets an identifier; whether it was there.
    public boolean remove(int id) {
        if (!contains(id)) {
            return false;
        }
        int chunk = id >>> CHUNK_BITS;
        chunks[chunk][word(id)] &= ~bit(id);
        size--;
        if (--counts[chunk] == 0 && counts.length > 1) {
            chunks[chunk] = Empty.LONGS;
        }
        return true;
    }

    private static int word(int id) {
        return (id & CHUNK - 1) >>> 6;
    }

    private static long bit(int id) {
        return 1L << (id & 63);
    }
}
