package io.sotto.transport;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import io.sotto.broker.spi.EventLog;
import io.sotto.broker.spi.EventLog.Severity;
import java.util.function.LongSupplier;

/// How much of the memory for network buffers is taken, and what may therefore wait for a
/// connection. From any loop.
///
/// It must not come to an end: who asks for more than there is waits for a collection of garbage,
/// and his loop with him. Therefore less and less waits for slow connections as it fills.
final class MemoryWatch {
    /// What may wait for one connection while memory is scarce, in bytes.
    private static final int SCARCE_BUFFER = 16 * 1024;

    /// How long a connection may take nothing then, in milliseconds.
    private static final long SCARCE_TIMEOUT = 1_000;

    private final TransportSettings settings;
    private final EventLog events;
    private final LongSupplier used;
    private final long most;
    private volatile Level level = Level.AMPLE;

    /// How much there is.
    enum Level {
        AMPLE,
        /// Half of it is taken.
        SHORT,
        /// Three quarters are taken: what is left is for those who take what they are sent.
        SCARCE
    }

    /// @param used how many bytes are taken; quick
    /// @param most how many there are
    MemoryWatch(TransportSettings settings, EventLog events, LongSupplier used, long most) {
        this.settings = settings;
        this.events = events;
        this.used = used;
        this.most = most;
    }

    /// The watch over the memory of this process.
    static MemoryWatch ofProcess(TransportSettings settings, EventLog events) {
        long most = PlatformDependent.maxDirectMemory();
        return new MemoryWatch(settings, events, () -> taken(most), most);
    }

    /// The pool keeps what it once had; what of that is in use is asked, which takes longer, only
    /// when it matters.
    private static long taken(long most) {
        PooledByteBufAllocator pool = PooledByteBufAllocator.DEFAULT;
        long held = pool.metric().usedDirectMemory();
        return held <= most / 2 ? held : Math.min(held, pool.pinnedDirectMemory());
    }

    /// Looks how much is taken now.
    void look() {
        long present = used.getAsLong();
        Level now =
                present > most / 4 * 3
                        ? Level.SCARCE
                        : present > most / 2 ? Level.SHORT : Level.AMPLE;
        Level before = level;
        if (now != before) {
            level = now;
            if (now.compareTo(before) > 0) {
                events.event(
                        Severity.WARNING,
                        "network buffers take "
                                + (present >> 20)
                                + " MiB: little waits for slow connections until that is less");
            }
        }
    }

    /// How many bytes may wait for one connection now, before it counts as slow.
    int writeBuffer() {
        return switch (level) {
            case AMPLE -> settings.writeBuffer();
            case SHORT -> Outlet.HIGH;
            case SCARCE -> SCARCE_BUFFER;
        };
    }

    /// For how long a connection may take nothing of what waits for it now, in milliseconds.
    long writeTimeout() {
        return level == Level.SCARCE ? SCARCE_TIMEOUT : settings.writeTimeout() * 1000L;
    }
}
