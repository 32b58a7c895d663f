package io.sotto.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/// The frames from the server as a stream to wait on.
final class WebSocketInput extends InputStream {
    private static final int BUFFER = 8 * 1024;

    private final InputStream in;
    private final WebSocketFrames frames;
    private final ByteBuffer raw = ByteBuffer.allocate(BUFFER).flip();

    WebSocketInput(InputStream in, WebSocketOutput out) {
        this.in = in;
        this.frames = new WebSocketFrames(out);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer to = ByteBuffer.wrap(bytes, offset, length);
        while (true) {
            frames.read(raw, to);
            int count = to.position() - offset;
            if (count > 0 || length == 0) {
                return count;
            }
            if (frames.isEnded()) {
                return -1;
            }
            if (!fill()) {
                frames.end(raw);
            }
        }
    }

    @SuppressWarnings("ByteBufferBackingArray") // it is allocated here
    private boolean fill() throws IOException {
        raw.compact();
        int count = in.read(raw.array(), raw.position(), raw.remaining());
        raw.position(raw.position() + Math.max(0, count)).flip();
        return count >= 0;
    }
}
