package io.sotto.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A log of RocksDB, read along to see whether it is whole, since the engine itself takes whatever
/// it cannot read for the end of the log, and says nothing.
///
/// ```text
/// file:   blocks of 32 KiB; no record crosses one, and less than 7 bytes at its end are unused
/// record: | checksum (4) | length (2) | type (1) | bytes |, little-endian
/// type:   1 a whole group; 2 the first, 3 a middle, 4 the last part of one
/// ```
///
/// The checksum is CRC-32C over type and bytes, masked as in
/// <https://github.com/facebook/rocksdb/wiki/Write-Ahead-Log-File-Format>.
final class LogFile {
    private static final int BLOCK = 32 * 1024;
    private static final int HEADER = 7;
    private static final int WHOLE = 1;
    private static final int FIRST = 2;
    private static final int LAST = 4;
    private static final int MASK = 0xA282EAD8;

    /// How much of it is in memory at a time: whole blocks, so that a record is there as a whole.
    private static final int WINDOW = 32 * BLOCK;

    private final FileChannel channel;
    private final long size;
    private final ByteBuffer window;
    private final CRC32C checksum = new CRC32C();
    private long base;

    private LogFile(FileChannel channel) throws IOException {
        this.channel = channel;
        this.size = channel.size();
        this.window = ByteBuffer.allocate(WINDOW).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    }

    /// Where a log stops being whole.
    ///
    /// @param at the byte at which the first group begins that is not whole
    /// @param size of the file, in bytes
    /// @param groups how many whole groups there are behind
    /// @param torn whether it looks as if the file had ended within a write
    record Flaw(Path file, long at, long size, int groups, boolean torn) {}

    /// Reads a log; null where all of it is whole.
    static @Nullable Flaw check(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new LogFile(channel).walk(file);
        }
    }

    /// Where a byte is in the window, which is moved to it if need be.
    private int in(long at) throws IOException {
        if (at < base || at >= base + window.limit()) {
            base = at / BLOCK * BLOCK;
            window.clear();
            while (window.hasRemaining() && channel.read(window, base + window.position()) >= 0) {}
            window.flip();
        }
        return (int) (at - base);
    }

    private @Nullable Flaw walk(Path file) throws IOException {
        long group = 0;
        boolean within = false;
        long at = 0;
        while (at < size) {
            if (left(at) < HEADER) {
                at += left(at);
                continue;
            }
            if (!isRecord(at) || begins(at) == within) {
                return flaw(file, within ? group : at, at);
            }
            group = within ? group : at;
            within = type(at) == FIRST || within && type(at) != LAST;
            at += HEADER + length(at);
        }
        return within ? flaw(file, group, size) : null;
    }

    /// What stands behind the first byte that is not understood: a write that was cut short leaves
    /// nothing that could be read.
    private Flaw flaw(Path file, long group, long at) throws IOException {
        boolean cut = at >= size || size - at < HEADER || at + HEADER + length(at) > size;
        int records = 0;
        int groups = 0;
        long next = at + 1;
        while (next < size) {
            if (left(next) >= HEADER && isRecord(next)) {
                records++;
                groups += begins(next) ? 1 : 0;
                next += HEADER + length(next);
            } else {
                // Each block begins with a record; within the damaged one any byte might.
                next = next / BLOCK == at / BLOCK ? next + 1 : (next / BLOCK + 1) * BLOCK;
            }
        }
        boolean torn = records == 0 && (cut || isZero(at));
        return new Flaw(file, group, size, groups, torn);
    }

    private boolean isZero(long from) throws IOException {
        for (long at = from; at < size; at++) {
            if (window.get(in(at)) != 0) {
                return false;
            }
        }
        return true;
    }

    /// Bytes left in the block.
    private static int left(long at) {
        return BLOCK - (int) (at % BLOCK);
    }

    private int length(long at) throws IOException {
        return window.getShort(in(at) + Integer.BYTES) & 0xFFFF;
    }

    private int type(long at) throws IOException {
        return window.get(in(at) + HEADER - 1);
    }

    /// Whether the record there is the first of a group.
    private boolean begins(long at) throws IOException {
        return type(at) == WHOLE || type(at) == FIRST;
    }

    private boolean isRecord(long at) throws IOException {
        if (size - at < HEADER
                || HEADER + length(at) > Math.min(left(at), size - at)
                || type(at) < WHOLE
                || type(at) > LAST) {
            return false;
        }
        int begin = in(at);
        checksum.reset();
        checksum.update(window.array(), begin + HEADER - 1, length(at) + 1);
        int value = (int) checksum.getValue();
        return (value >>> 15 | value << 17) + MASK == window.getInt(begin);
    }
}
