package io.sotto.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// The HTTP exchange that turns a stream of bytes into a WebSocket for MQTT (RFC 6455, 4.1).
///
/// @param host the host, and the port where it is not the scheme's own
/// @param path the path and the query, beginning with a slash
record WebSocketHandshake(String host, String path) {
    private static final String PROTOCOL = "mqtt";
    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int MOST_HEADER_BYTES = 16 * 1024;
    private static final int KEY_BYTES = 16;

    WebSocketHandshake {
        // Whatever ends a line would end the request, and begin another.
        if (!path.startsWith("/") || !isVisible(path) || !isVisible(host)) {
            throw new IllegalArgumentException(
                    "host and path of a WebSocket are visible ASCII, and the path begins with /");
        }
    }

    private static boolean isVisible(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    void perform(InputStream in, OutputStream out) throws IOException {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        String key = Base64.getEncoder().encodeToString(random);
        out.write(request(key).getBytes(StandardCharsets.US_ASCII));
        out.flush();
        judge(readHead(in), key);
    }

    /// [MQTT-6.0.0-3] wants the name of the protocol.
    private String request(String key) {
        return String.join(
                "\r\n",
                "GET " + path + " HTTP/1.1",
                "Host: " + host,
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Key: " + key,
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Protocol: " + PROTOCOL,
                "",
                "");
    }

    /// The head of the response and not a byte more: frames may follow at once.
    private static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int ends = 0;
        while (ends < 2) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the server closed the connection and is no WebSocket");
            }
            if (head.size() == MOST_HEADER_BYTES) {
                throw new IOException("the server's HTTP headers are too long");
            }
            head.write(next);
            if (next == '\n') {
                ends++;
            } else if (next != '\r') {
                ends = 0;
            }
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private void judge(String head, String key) throws IOException {
        String[] lines = head.split("\r?\n", -1);
        if (!lines[0].startsWith("HTTP/1.1 101")) {
            throw new IOException(
                    "no WebSocket at " + path + ", the server says: " + Texts.printable(lines[0]));
        }
        Map<String, String> headers = new HashMap<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.merge(
                        line.substring(0, colon).trim().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).trim(),
                        (one, more) -> one + "," + more);
            }
        }
        require(contains(headers, "upgrade", "websocket"), "Upgrade");
        require(contains(headers, "connection", "upgrade"), "Connection");
        require(accept(key).equals(headers.get("sec-websocket-accept")), "Sec-WebSocket-Accept");
        require(!headers.containsKey("sec-websocket-extensions"), "Sec-WebSocket-Extensions");
        require(PROTOCOL.equals(headers.get("sec-websocket-protocol")), "Sec-WebSocket-Protocol");
    }

    private static boolean contains(Map<String, String> headers, String name, String token) {
        return Arrays.stream(headers.getOrDefault(name, "").split(",", -1))
                .anyMatch(one -> one.trim().equalsIgnoreCase(token));
    }

    private static void require(boolean holds, String header) throws IOException {
        if (!holds) {
            throw new IOException(
                    "the server's handshake is none of a WebSocket for MQTT: " + header);
        }
    }

    // SHA-1 is what RFC 6455 says; nothing is kept secret by it.
    private static String accept(String key) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1")
                            .digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
