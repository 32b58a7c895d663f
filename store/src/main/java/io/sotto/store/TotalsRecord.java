package io.sotto.store;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What was counted in all runs, as it is stored: one record of [Space#META].
///
/// ```text
/// | name (text) | count (8) | as often as there are names
/// ```
final class TotalsRecord {
    private static final String KEY = "totals";

    private TotalsRecord() {}

    static byte[] key() {
        return KEY.getBytes(StandardCharsets.US_ASCII);
    }

    static void write(Map<String, Long> totals, Bytes out) {
        for (Map.Entry<String, Long> total : totals.entrySet()) {
            out.text(total.getKey());
            out.eight(total.getValue());
        }
    }

    static SortedMap<String, Long> read(byte[] value) throws StoreException {
        SortedMap<String, Long> totals = new TreeMap<>();
        ByteBuffer in = ByteBuffer.wrap(value);
        try {
            while (in.hasRemaining()) {
                totals.put(Bytes.text(in), in.getLong());
            }
            return totals;
        } catch (BufferUnderflowException | NegativeArraySizeException e) {
            throw new StoreException(
                    StoreException.Kind.DAMAGED, "the record of the totals is damaged", e);
        }
    }
}
