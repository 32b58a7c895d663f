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

    private final ByteBuffer bytes;
    private final CRC32C checksum = new CRC32C();

    private LogFile(ByteBuffer bytes) {
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
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
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            return new LogFile(bytes).check(file, bytes.limit());
        }
    }

    private @Nullable Flaw check(Path file, int size) {
        int group = 0;
        boolean within = false;
        int at = 0;
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
    private Flaw flaw(Path file, int group, int at) {
        int size = bytes.limit();
        boolean cut = at >= size || size - at < HEADER || at + HEADER + length(at) > size;
        int records = 0;
        int groups = 0;
        int next = at + 1;
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

    private boolean isZero(int from) {
        for (int i = from; i < bytes.limit(); i++) {
            if (bytes.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /// Bytes left in the block.
    private static int left(int at) {
        return BLOCK - at % BLOCK;
    }

    private int length(int at) {
        return bytes.getShort(at + Integer.BYTES) & 0xFFFF;
    }

    private int type(int at) {
        return bytes.get(at + HEADER - 1);
    }

    /// Whether the record there is the first of a group.
    private boolean begins(int at) {
        return type(at) == WHOLE || type(at) == FIRST;
    }

    private boolean isRecord(int at) {
        if (bytes.limit() - at < HEADER
                || HEADER + length(at) > Math.min(left(at), bytes.limit() - at)
                || type(at) < WHOLE
                || type(at) > LAST) {
            return false;
        }
        checksum.reset();
        checksum.update(bytes.slice(at + HEADER - 1, length(at) + 1));
        int value = (int) checksum.getValue();
        return (value >>> 15 | value << 17) + MASK == bytes.getInt(at);
    }
}
