package io.sotto.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Logs that are larger than what fits into memory at once, or into one mapping.
class LogFileTest {
    private static final int BLOCK = 32 * 1024;

    @TempDir Path folder = Path.of("");

    /// A record that fills a block: a whole group.
    private static ByteBuffer block() {
        int length = BLOCK - 7;
        ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
        block.putShort(4, (short) length).put(6, (byte) 1);
        CRC32C checksum = new CRC32C();
        checksum.update(block.array(), 6, length + 1);
        int value = (int) checksum.getValue();
        block.putInt(0, (value >>> 15 | value << 17) + 0xA282EAD8);
        return block;
    }

    private FileChannel open(Path log) throws IOException {
        return FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    @Test
    void a_log_of_many_blocks_is_whole_or_damaged_at_a_byte() throws IOException {
        Path log = folder.resolve("000001.log");
        int blocks = 100;
        try (FileChannel channel = open(log)) {
            for (int i = 0; i < blocks; i++) {
                channel.write(block(), (long) i * BLOCK);
            }
        }
        assertThat(LogFile.check(log)).isNull();

        try (FileChannel channel = open(log)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}), 70L * BLOCK + 5_000);
        }

        assertThat(LogFile.check(log))
                .isEqualTo(
                        new LogFile.Flaw(
                                log, 70L * BLOCK, (long) blocks * BLOCK, blocks - 71, false));
    }

    @Test
    void a_log_of_more_than_two_gibibytes_is_read_to_its_end() throws IOException {
        Path log = folder.resolve("000002.log");
        long size = (2L << 30) + 10L * BLOCK;
        try (FileChannel channel = open(log)) {
            channel.write(block(), 0);
            // Nothing between, which takes no room on the disk; and a group beyond any mapping.
            channel.write(block(), size - BLOCK);
        }

        assertThat(LogFile.check(log)).isEqualTo(new LogFile.Flaw(log, BLOCK, size, 1, false));
    }
}
