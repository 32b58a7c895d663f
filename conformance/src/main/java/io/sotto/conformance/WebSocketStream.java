package io.sotto.conformance;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// MQTT in binary frames, over TCP or TLS: a well-behaved client of a WebSocket, which the tests
/// need not know of. A close frame of the broker is answered, and the end is still the end of the
/// stream below.
final class WebSocketStream implements Carrier.Stream {
    private static final String REQUEST =
            """
            GET /mqtt HTTP/1.1
            Host: broker
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==
            Sec-WebSocket-Protocol: mqtt

            """
                    .replace("\n", "\r\n");
    private static final byte[] MASK = {0x37, (byte) 0xFA, 0x21, 0x3D};

    /// A message has at most so many bytes: packets are larger than that, and in several.
    private static final int LARGEST = 16_384;

    private static final int CONTINUATION = 0x0;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int END = -1;

    private final Carrier.Stream below;
    private final DataInputStream in;
    private final InputStream unframed = new Unframed();
    private final OutputStream framed = new Framed();

    /// Asks for the WebSocket.
    WebSocketStream(Carrier.Stream below) throws IOException {
        this.below = below;
        in = new DataInputStream(below.input());
        below.patience(SocketStream.CONNECT_MILLIS);
        below.output().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        String answer = head.toString().toLowerCase(Locale.ROOT);
        if (!answer.startsWith("http/1.1 101 ")) {
            throw new IOException("no WebSocket: " + head.substring(0, head.indexOf("\r\n")));
        }
    }

    @Override
    public InputStream input() {
        return unframed;
    }

    @Override
    public OutputStream output() {
        return framed;
    }

    @Override
    public void patience(int millis) throws IOException {
        below.patience(millis);
    }

    @Override
    public void finish() throws IOException {
        below.finish();
    }

    @Override
    public void reset() throws IOException {
        below.reset();
    }

    @Override
    public void close() throws IOException {
        below.close();
    }

    private void send(int opcode, byte[] payload, int offset, int length) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(8 + length);
        frame.put((byte) (0x80 | opcode));
        if (length < 126) {
            frame.put((byte) (0x80 | length));
        } else {
            frame.put((byte) (0x80 | 126)).putShort((short) length);
        }
        frame.put(MASK);
        for (int i = 0; i < length; i++) {
            frame.put((byte) (payload[offset + i] ^ MASK[i & 3]));
        }
        below.output().write(Arrays.copyOf(frame.array(), frame.position()));
    }

    private final class Framed extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int at = 0; at < length; at += LARGEST) {
                send(BINARY, bytes, offset + at, Math.min(LARGEST, length - at));
            }
        }
    }

    private final class Unframed extends InputStream {
        /// Of the frame that is being read.
        private long left;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) == END ? END : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            while (left == 0) {
                int first = in.read();
                if (first == END) {
                    return END;
                }
                next(first);
            }
            int count = in.read(target, offset, (int) Math.min(length, left));
            left -= Math.max(0, count);
            return count;
        }

        private void next(int first) throws IOException {
            int opcode = first & 0x0F;
            int small = in.readUnsignedByte();
            long size = small < 126 ? small : small == 126 ? in.readUnsignedShort() : in.readLong();
            if (opcode == BINARY || opcode == CONTINUATION) {
                left = size;
                return;
            }
            byte[] payload = in.readNBytes((int) size);
            if (payload.length < size) {
                throw new EOFException("the end within a control frame");
            }
            if (opcode == CLOSE) {
                send(CLOSE, payload, 0, payload.length);
            }
        }
    }
}
