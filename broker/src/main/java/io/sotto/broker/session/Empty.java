package io.sotto.broker.session;

import io.sotto.broker.spi.Held;
import io.sotto.broker.spi.Via;
import org.jspecify.annotations.Nullable;

/// What holds nothing, once for all sessions: most of them are idle, and there are many.
final class Empty {
    static final @Nullable Held[] HELD = {};
    static final @Nullable Via[] VIAS = {};
    static final byte[] BYTES = {};
    static final int[] INTS = {};
    static final long[] LONGS = {};
    static final long[][] CHUNKS = {};

    private Empty() {}
}
