package io.sotto.store;

import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.QoS;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/// The commands of the batch that is being written ([Command]). What they are written to goes with
/// the batch, and comes back by [#spare] when that is on the disk.
final class Commands {
    private static final int SMALL = 4096;

    /// More than that is not kept for another batch.
    private static final int LARGE = 512 * 1024;

    /// No more are kept.
    private static final int SPARE = 4;

    private final Copies copies = new Copies();
    private final Queue<Bytes> spare = new ArrayBlockingQueue<>(SPARE);
    private Bytes bytes = new Bytes(SMALL);
    private boolean ends;
    private boolean queues;

    /// How many bytes there are.
    int size() {
        return bytes.size();
    }

    /// Whether there is a message among them.
    boolean isAnyQueued() {
        return queues;
    }

    private void begin(byte command) {
        copies.end(bytes);
        bytes.one(command);
    }

    /// A copy of a message. Others of it may follow.
    void queued(Message message, long session, QoS qos, boolean retain, Via via) {
        if (!copies.isOf(message)) {
            copies.end(bytes);
            copies.begin(message);
        }
        queues = true;
        copies.add(session, qos, retain, via);
    }

    /// A copy goes out, or PUBREC came for it.
    ///
    /// @param command [Command#SENT] or [Command#PUBREC]
    /// @param order its place among all that are sent
    void sent(byte command, long message, long session, int packetId, long order) {
        begin(command);
        bytes.eight(message);
        bytes.eight(session);
        bytes.two(packetId);
        bytes.eight(order);
        ends |= command == Command.PUBREC;
    }

    /// Nothing is owed under a packet identifier any more.
    void completed(long session, int packetId) {
        begin(Command.COMPLETED);
        bytes.eight(session);
        bytes.two(packetId);
    }

    /// A copy that was sent ended.
    void settled(long message, long session, int packetId) {
        begin(Command.SETTLED);
        bytes.eight(message);
        bytes.eight(session);
        bytes.two(packetId);
        ends = true;
    }

    /// A copy ended before it was sent.
    void dropped(long message, long session) {
        begin(Command.DROPPED);
        bytes.eight(message);
        bytes.eight(session);
        ends = true;
    }

    /// Puts a value in the place of a key.
    void put(Space space, byte[] key, Bytes value) {
        begin(Command.PUT);
        bytes.one(space.id());
        bytes.four(key.length);
        bytes.put(key, 0, key.length);
        bytes.four(value.size());
        bytes.put(value.array(), 0, value.size());
    }

    void delete(Space space, byte[] key) {
        begin(Command.DELETE);
        bytes.one(space.id());
        bytes.four(key.length);
        bytes.put(key, 0, key.length);
    }

    /// All there is; the next batch begins without.
    Batch.Told take(Batch.Urgency urgency) {
        copies.end(bytes);
        Batch.Told told = new Batch.Told(bytes, ends, urgency);
        Bytes other = spare.poll();
        bytes = other == null ? new Bytes(Math.clamp(told.commands().size(), SMALL, LARGE)) : other;
        ends = false;
        queues = false;
        return told;
    }

    /// What a batch stood in may be written over; from any thread.
    void spare(Bytes written) {
        if (written.capacity() >= SMALL && written.capacity() <= LARGE) {
            written.clear();
            spare.offer(written);
        }
    }
}
