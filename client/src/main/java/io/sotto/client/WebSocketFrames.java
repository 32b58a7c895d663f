package io.sotto.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// The frames from the server as one stream of bytes: fragments and frames are joined, pings
/// answered, and the stream ends with Close. Waits for nothing. A frame that breaks a rule of RFC
/// 6455 ends the connection with the code that the rule has; a frame's length alone makes nothing
/// grow here.
final class WebSocketFrames {
    private static final int FINAL = 0x80;
    private static final int RESERVED = 0x70;
    private static final int OPCODE = 0x0F;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7F;
    private static final int MOST_CONTROL = 125;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xA;

    private static final int PROTOCOL_ERROR = 1002;
    private static final int UNSUPPORTED = 1003;
    private static final int NOT_UTF_8 = 1007;

    private final WebSocketOutput out;
    private long left;
    private boolean within;
    private boolean ended;

    /// @param out what answers go to
    WebSocketFrames(WebSocketOutput out) {
        this.out = out;
    }

    /// Moves data from frames to where it is wanted, until that is full, the frames need more
    /// bytes, or Close has come.
    void read(ByteBuffer in, ByteBuffer to) throws IOException {
        while (!ended) {
            if (left == 0) {
                if (!nextFrame(in)) {
                    return;
                }
            } else {
                int count = (int) Math.min(left, Math.min(in.remaining(), to.remaining()));
                if (count == 0) {
                    return;
                }
                to.put(in.slice(in.position(), count));
                in.position(in.position() + count);
                left -= count;
            }
        }
    }

    /// Whether Close has come.
    boolean isEnded() {
        return ended;
    }

    /// No more bytes come than those that are left.
    void end(ByteBuffer in) throws IOException {
        ended = true;
        if (left > 0 || in.hasRemaining()) {
            throw new IOException("the connection ended within a frame");
        }
    }

    /// Takes the head of a frame, and all of one that is no data; false where that is not all
    /// there.
    private boolean nextFrame(ByteBuffer in) throws IOException {
        int start = in.position();
        if (in.remaining() < 2) {
            return false;
        }
        int head = in.get();
        int second = in.get();
        require((head & RESERVED) == 0, PROTOCOL_ERROR, "a reserved bit without an extension");
        require((second & MASKED) == 0, PROTOCOL_ERROR, "a masked frame from a server");
        long length = length(second & LENGTH, in);
        int opcode = head & OPCODE;
        boolean control = opcode >= CLOSE && opcode <= PONG;
        if (length < 0 || control && length <= MOST_CONTROL && in.remaining() < length) {
            in.position(start);
            return false;
        }
        boolean last = (head & FINAL) != 0;
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
            case CLOSE, PING, PONG -> {
                require(last, PROTOCOL_ERROR, "a control frame in fragments");
                require(length <= MOST_CONTROL, PROTOCOL_ERROR, "a long control frame");
                byte[] payload = new byte[(int) length];
                in.get(payload);
                control(opcode, payload);
            }
            default -> require(false, PROTOCOL_ERROR, "an unknown kind of frame");
        }
        return true;
    }

    /// The length, or -1 where not all of it is there.
    private long length(int first, ByteBuffer in) throws IOException {
        if (first < LENGTH_16) {
            return first;
        }
        boolean large = first == LENGTH_64;
        if (in.remaining() < (large ? Long.BYTES : Short.BYTES)) {
            return -1;
        }
        long length = large ? in.getLong() : Short.toUnsignedInt(in.getShort());
        long least = large ? 0x1_0000 : LENGTH_16;
        require(length >= least, PROTOCOL_ERROR, "a length that is not written as short as it is");
        return length;
    }

    private void control(int opcode, byte[] payload) throws IOException {
        switch (opcode) {
            case CLOSE -> {
                ended = true;
                closed(payload);
            }
            case PING -> out.pong(payload);
            default -> {
                // A pong that nobody asked for is allowed (5.5.3).
            }
        }
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
