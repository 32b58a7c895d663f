package io.sotto.client;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// The frames from the server as one stream of bytes: fragments and frames are joined, pings
/// answered, and the stream ends with Close. A frame that breaks a rule of RFC 6455 ends the
/// connection with the code that the rule has; a frame's length alone makes nothing grow here.
final class WebSocketInput extends InputStream {
    private static final int FINAL = 0x80;
    private static final int RESERVED = 0x70;
    private static final int OPCODE = 0x0F;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7F;
    private static final int MOST_CONTROL = 125;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;

    private static final int PROTOCOL_ERROR = 1002;
    private static final int UNSUPPORTED = 1003;
    private static final int NOT_UTF_8 = 1007;

    private final DataInputStream in;
    private final WebSocketOutput out;
    private long left;
    private boolean within;
    private boolean ended;

    WebSocketInput(InputStream in, WebSocketOutput out) {
        this.in = new DataInputStream(new BufferedInputStream(in));
        this.out = out;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (left == 0 && !ended) {
            if (!nextFrame()) {
                ended = true;
            }
        }
        if (ended) {
            return -1;
        }
        int count = in.read(bytes, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new IOException("the connection ended within a frame");
        }
        left -= count;
        return count;
    }

    /// Takes the head of a frame, and all of one that is no data; false when the stream is over.
    private boolean nextFrame() throws IOException {
        int head = in.read();
        if (head < 0) {
            return false;
        }
        int second = in.readUnsignedByte();
        require((head & RESERVED) == 0, PROTOCOL_ERROR, "a reserved bit without an extension");
        require((second & MASKED) == 0, PROTOCOL_ERROR, "a masked frame from a server");
        boolean last = (head & FINAL) != 0;
        long length = length(second & LENGTH);
        int opcode = head & OPCODE;
        switch (opcode) {
            case 0x0 -> {
                require(within, PROTOCOL_ERROR, "a continuation of nothing");
                within = !last;
                left = length;
            }
            case 0x1 -> require(false, UNSUPPORTED, "a text frame [MQTT-6.0.0-1]");
            case 0x2 -> {
                require(!within, PROTOCOL_ERROR, "a message within another");
                within = !last;
                left = length;
            }
            case 0x8, 0x9, 0xA -> {
                require(last, PROTOCOL_ERROR, "a control frame in fragments");
                require(length <= MOST_CONTROL, PROTOCOL_ERROR, "a long control frame");
                byte[] payload = new byte[(int) length];
                in.readFully(payload);
                return control(opcode, payload);
            }
            default -> require(false, PROTOCOL_ERROR, "an unknown kind of frame");
        }
        return true;
    }

    private long length(int first) throws IOException {
        if (first < LENGTH_16) {
            return first;
        }
        boolean large = first == LENGTH_64;
        long length = large ? in.readLong() : in.readUnsignedShort();
        long least = large ? 0x1_0000 : LENGTH_16;
        require(length >= least, PROTOCOL_ERROR, "a length that is not written as short as it is");
        return length;
    }

    private boolean control(int opcode, byte[] payload) throws IOException {
        switch (opcode) {
            case 0x8 -> {
                closed(payload);
                return false;
            }
            case 0x9 -> out.pong(payload);
            default -> {
                // A pong that nobody asked for is allowed (5.5.3).
            }
        }
        return true;
    }

    /// Answers with the server's own code. One that is not normal is told as the reason of the end.
    private void closed(byte[] payload) throws IOException {
        if (payload.length == 0) {
            out.closeWithoutCode();
            return;
        }
        require(payload.length > 1, PROTOCOL_ERROR, "half a close code");
        ByteBuffer rest = ByteBuffer.wrap(payload);
        int code = Short.toUnsignedInt(rest.getShort());
        require(isSent(code), PROTOCOL_ERROR, "a close code that is never sent");
        String reason = "";
        try {
            reason = StandardCharsets.UTF_8.newDecoder().decode(rest).toString();
        } catch (CharacterCodingException e) {
            require(false, NOT_UTF_8, "a reason that is no UTF-8");
        }
        out.close(code);
        if (code != WebSocketOutput.NORMAL) {
            String words = reason.isEmpty() ? "" : ": " + Texts.printable(reason);
            throw new IOException("the server closed the WebSocket with " + code + words);
        }
    }

    /// The codes of RFC 6455, 7.4, and of the register of IANA, without those that only stand for
    /// something that was not sent.
    private static boolean isSent(int code) {
        return code >= 1000 && code <= 1003
                || code >= 1007 && code <= 1014
                || code >= 3000 && code <= 4999;
    }

    private void require(boolean holds, int code, String fault) throws IOException {
        if (!holds) {
            out.close(code);
            throw new IOException("the server broke a rule of WebSocket: " + fault);
        }
    }
}
