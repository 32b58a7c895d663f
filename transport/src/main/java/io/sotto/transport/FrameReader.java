package io.sotto.transport;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads the frames that the client of one WebSocket sends (RFC 6455, section 5). A frame is:
///
/// ```
///  FIN RSV1 RSV2 RSV3 opcode(4) | MASK length(7) | length(16 or 64)? | mask(32) | payload
/// ```
///
/// RSV1 says that a message is deflated, where that was agreed on (RFC 7692, section 6).
///
/// Payloads are unmasked where the network put them and handed on in the pieces that have come, so
/// that a frame costs no memory, whatever it announces: frames and packets have nothing to do with
/// each other [MQTT-6.0.0-2] [MQTT3-6.0.0-2].
final class FrameReader {
    static final int NORMAL = 1000;
    static final int PROTOCOL_ERROR = 1002;
    static final int NOT_ACCEPTABLE = 1003;
    static final int INCONSISTENT = 1007;
    static final int TOO_LARGE = 1009;
    static final int TRY_AGAIN_LATER = 1013;

    /// Stands for a close frame without a code; never sent.
    static final int NO_STATUS = 1005;

    static final int CONTINUATION = 0x0;
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xA;

    private static final int LARGEST_CONTROL = 125;
    private static final int LARGEST_HEAD = 14;

    private final WebSocketSettings limits;
    private final Sink sink;
    private final @Nullable Inflation inflation;
    private final byte[] head = new byte[LARGEST_HEAD];
    private int headSize;
    private boolean inPayload;
    private long remaining;
    private int mask;
    private byte[] control = {};
    private int frames;
    private long messageBytes;
    private boolean isDeflated;

    /// What frames bring.
    interface Sink {
        /// A piece of MQTT; all of it is taken.
        void data(ByteBuf bytes);

        /// Whether more MQTT is wanted.
        boolean isOpen();

        void ping(byte[] payload);

        /// The peer ends the WebSocket.
        ///
        /// @param status the code, or [#NO_STATUS]
        void close(int status);
    }

    /// @param inflation for messages that are deflated, or null where there are none
    FrameReader(WebSocketSettings limits, Sink sink, @Nullable Inflation inflation) {
        this.limits = limits;
        this.sink = sink;
        this.inflation = inflation;
    }

    /// Takes all that has come.
    ///
    /// @throws FrameException when the peer broke a rule; nothing is to be read any more
    void read(ByteBuf in) throws FrameException {
        while (in.isReadable()) {
            if (inPayload) {
                takePayload(in);
            } else {
                takeHead(in);
            }
            if (inPayload && remaining == 0) {
                finish();
            }
        }
    }

    private void takeHead(ByteBuf in) throws FrameException {
        head[headSize++] = in.readByte();
        if (headSize == 2) {
            checkStart();
        }
        if (headSize >= 2 && headSize == 2 + lengthBytes() + 4) {
            begin();
        }
    }

    private int opcode() {
        return head[0] & 0x0F;
    }

    private boolean isFinal() {
        return head[0] < 0;
    }

    private boolean isControl() {
        return (head[0] & 0x08) != 0;
    }

    /// How many bytes of length follow the short one.
    private int lengthBytes() {
        return switch (head[1] & 0x7F) {
            case 126 -> 2;
            case 127 -> 8;
            default -> 0;
        };
    }

    private void checkStart() throws FrameException {
        boolean mayDeflate = inflation != null && opcode() != CONTINUATION && !isControl();
        if ((head[0] & (mayDeflate ? 0x30 : 0x70)) != 0) {
            throw FrameException.protocol("a reserved bit is set");
        }
        if (head[1] >= 0) {
            throw FrameException.protocol("a frame is not masked");
        }
        switch (opcode()) {
            case CONTINUATION -> {
                if (frames == 0) {
                    throw FrameException.protocol("a continuation of nothing");
                }
            }
            case TEXT ->
                    throw new FrameException(
                            NOT_ACCEPTABLE,
                            "a text frame; MQTT is binary [MQTT-6.0.0-1] [MQTT3-6.0.0-1]");
            case BINARY -> {
                if (frames > 0) {
                    throw FrameException.protocol("a new message within a message");
                }
            }
            case CLOSE, PING, PONG -> {
                if (!isFinal() || (head[1] & 0x7F) > LARGEST_CONTROL) {
                    throw FrameException.protocol("a control frame in parts or above 125 bytes");
                }
            }
            default -> throw FrameException.protocol("an unknown opcode " + opcode());
        }
    }

    /// The head is whole.
    private void begin() throws FrameException {
        int lengthBytes = lengthBytes();
        long length = lengthBytes == 0 ? head[1] & 0x7F : 0;
        for (int i = 0; i < lengthBytes; i++) {
            length = length << 8 | head[2 + i] & 0xFF;
        }
        boolean isShortest =
                lengthBytes == 0
                        || Long.compareUnsigned(length, lengthBytes == 2 ? 126 : 65_536) >= 0;
        if (!isShortest) {
            throw FrameException.protocol("a length in more bytes than needed");
        }
        mask = ByteBuffer.wrap(head).getInt(2 + lengthBytes);
        remaining = length;
        inPayload = true;
        if (isControl()) {
            control = new byte[(int) length];
            return;
        }
        if (length < 0 || length > limits.frame()) {
            throw FrameException.tooLarge("frame", "frame-size");
        }
        if (opcode() == BINARY) {
            isDeflated = (head[0] & 0x40) != 0;
        }
        messageBytes += length;
        if (messageBytes > limits.message()) {
            throw FrameException.tooLarge("message", "message-size");
        }
        if (++frames > limits.frames()) {
            throw FrameException.tooLarge("message", "frames-per-message");
        }
    }

    private void takePayload(ByteBuf in) throws FrameException {
        int size = (int) Math.min(remaining, in.readableBytes());
        int from = in.readerIndex();
        unmask(in, from, size);
        remaining -= size;
        if (isControl()) {
            in.readBytes(control, (int) (control.length - remaining - size), size);
            return;
        }
        int end = in.writerIndex();
        in.writerIndex(from + size);
        if (inflation != null && isDeflated) {
            inflation.take(in, sink);
        } else {
            sink.data(in);
        }
        in.setIndex(from + size, end);
    }

    private void unmask(ByteBuf in, int from, int size) {
        long wide = (long) mask << 32 | mask & 0xFFFF_FFFFL;
        int end = from + size;
        int at = from;
        for (; at + 8 <= end; at += 8) {
            in.setLong(at, in.getLong(at) ^ wide);
        }
        for (; at < end; at++) {
            in.setByte(at, in.getByte(at) ^ mask >>> 24);
            mask = Integer.rotateLeft(mask, 8);
        }
    }

    /// The payload is whole.
    private void finish() throws FrameException {
        inPayload = false;
        headSize = 0;
        switch (opcode()) {
            case PING -> sink.ping(control);
            case CLOSE -> sink.close(status());
            case PONG -> {}
            default -> {
                if (isFinal()) {
                    frames = 0;
                    messageBytes = 0;
                    if (inflation != null && isDeflated) {
                        inflation.finish(sink);
                    }
                }
            }
        }
    }

    private int status() throws FrameException {
        if (control.length == 0) {
            return NO_STATUS;
        }
        if (control.length == 1) {
            throw FrameException.protocol("a close frame with half a code");
        }
        int status = (control[0] & 0xFF) << 8 | control[1] & 0xFF;
        boolean known = status >= 1000 && status <= 1014 && (status < 1004 || status > 1006);
        if (!known && (status < 3000 || status > 4999)) {
            throw FrameException.protocol("a close code that is none: " + status);
        }
        try {
            byte[] reason = Arrays.copyOfRange(control, 2, control.length);
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(reason));
        } catch (CharacterCodingException e) {
            throw new FrameException(INCONSISTENT, "a close frame whose reason is not UTF-8");
        }
        return status;
    }
}
