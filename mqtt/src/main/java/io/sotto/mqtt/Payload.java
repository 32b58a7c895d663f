package io.sotto.mqtt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Immutable bytes: the application message of a PUBLISH, a password, correlation or authentication
/// data.
///
/// Copied once, where bytes come from the network: beyond that line nobody counts references, and a
/// slow subscriber pins a message instead of a network buffer.
///
/// A large one may lie in [Pieces].
public final class Payload {
    private static final byte[][] NO_MORE = {};

    /// No bytes.
    public static final Payload EMPTY = new Payload(new byte[0], NO_MORE);

    private final byte[] bytes;

    /// What follows the first piece.
    private final byte[][] more;

    private Payload(byte[] bytes, byte[][] more) {
        this.bytes = bytes;
        this.more = more;
    }

    private Payload(byte[] bytes) {
        this(bytes, NO_MORE);
    }

    /// A payload that comes bit by bit, and lies where it came: it is copied once, in time with
    /// what comes, and there is never much more memory than bytes. Belongs to one thread.
    public static final class Pieces {
        private static final int SMALLEST = 16 * 1024;

        /// Up to so many bytes of a piece the collector copies it like any object.
        private static final int SMALL = 256 * 1024;

        /// From so many bytes on pieces are [#LARGEST], for which there is a place of their own.
        private static final int LARGE = 1024 * 1024;

        /// What an array of a MiB has room for.
        private static final int LARGEST = 1024 * 1024 - 16;

        private final List<byte[]> pieces = new ArrayList<>(8);
        private final int size;
        private int held;
        private ByteBuffer room = ByteBuffer.allocate(0);

        /// @param size how many bytes it will have, at least 1
        public Pieces(int size) {
            this.size = size;
        }

        /// Takes what there is of it, up to its end.
        public void take(ByteBuffer in) {
            while (in.hasRemaining() && !isWhole()) {
                if (!room.hasRemaining()) {
                    grow();
                }
                int bytes = Math.min(in.remaining(), room.remaining());
                room.put(room.position(), in, in.position(), bytes);
                room.position(room.position() + bytes);
                in.position(in.position() + bytes);
            }
        }

        private void grow() {
            int next = held < LARGE ? Math.clamp(held, SMALLEST, SMALL) : LARGEST;
            byte[] piece = new byte[Math.min(next, size - held)];
            pieces.add(piece);
            held += piece.length;
            room = ByteBuffer.wrap(piece);
        }

        /// How many bytes of memory it takes.
        public int held() {
            return held;
        }

        /// How many bytes are still to come.
        public int missing() {
            return size - held + room.remaining();
        }

        /// Whether nothing is missing.
        public boolean isWhole() {
            return missing() == 0;
        }

        /// The payload, which must be whole. There is nothing to be done with the pieces
        /// afterwards.
        public Payload whole() {
            return new Payload(
                    pieces.getFirst(), pieces.subList(1, pieces.size()).toArray(NO_MORE));
        }
    }

    /// A copy of these bytes.
    public static Payload copyOf(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Payload(bytes.clone());
    }

    /// The text as UTF-8.
    public static Payload of(String text) {
        return text.isEmpty() ? EMPTY : new Payload(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The next bytes of a buffer, which moves on by as many.
    public static Payload read(ByteBuffer in, int size) {
        if (size == 0) {
            return EMPTY;
        }
        byte[] bytes = new byte[size];
        in.get(bytes);
        return new Payload(bytes);
    }

    /// How many bytes.
    public int size() {
        int size = bytes.length;
        for (byte[] piece : more) {
            size += piece.length;
        }
        return size;
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /// Copies all bytes into a buffer.
    public void writeTo(ByteBuffer out) {
        out.put(bytes);
        for (byte[] piece : more) {
            out.put(piece);
        }
    }

    /// A read-only view, which shares the bytes where they lie in one piece.
    public ByteBuffer view() {
        return ByteBuffer.wrap(more.length == 0 ? bytes : toByteArray()).asReadOnlyBuffer();
    }

    /// Read-only views of its pieces, in order, which share the bytes.
    public List<ByteBuffer> views() {
        List<ByteBuffer> views = new ArrayList<>(1 + more.length);
        views.add(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
        for (byte[] piece : more) {
            views.add(ByteBuffer.wrap(piece).asReadOnlyBuffer());
        }
        return views;
    }

    /// A copy of the bytes.
    public byte[] toByteArray() {
        byte[] copy = Arrays.copyOf(bytes, size());
        int at = bytes.length;
        for (byte[] piece : more) {
            System.arraycopy(piece, 0, copy, at, piece.length);
            at += piece.length;
        }
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload that
                && (more.length == 0 && that.more.length == 0
                        ? Arrays.equals(bytes, that.bytes)
                        : size() == that.size() && view().equals(that.view()));
    }

    @Override
    public int hashCode() {
        int hash = Arrays.hashCode(bytes);
        for (byte[] piece : more) {
            for (byte each : piece) {
                hash = 31 * hash + each;
            }
        }
        return hash;
    }

    /// The size only: payloads and passwords do not belong in logs.
    @Override
    public String toString() {
        return size() + " bytes";
    }
}
