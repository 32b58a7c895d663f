package io.sotto.client;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.concurrent.locks.ReentrantLock;

/// The frames to the server: what is written goes out as binary frames, each with a mask of its own
/// (RFC 6455, 5.3), and the reader's answers in between, never within one. After Close nothing
/// follows (5.5.1).
final class WebSocketOutput extends OutputStream {
    static final int NORMAL = 1000;

    private static final int FINAL = 0x80;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PONG = 0xA;
    private static final int MASKED = 0x80;
    private static final int SHORT = 125;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final int MOST_16 = 0xFFFF;

    /// A frame holds at most so much: one is masked as a whole before it is sent.
    private static final int MOST_PAYLOAD = 16 * 1024;

    private static final int MOST_HEADER = 14;

    private final OutputStream out;
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock lock = new ReentrantLock();
    private final byte[] frame = new byte[MOST_HEADER + MOST_PAYLOAD];
    private boolean closed;

    WebSocketOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        write(ByteBuffer.wrap(bytes, offset, length));
    }

    void write(ByteBuffer bytes) throws IOException {
        lock.lock();
        try {
            while (bytes.hasRemaining()) {
                int count = Math.min(MOST_PAYLOAD, bytes.remaining());
                if (closed) {
                    throw new IOException("the WebSocket is closed");
                }
                send(BINARY, bytes.slice(bytes.position(), count));
                bytes.position(bytes.position() + count);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void flush() throws IOException {
        lock.lock();
        try {
            out.flush();
        } finally {
            lock.unlock();
        }
    }

    /// Answers a ping with what it carried.
    void pong(byte[] payload) throws IOException {
        control(PONG, payload, false);
    }

    /// Says why nothing follows; only the first time.
    void close(int code) throws IOException {
        control(CLOSE, new byte[] {(byte) (code >> 8), (byte) code}, true);
    }

    /// Says that nothing follows, and not why.
    void closeWithoutCode() throws IOException {
        control(CLOSE, new byte[0], true);
    }

    private void control(int opcode, byte[] payload, boolean last) throws IOException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = last;
            send(opcode, ByteBuffer.wrap(payload));
            out.flush();
        } finally {
            lock.unlock();
        }
    }

    private void send(int opcode, ByteBuffer payload) throws IOException {
        int length = payload.remaining();
        ByteBuffer to = ByteBuffer.wrap(frame).put((byte) (FINAL | opcode));
        if (length <= SHORT) {
            to.put((byte) (MASKED | length));
        } else if (length <= MOST_16) {
            to.put((byte) (MASKED | LENGTH_16)).putShort((short) length);
        } else {
            to.put((byte) (MASKED | LENGTH_64)).putLong(length);
        }
        int mask = random.nextInt();
        to.putInt(mask);
        while (payload.remaining() >= Integer.BYTES) {
            to.putInt(payload.getInt() ^ mask);
        }
        for (int shift = 24; payload.hasRemaining(); shift -= 8) {
            to.put((byte) (payload.get() ^ mask >> shift));
        }
        out.write(frame, 0, to.position());
    }
}
