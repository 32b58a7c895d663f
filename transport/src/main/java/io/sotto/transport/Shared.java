package io.sotto.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.sotto.mqtt.Payload;
import org.jspecify.annotations.Nullable;

/// What several connections of a loop are sent within a turn, in the memory that the network sends
/// from: it lies there once for all of them. Belongs to the loop.
final class Shared {
    /// The same messages have a few forms, by version and flags.
    private static final int FORMS = 4;

    private final @Nullable Payload[] payloads = new Payload[FORMS];
    private final @Nullable ByteBuf[] copies = new ByteBuf[FORMS];
    private int next;

    /// These bytes, to be released by whoever asked.
    ///
    /// @throws OutOfMemoryError when there is no memory for them
    @SuppressWarnings("ReferenceEquality") // the very bytes that others have been sent
    ByteBuf of(Payload payload) {
        for (int i = 0; i < FORMS; i++) {
            ByteBuf copy = copies[i];
            if (copy != null && payloads[i] == payload) {
                return copy.retainedDuplicate();
            }
        }
        ByteBuf fresh = PooledByteBufAllocator.DEFAULT.directBuffer(payload.size());
        payload.writeTo(fresh.internalNioBuffer(0, payload.size()));
        fresh.writerIndex(payload.size());
        drop(next);
        payloads[next] = payload;
        copies[next] = fresh;
        next = (next + 1) % FORMS;
        return fresh.retainedDuplicate();
    }

    private void drop(int place) {
        ByteBuf copy = copies[place];
        if (copy != null) {
            copy.release();
            copies[place] = null;
            payloads[place] = null;
        }
    }

    /// The turn is over: whoever has not sent its own yet holds it alone.
    void clear() {
        for (int i = 0; i < FORMS; i++) {
            drop(i);
        }
    }
}
