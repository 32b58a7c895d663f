package io.sotto.conformance;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;

/// A WebSocket to the broker, made by hand from RFC 6455: it sends whatever request and whatever
/// frames it is told.
public final class WebSocket implements Closeable {
    public static final int TEXT = 0x81;
    public static final int BINARY = 0x82;
    public static final int BEGIN_BINARY = 0x02;
    public static final int CONTINUE = 0x00;
    public static final int CONTINUE_LAST = 0x80;
    public static final int CLOSE = 0x88;
    public static final int PING = 0x89;
    public static final int PONG = 0x8A;

    private static final int PATIENCE_MILLIS = 8_000;
    private static final byte[] MASK = {0x37, (byte) 0xFA, 0x21, 0x3D};
    private static final String NAME = "ws";

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final Transcript transcript;

    WebSocket(InetSocketAddress address, Transcript transcript) {
        this.transcript = transcript;
        try {
            socket.setTcpNoDelay(true);
            socket.connect(address, PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            in = new DataInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new Unexpected("no connection to %s: %s".formatted(address, e.getMessage()));
        }
    }

    /// Sends a request for the path of MQTT with these header lines behind the usual ones.
    ///
    /// @return the head of the response
    public Response request(String... lines) {
        String key = Base64.getEncoder().encodeToString(new byte[16]);
        StringBuilder request =
                new StringBuilder("GET /mqtt HTTP/1.1\r\nHost: broker\r\nUpgrade: websocket\r\n")
                        .append("Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n")
                        .append("Sec-WebSocket-Key: ")
                        .append(key)
                        .append("\r\n");
        Arrays.stream(lines).forEach(line -> request.append(line).append("\r\n"));
        return request(
                Bytes.of(request.append("\r\n").toString().getBytes(StandardCharsets.UTF_8)));
    }

    public Response request(Bytes whole) {
        send(whole);
        StringBuilder head = new StringBuilder();
        try {
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.readUnsignedByte());
            }
        } catch (IOException e) {
            throw new Unexpected("no response, only '%s'".formatted(head));
        }
        transcript.happened(NAME, "response " + head.toString().strip());
        return new Response(head.toString());
    }

    /// The head of a response.
    public record Response(String head) {
        public int status() {
            return Integer.parseInt(head.substring(9, 12));
        }

        /// The value of a header, empty without one.
        public String header(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ":";
            return head.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(line -> line.substring(start.length()).strip())
                    .findFirst()
                    .orElse("");
        }
    }

    /// The handshake, as a client of MQTT does it.
    public WebSocket opened() {
        Response response = request("Sec-WebSocket-Protocol: mqtt");
        Unexpected.unless(response.status() == 101, "refused: %s", response.head());
        return this;
    }

    public WebSocket send(Bytes bytes) {
        transcript.sent(NAME, bytes);
        try {
            socket.getOutputStream().write(bytes.toArray());
        } catch (IOException e) {
            transcript.happened(NAME, "sending failed: " + e.getMessage());
        }
        return this;
    }

    /// Sends one frame.
    public WebSocket frame(int firstByte, Bytes payload) {
        return send(framed(firstByte, payload));
    }

    public WebSocket frame(int firstByte, String notation) {
        return frame(firstByte, Bytes.of(notation));
    }

    /// A masked frame with the shortest form of its length.
    public static Bytes framed(int firstByte, Bytes payload) {
        int size = payload.size();
        String length =
                size < 126
                        ? "%02X".formatted(0x80 | size)
                        : size < 65_536
                                ? "FE %04X".formatted(size)
                                : "FF %016X".formatted((long) size);
        byte[] masked = payload.toArray();
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= MASK[i % MASK.length];
        }
        return Bytes.of("%02X %s".formatted(firstByte, length))
                .plus(Bytes.of(MASK))
                .plus(Bytes.of(masked));
    }

    /// The payload of the next frame, which has to be a binary one.
    public Bytes expectBinary() {
        return expect(BINARY);
    }

    /// The payload of the next frame, which has to begin with this byte.
    public Bytes expect(int firstByte) {
        try {
            int first = in.readUnsignedByte();
            int length = in.readUnsignedByte();
            Unexpected.unless(length < 128, "a server masks no frame");
            long size =
                    length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
            byte[] payload = new byte[Math.toIntExact(size)];
            in.readFully(payload);
            transcript.received(NAME, Bytes.of("%02X".formatted(first)).plus(Bytes.of(payload)));
            Unexpected.unless(first == firstByte, "a frame %02X instead of %02X", first, firstByte);
            return Bytes.of(payload);
        } catch (IOException e) {
            throw new Unexpected("no frame %02X: %s".formatted(firstByte, e));
        }
    }

    /// A close frame with this code, behind packets of MQTT at most; then the end.
    public void expectClose(int code) {
        int got = expectClose();
        Unexpected.unless(got == code, "close code %d instead of %d", got, code);
    }

    /// A close frame, behind packets of MQTT at most; then the end.
    ///
    /// @return its code, 0 when it has none
    public int expectClose() {
        int code;
        try {
            int first = in.readUnsignedByte();
            while (first == BINARY) {
                in.skipNBytes(in.readUnsignedByte());
                first = in.readUnsignedByte();
            }
            Unexpected.unless(first == CLOSE, "a frame %02X instead of a close frame", first);
            int size = in.readUnsignedByte();
            code = size < 2 ? 0 : in.readUnsignedShort();
            in.skipNBytes(Math.max(0, size - 2));
        } catch (IOException e) {
            throw new Unexpected("no close frame: " + e);
        }
        expectEnd();
        return code;
    }

    public void expectEnd() {
        try {
            Unexpected.unless(in.read() < 0, "more bytes instead of the end");
        } catch (EOFException e) {
            transcript.happened(NAME, "closed by the broker");
        } catch (IOException e) {
            throw new Unexpected("not closed: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            transcript.happened(NAME, "already closed: " + e.getMessage());
        }
    }
}
