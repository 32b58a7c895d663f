package io.sotto.server;

import io.sotto.broker.spi.Entropy;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/// Bits of the system's secure generator, fetched in blocks: each thread has a block of its own, so
/// that an assigned client id costs neither a lock nor a system call.
final class SecureEntropy implements Entropy {
    private static final int BLOCK = 1024;

    private final SecureRandom random = new SecureRandom();
    private final ThreadLocal<ByteBuffer> blocks =
            ThreadLocal.withInitial(() -> ByteBuffer.allocate(BLOCK).limit(0));

    @Override
    public long next() {
        ByteBuffer block = blocks.get();
        if (!block.hasRemaining()) {
            byte[] bits = new byte[BLOCK];
            random.nextBytes(bits);
            block.clear().put(bits).flip();
        }
        return block.getLong();
    }
}
