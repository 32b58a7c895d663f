package io.sotto.transport;

import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// What the connections of one loop compress with in turns, so that one that has no message under
/// way costs nothing. Belongs to the loop.
final class Zlib {
    private @Nullable Inflater inflater;
    private @Nullable Deflater deflater;

    /// One that reads raw deflate (RFC 1951) from its beginning.
    Inflater lendInflater() {
        Inflater spare = inflater;
        inflater = null;
        return spare == null ? newInflater() : spare;
    }

    void takeBack(Inflater lent) {
        if (inflater == null) {
            lent.reset();
            inflater = lent;
        } else {
            lent.end();
        }
    }

    /// One for a single message, to be used at once.
    Deflater deflater() {
        Deflater own = deflater;
        if (own == null) {
            own = newDeflater();
            deflater = own;
        }
        own.reset();
        return own;
    }

    static Inflater newInflater() {
        return new Inflater(true);
    }

    /// Messages leave within the turn that wrote them: speed counts for more than the last byte.
    static Deflater newDeflater() {
        return new Deflater(Deflater.BEST_SPEED, true);
    }
}
