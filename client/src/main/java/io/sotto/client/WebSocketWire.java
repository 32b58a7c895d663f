package io.sotto.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/// MQTT in the binary frames of a WebSocket, as [WebSocket], over any other wire.
///
/// What answers a ping and finds no room goes with what is written next.
final class WebSocketWire implements Wire {
    private static final int BUFFER = 8 * 1024;

    private final Wire below;
    private final Framed framed = new Framed();
    private final WebSocketOutput output = new WebSocketOutput(framed);
    private final WebSocketFrames frames = new WebSocketFrames(output);
    private final ByteBuffer raw = ByteBuffer.allocate(BUFFER).flip();
    // Who reads answers to pings.
    private final ReentrantLock lock = new ReentrantLock();

    private WebSocketWire(Wire below) {
        this.below = below;
    }

    /// A WebSocket on a wire that nothing was said on yet and whose channel waits.
    static WebSocketWire open(Wire below, WebSocketHandshake handshake, Duration timeout)
            throws IOException {
        WebSocketWire wire = new WebSocketWire(below);
        Patience.bound(below, timeout, WebSocket.LATE, () -> wire.agree(handshake));
        return wire;
    }

    private void agree(WebSocketHandshake handshake) throws IOException {
        handshake.perform(new Raw(), framed);
    }

    private int fill() throws IOException {
        raw.compact();
        try {
            return below.read(raw);
        } finally {
            raw.flip();
        }
    }

    @Override
    public SocketChannel channel() {
        return below.channel();
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        lock.lock();
        try {
            int start = to.position();
            boolean more = true;
            while (true) {
                frames.read(raw, to);
                if (!more || !to.hasRemaining() || frames.isEnded()) {
                    break;
                }
                int count = fill();
                more = raw.limit() == raw.capacity();
                if (count < 0) {
                    frames.end(raw);
                }
            }
            framed.flush();
            int count = to.position() - start;
            if (count > 0 && frames.isEnded()) {
                // So that the channel says that there is more: the end.
                channel().shutdownInput();
            }
            return count == 0 && frames.isEnded() ? -1 : count;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean write(ByteBuffer from) throws IOException {
        lock.lock();
        try {
            framed.flush();
            if (framed.isEmpty()) {
                output.write(from);
                framed.flush();
            }
            return framed.isEmpty() && !from.hasRemaining();
        } finally {
            lock.unlock();
        }
    }

    /// Says Close; the server answers with its own and ends the connection.
    @Override
    public void finish() throws IOException {
        lock.lock();
        try {
            output.close(WebSocketOutput.NORMAL);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        below.close();
    }

    /// What comes from below, on a channel that waits. What nobody has read stays for the frames.
    private final class Raw extends InputStream {
        Raw() {}

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            while (!raw.hasRemaining()) {
                if (fill() < 0) {
                    return -1;
                }
            }
            int count = Math.min(length, raw.remaining());
            raw.get(to, offset, count);
            return count;
        }
    }

    /// Frames on their way.
    private final class Framed extends OutputStream {
        private ByteBuffer bytes = ByteBuffer.allocate(BUFFER);

        Framed() {}

        boolean isEmpty() {
            return bytes.position() == 0;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) {
            if (bytes.remaining() < length) {
                int wanted = Math.max(bytes.position() + length, 2 * bytes.capacity());
                bytes = ByteBuffer.allocate(wanted).put(bytes.flip());
            }
            bytes.put(from, offset, length);
        }

        @Override
        public void flush() throws IOException {
            bytes.flip();
            try {
                below.write(bytes);
            } finally {
                bytes.compact();
            }
        }
    }
}
