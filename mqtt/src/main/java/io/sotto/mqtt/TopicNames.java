package io.sotto.mqtt;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The topic names that were read lately, so that a topic that comes again and again costs no
/// allocation and no second validation. Belongs to one thread.
///
/// A fixed table: a name has [#PROBES] places by its hash. Where all are taken, one newcomer in
/// eight takes the place of the one that stood first: when more names take turns than there are
/// places, remembering each would cost more than it ever saves. Names that collide on purpose only
/// cost what they would cost without the table.
public final class TopicNames {
    private static final int PROBES = 4;

    private final @Nullable TopicName[] table;

    /// Of the names, beside them, so that a name that is not here touches none.
    private final int[] hashes;

    private final TopicLimits limits;
    private byte[] scratch = new byte[256];
    private int newcomers;

    /// @param places how many names are kept at most, rounded up to a power of two
    public TopicNames(int places, TopicLimits limits) {
        this.table = new TopicName[Integer.highestOneBit(Math.max(places, PROBES) - 1) << 1];
        this.hashes = new int[table.length];
        this.limits = limits;
    }

    /// Reads a topic name of this many bytes.
    ///
    /// @throws ProtocolException when the bytes are no topic name
    public TopicName read(ByteBuffer in, int length) {
        if (scratch.length < length) {
            scratch = new byte[Integer.highestOneBit(length) << 1];
        }
        in.get(scratch, 0, length);
        int hash = TopicName.hash(scratch, length);
        int mask = table.length - 1;
        int first = spread(hash) & mask;
        for (int i = 0; i < PROBES; i++) {
            int place = first + i & mask;
            TopicName known = table[place];
            if (known == null) {
                return remember(place, length);
            }
            if (hashes[place] == hash && known.hasBytes(scratch, length)) {
                return known;
            }
        }
        // Numbers without a rhythm: names that come in one would otherwise never have their turn.
        newcomers = newcomers * 1_664_525 + 1_013_904_223;
        return newcomers >>> 29 == 0
                ? remember(first, length)
                : TopicName.validated(scratch, length, limits);
    }

    private TopicName remember(int place, int length) {
        TopicName name = TopicName.validated(scratch, length, limits);
        table[place] = name;
        hashes[place] = name.hashCode();
        return name;
    }

    private static int spread(int hash) {
        int mixed = hash * 0x9E37_79B9;
        return mixed ^ mixed >>> 15;
    }
}
