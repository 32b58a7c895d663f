package io.sotto.transport;

import io.netty.buffer.ByteBuf;
import io.sotto.mqtt.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// What waits to leave by one connection.
///
/// Small things are written one behind the other into a buffer of the network's own memory. A large
/// payload waits by reference and is copied there in pieces, as the peer takes them: a slow peer
/// pins the message, which all its receivers share, and little more.
final class Output {
    /// From so much on that waits, memory is looked after with every buffer more.
    private static final int LOOK_FROM = 16 * 1024;

    /// What leaves of large payloads in one turn.
    private static final int TURN = 128 * 1024;

    /// What may wait for turns of its own beside what waits for the peer: about what the system
    /// would take at once if all were written at once.
    private static final int TURNS = 4 * 1024 * 1024;

    /// From so many bytes on a copy for each connection costs more than to refer to one of all.
    private static final int WORTH_SHARING = 2 * 1024;

    private static final int SMALLEST = 256;
    private static final int PIECE = 64 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Outlet outlet;
    private final MemoryWatch memory;
    private @Nullable Deque<Object> waiting;
    private long waitingBytes;
    private @Nullable ByteBuf current;
    private ByteBuffer lent = NOTHING;
    private int lentFrom;
    private int guess = SMALLEST;
    private int turnBytes;
    private boolean noted;
    private boolean slow;
    private boolean broken;

    Output(Outlet outlet, MemoryWatch memory) {
        this.outlet = outlet;
        this.memory = memory;
    }

    /// Whether this is the first call since the last [#flush].
    boolean begin() {
        boolean first = !noted;
        noted = true;
        return first;
    }

    ByteBuffer room(int bytes) {
        ByteBuf out = current;
        if (out != null && out.writableBytes() < bytes) {
            push();
            guess = Math.min(guess * 2, PIECE);
            out = null;
        }
        if (out == null) {
            out = allocate(Math.max(bytes, guess));
            current = out;
        }
        if (out == null) {
            lent = ByteBuffer.allocate(bytes);
            return lent;
        }
        lent = out.internalNioBuffer(out.writerIndex(), out.writableBytes());
        lentFrom = lent.position();
        return lent;
    }

    /// Memory to send from. Where there is none, this connection is the one that pays: what is
    /// written from then on leads nowhere, and it is to be closed when the turn ends, since its
    /// peer would miss a part. Whoever caused the writing goes on.
    private @Nullable ByteBuf allocate(int bytes) {
        if (!broken) {
            if (pending() >= LOOK_FROM) {
                memory.look();
            }
            try {
                return outlet.memory().directBuffer(bytes);
            } catch (OutOfMemoryError e) {
                broken = true;
                release();
            }
        }
        return null;
    }

    /// Whether memory was missing for something that was to be sent.
    boolean isBroken() {
        return broken;
    }

    void written() {
        ByteBuf out = current;
        if (out != null) {
            int size = lent.position() - lentFrom;
            out.writerIndex(out.writerIndex() + size);
            turnBytes += size;
        }
    }

    /// @param shared what others of this loop are sent as well
    void share(Payload payload, Shared shared) {
        if (payload.size() < WORTH_SHARING && waiting == null) {
            payload.writeTo(room(payload.size()));
            written();
            return;
        }
        if (broken) {
            return;
        }
        push();
        if (payload.size() <= PIECE && waiting == null) {
            sendShared(payload, shared);
            return;
        }
        waiting = waiting == null ? new ArrayDeque<>() : waiting;
        waiting.addAll(payload.views());
        waitingBytes += payload.size();
    }

    /// Hands the buffer that is being filled to the outlet, or to what waits before it.
    private void push() {
        ByteBuf out = current;
        current = null;
        if (out == null) {
            return;
        }
        if (waiting == null) {
            send(out);
        } else {
            waitingBytes += out.readableBytes();
            waiting.add(out);
        }
    }

    private void sendShared(Payload payload, Shared shared) {
        try {
            send(shared.of(payload));
        } catch (OutOfMemoryError e) {
            broken = true;
            release();
        }
    }

    private void send(ByteBuf bytes) {
        outlet.write(bytes);
        if (!outlet.isWritable()) {
            outlet.flush();
        }
    }

    /// Hands over what waits by reference, as much as the outlet has room for and a turn allows:
    /// others wait meanwhile, however quickly this peer takes what it is sent.
    ///
    /// @return whether that was all
    boolean feed() {
        Deque<Object> queue = waiting;
        if (queue == null) {
            return true;
        }
        long end = waitingBytes - TURN;
        while (!queue.isEmpty() && outlet.isWritable() && waitingBytes > end) {
            if (queue.element() instanceof ByteBuffer payload) {
                int size = Math.min(payload.remaining(), PIECE);
                ByteBuf piece = allocate(size);
                if (piece == null) {
                    break;
                }
                piece.writeBytes(payload.slice(payload.position(), size));
                payload.position(payload.position() + size);
                if (!payload.hasRemaining()) {
                    queue.remove();
                }
                waitingBytes -= size;
                send(piece);
            } else if (queue.remove() instanceof ByteBuf small) {
                waitingBytes -= small.readableBytes();
                send(small);
            }
        }
        if (waiting != null && waiting.isEmpty()) {
            waiting = null;
        }
        return waiting == null;
    }

    /// Ends a turn: what was written leaves.
    ///
    /// @return whether nothing is left here
    boolean flush() {
        noted = false;
        guess = Math.clamp(Integer.highestOneBit(Math.max(1, turnBytes)) * 2L, SMALLEST, PIECE);
        turnBytes = 0;
        push();
        boolean all = feed();
        outlet.flush();
        return all;
    }

    /// Whether no more waits than may.
    boolean isWritable() {
        long unhurried = outlet.isWritable() ? Math.min(waitingBytes, TURNS) : 0;
        boolean quick = !broken && pending() - unhurried <= memory.writeBuffer();
        slow |= !quick;
        return quick;
    }

    /// Whether the broker was told that the connection is slow; it is told once when it is not any
    /// more.
    boolean recover() {
        boolean was = slow;
        slow = false;
        return was;
    }

    /// Whether something is to be done when the outlet has room again.
    boolean awaitsRoom() {
        return slow || waiting != null;
    }

    /// How many bytes wait, in the outlet and before it.
    long pending() {
        return waitingBytes + (current == null ? 0 : current.readableBytes()) + outlet.pending();
    }

    void release() {
        if (current != null) {
            current.release();
            current = null;
        }
        if (waiting != null) {
            for (Object one : waiting) {
                if (one instanceof ByteBuf bytes) {
                    bytes.release();
                }
            }
            waiting.clear();
            waiting = null;
        }
        waitingBytes = 0;
    }
}
