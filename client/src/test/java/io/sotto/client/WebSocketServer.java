package io.sotto.client;

import io.sotto.mqtt.Payload;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The server's end of one WebSocket on a loopback socket, which says just what the test says.
final class WebSocketServer implements Closeable {
    /// What a server answers that agrees; `KEY` becomes what the client's key calls for.
    static final String AGREES =
            """
            HTTP/1.1 101 Switching Protocols
            upgrade: WebSocket
            Connection: keep-alive, Upgrade
            Sec-WebSocket-Accept: KEY
            Sec-WebSocket-Protocol: mqtt
            """;

    private static final Pattern KEY = Pattern.compile("Sec-WebSocket-Key: (\\S+)");
    private static final int PATIENCE_MILLIS = 10_000;

    private final ServerSocket listening;

    WebSocketServer() throws IOException {
        listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        listening.setSoTimeout(PATIENCE_MILLIS);
    }

    Transport.Connector connector() {
        return Transport.webSocket(
                Transport.tcp("127.0.0.1", listening.getLocalPort()), "broker:1", "/mqtt");
    }

    Wire.Opener opener() {
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), listening.getLocalPort());
        return Wire.webSocket(_ -> Wire.over(SocketChannel.open(address)), "broker:1", "/mqtt");
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    /// Takes a connection and answers its request with this head and these bytes.
    Peer accept(String head, String hex) throws Exception {
        Socket socket = listening.accept();
        socket.setSoTimeout(PATIENCE_MILLIS);
        Peer peer =
                new Peer(socket, new DataInputStream(socket.getInputStream()), readHead(socket));
        Matcher key = KEY.matcher(peer.request);
        if (!key.find()) {
            throw new IllegalStateException(peer.request);
        }
        byte[] sum =
                MessageDigest.getInstance("SHA-1")
                        .digest(
                                (key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                                        .getBytes(StandardCharsets.US_ASCII));
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        String text = head.replace("KEY", Base64.getEncoder().encodeToString(sum));
        answer.writeBytes(
                (text.replace("\n", "\r\n") + "\r\n").getBytes(StandardCharsets.US_ASCII));
        answer.writeBytes(HexFormat.of().parseHex(hex.replace(" ", "")));
        socket.getOutputStream().write(answer.toByteArray());
        return peer;
    }

    private static String readHead(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("no request: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /// A frame from the client, unmasked.
    record Frame(int head, int mask, Payload payload) {
        String hex() {
            return HexFormat.of().toHexDigits((byte) head)
                    + HexFormat.of().formatHex(payload.toByteArray());
        }
    }

    /// One connection.
    record Peer(Socket socket, DataInputStream in, String request) implements Closeable {
        void send(String hex) throws IOException {
            socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
        }

        Frame frame() throws IOException {
            int head = in.readUnsignedByte();
            int second = in.readUnsignedByte();
            if (second < 0x80) {
                throw new IOException("a frame without a mask");
            }
            int length = second & 0x7F;
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = Math.toIntExact(in.readLong());
            }
            int mask = in.readInt();
            byte[] payload = new byte[length];
            in.readFully(payload);
            for (int i = 0; i < length; i++) {
                payload[i] ^= (byte) (mask >> 24 - i % 4 * 8);
            }
            return new Frame(head, mask, Payload.copyOf(payload));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
