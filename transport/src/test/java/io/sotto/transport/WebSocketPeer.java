package io.sotto.transport;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;

/// A WebSocket client made by hand: it sends whatever bytes it is told, right or wrong.
final class WebSocketPeer implements Closeable {
    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    static final String ASKS_FOR_MQTT = "Sec-WebSocket-Protocol: mqtt";

    private static final int PATIENCE = 20_000;
    private static final int MASK = 0x37FA213D;

    private final Socket socket;
    private final DataInputStream in;

    WebSocketPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
    }

    static WebSocketPeer at(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE);
        return new WebSocketPeer(socket);
    }

    /// What a client sends that does everything right, with these header lines behind the rest.
    static String request(String path, String... lines) {
        return "GET "
                + path
                + " HTTP/1.1\r\n"
                + "Host: localhost\r\n"
                + "Upgrade: websocket\r\n"
                + "Connection: keep-alive, Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: "
                + KEY
                + "\r\n"
                + String.join("", Arrays.stream(lines).map(x -> x + "\r\n").toList())
                + "\r\n";
    }

    /// A connection on which frames may follow.
    static WebSocketPeer open(int port) throws IOException {
        WebSocketPeer peer = at(port);
        peer.send(request("/mqtt", ASKS_FOR_MQTT));
        String response = peer.response();
        if (!response.startsWith("HTTP/1.1 101 ")) {
            throw new AssertionError(response);
        }
        return peer;
    }

    /// A connection whose client has logged in.
    static WebSocketPeer connected(int port, byte[] connect) throws IOException {
        WebSocketPeer peer = open(port);
        peer.send(frame(0x82, connect));
        if (peer.receive().payload()[0] != 0x20) {
            throw new AssertionError("no CONNACK");
        }
        return peer;
    }

    /// A connection whose broker compresses as this offer says, or in its own way.
    static WebSocketPeer deflating(int port, String offer) throws IOException {
        WebSocketPeer peer = at(port);
        peer.send(request("/mqtt", ASKS_FOR_MQTT, "Sec-WebSocket-Extensions: " + offer));
        String response = peer.response();
        if (!response.contains("\r\nSec-WebSocket-Extensions: permessage-deflate")) {
            throw new AssertionError(response);
        }
        return peer;
    }

    /// The payload of a deflated message that stands for itself.
    static byte[] deflated(byte[] message) {
        return deflatedInTurn(message)[0];
    }

    /// Those of messages each of which may refer to the ones before.
    static byte[][] deflatedInTurn(byte[]... messages) {
        byte[][] all = new byte[messages.length][];
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        for (int i = 0; i < messages.length; i++) {
            byte[] out = new byte[messages[i].length + 100];
            deflater.setInput(messages[i]);
            int size = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
            all[i] = Arrays.copyOf(out, size - 4);
        }
        deflater.end();
        return all;
    }

    boolean isOpen() throws IOException {
        send(frame(0x89, new byte[0]));
        return receive().first() == 0x8A;
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// The head of a response, to its empty line; what came of it when the connection ended.
    String response() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int one = in.read();
            if (one < 0) {
                break;
            }
            head.append((char) one);
        }
        return head.toString();
    }

    /// What the broker sent in one frame.
    static final class Received {
        private final int first;
        private final byte[] payload;

        Received(int first, byte[] payload) {
            this.first = first;
            this.payload = payload;
        }

        int first() {
            return first;
        }

        byte[] payload() {
            return payload;
        }

        /// Of a close frame: its code, or 0 without one.
        int code() {
            return payload.length == 0 ? 0 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        }
    }

    Received receive() throws IOException {
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte();
        if (length > 127) {
            throw new AssertionError("a server masks nothing");
        }
        long size = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
        byte[] payload = new byte[(int) size];
        in.readFully(payload);
        return new Received(first, payload);
    }

    /// The code of the close frame that comes next, behind whatever else; then the end.
    int closeCode() throws IOException {
        Received frame = receive();
        while (frame.first() != 0x88) {
            frame = receive();
        }
        if (in.read() >= 0) {
            throw new AssertionError("something behind the close frame");
        }
        return frame.code();
    }

    /// Whether the connection ends without another byte.
    boolean isEnded() throws IOException {
        try {
            return in.read() < 0;
        } catch (EOFException e) {
            return true;
        }
    }

    /// A masked frame with the shortest form of its length.
    static byte[] frame(int first, byte[] payload) {
        ByteBuffer head = ByteBuffer.allocate(14).put((byte) first);
        if (payload.length < 126) {
            head.put((byte) (0x80 | payload.length));
        } else if (payload.length < 1 << 16) {
            head.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            head.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        head.putInt(MASK).flip();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(head.array(), 0, head.limit());
        out.writeBytes(masked(payload));
        return out.toByteArray();
    }

    static byte[] masked(byte[] payload) {
        byte[] masked = payload.clone();
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= (byte) (MASK >>> 24 - 8 * (i % 4));
        }
        return masked;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
