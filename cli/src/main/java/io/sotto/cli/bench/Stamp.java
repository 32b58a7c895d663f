package io.sotto.cli.bench;

import io.sotto.mqtt.Payload;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What a message of a measurement carries at the head of its payload: who sent it, the how many-th
/// it is, and when it was due.
///
/// @param run tells one run's messages from another's
/// @param due when it should have been sent, by [Clock]
record Stamp(int run, int sender, long sequence, long due) {
    /// The smallest payload.
    static final int BYTES = 28;

    private static final int MAGIC = 0x736F7431;
    private static final int SEQUENCE_AT = 12;
    private static final int DUE_AT = 20;

    /// A payload of this size, which is at least [#BYTES].
    Payload payload(int size) {
        byte[] bytes = new byte[size];
        ByteBuffer.wrap(bytes)
                .putInt(MAGIC)
                .putInt(run)
                .putInt(sender)
                .putLong(sequence)
                .putLong(due);
        return Payload.copyOf(bytes);
    }

    /// Makes the payload at a place that of another message of the same sender.
    static void renew(long sequence, long due, int at, ByteBuffer in) {
        in.putLong(at + SEQUENCE_AT, sequence).putLong(at + DUE_AT, due);
    }

    /// The stamp of a payload, or null when it has none.
    static @Nullable Stamp of(Payload payload) {
        if (payload.size() < BYTES) {
            return null;
        }
        ByteBuffer head = payload.view();
        if (head.getInt() != MAGIC) {
            return null;
        }
        return new Stamp(head.getInt(), head.getInt(), head.getLong(), head.getLong());
    }
}
