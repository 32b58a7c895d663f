package io.sotto.store;

import io.sotto.store.Engine.Changes;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns the commands of a group of batches into changes of the engine. Deterministic: the same
/// groups in the same order give the same store.
///
/// A message is written once, with its copy where only one session is owed it; where several are,
/// each has a small record of its own, and the message goes with the last of them. What a group
/// brings for one session alone lies in pages ([Page]), so that neither it nor its end is a record
/// for each message. What begins and ends within one group is never written at all: under load most
/// of what connected clients are sent has been acknowledged before its turn on the disk comes. Nor
/// is it written that a message of an earlier group went out, where its acknowledgement stands in
/// the same one.
final class Applier {
    /// How many copies of a message are owed, where there were several; one where it is not here.
    private final LongMap owed = new LongMap();

    private final LongMap fresh = new LongMap();
    private final LongMap gone = new LongMap();
    private final RoundTrips rounds = new RoundTrips();
    private final Gathering gathering;
    private final Pages pages = new Pages();
    private final Engine engine;
    private byte[] commands = {};

    /// @param engine holds what was written until now
    /// @param fewest so many messages make a page
    Applier(Engine engine, int fewest) {
        this.gathering = new Gathering(fewest);
        this.engine = engine;
    }

    /// Takes note of a copy, one of several, that is in the store already.
    void found(long message) {
        owed.put(message, owed.get(message) + 1);
    }

    /// Takes note of a page that is in the store already.
    void found(Page page) {
        pages.add(page);
    }

    /// The page in which a message for a session lies, null where it is a record of its own.
    @Nullable Page page(long session, long message) {
        return pages.find(session, message);
    }

    /// Makes the changes of a group.
    void apply(List<Batch> group, Changes changes) {
        fresh.clear();
        gone.clear();
        rounds.clear();
        if (group.stream().anyMatch(Batch::ends)) {
            group.forEach(batch -> foresee(batch.read()));
        }
        for (Batch batch : group) {
            commands = batch.commands().array();
            apply(batch.read(), changes);
        }
        pages.write(engine, changes);
        gathering.write(pages, changes);
    }

    /// Finds the messages all of whose copies end within the group that brings them.
    private void foresee(ByteBuffer in) {
        while (in.hasRemaining()) {
            byte command = in.get();
            switch (command) {
                case Command.QUEUED -> {
                    fresh.put(in.getLong(), 1);
                    in.getLong();
                    skip(in);
                }
                case Command.QUEUED_FOR_SEVERAL -> {
                    fresh.put(in.getLong(), in.getInt());
                    skip(in);
                    skip(in);
                }
                case Command.PUBREC -> {
                    ends(in.getLong());
                    rounds.released(in.getLong(), packetId(in));
                    in.getLong();
                }
                case Command.SETTLED -> {
                    ends(in.getLong());
                    rounds.settled(in.getLong(), packetId(in));
                }
                case Command.DROPPED -> {
                    ends(in.getLong());
                    in.position(in.position() + 8);
                }
                case Command.SENT -> {
                    if (fresh.get(in.getLong()) == 0) {
                        rounds.sent(in.getLong(), packetId(in));
                        in.getLong();
                    } else {
                        in.position(in.position() + 18);
                    }
                }
                case Command.COMPLETED -> in.position(in.position() + 10);
                case Command.PUT -> {
                    in.get();
                    skip(in);
                    skip(in);
                }
                case Command.DELETE -> {
                    in.get();
                    skip(in);
                }
                default -> throw new IllegalStateException("no such command: " + command);
            }
        }
    }

    private void ends(long message) {
        int left = fresh.get(message);
        if (left == 1) {
            fresh.remove(message);
            gone.put(message, 1);
        } else if (left > 1) {
            fresh.put(message, left - 1);
        }
    }

    private static void skip(ByteBuffer in) {
        int length = in.getInt();
        in.position(in.position() + length);
    }

    private void apply(ByteBuffer in, Changes changes) {
        while (in.hasRemaining()) {
            byte command = in.get();
            switch (command) {
                case Command.QUEUED -> queued(in, changes);
                case Command.QUEUED_FOR_SEVERAL -> queuedForSeveral(in, changes);
                case Command.SENT -> sent(in, changes);
                case Command.PUBREC -> pubRec(in, changes);
                case Command.COMPLETED ->
                        changes.delete(Space.INFLIGHT, Keys.of(in.getLong(), packetId(in)));
                case Command.SETTLED -> settled(in, changes);
                case Command.DROPPED -> forget(in.getLong(), in.getLong(), changes);
                case Command.PUT -> put(in, changes);
                case Command.DELETE -> {
                    Space space = space(in);
                    changes.delete(space, bytes(in));
                }
                default -> throw new IllegalStateException("no such command: " + command);
            }
        }
    }

    private void queued(ByteBuffer in, Changes changes) {
        long message = in.getLong();
        long session = in.getLong();
        int from = in.position();
        skip(in);
        if (gone.get(message) == 0) {
            gathering.add(message, session, commands, from, changes);
        }
    }

    private void queuedForSeveral(ByteBuffer in, Changes changes) {
        long message = in.getLong();
        int count = in.getInt();
        int copies = in.getInt();
        int copiesAt = in.position();
        in.position(copiesAt + copies);
        int body = in.getInt();
        int bodyAt = in.position();
        in.position(bodyAt + body);
        if (gone.get(message) != 0) {
            return;
        }
        owed.put(message, count);
        ByteBuffer each = in.duplicate().position(copiesAt).limit(copiesAt + copies);
        while (each.hasRemaining()) {
            byte[] key = Keys.of(message, each.getLong());
            int length = each.getInt();
            changes.put(Space.OWED, key, commands, each.position(), length);
            each.position(each.position() + length);
        }
        Bytes value = new Bytes(body + Integer.BYTES);
        value.four(0);
        value.put(commands, bodyAt, body);
        changes.put(Space.MESSAGES, Keys.of(message), value.array(), 0, value.size());
    }

    private void sent(ByteBuffer in, Changes changes) {
        long message = in.getLong();
        long session = in.getLong();
        int packetId = packetId(in);
        long order = in.getLong();
        if (gone.get(message) == 0 && !rounds.contains(session, packetId)) {
            changes.put(
                    Space.INFLIGHT, Keys.of(session, packetId), inflight(message, order, false));
        }
    }

    private void pubRec(ByteBuffer in, Changes changes) {
        long message = in.getLong();
        long session = in.getLong();
        byte[] key = Keys.of(session, packetId(in));
        changes.put(Space.INFLIGHT, key, inflight(message, in.getLong(), true));
        forget(message, session, changes);
    }

    private static byte[] inflight(long message, long order, boolean released) {
        return ByteBuffer.allocate(17)
                .putLong(message)
                .putLong(order)
                .put((byte) (released ? 1 : 0))
                .array();
    }

    private void settled(ByteBuffer in, Changes changes) {
        long message = in.getLong();
        long session = in.getLong();
        int packetId = packetId(in);
        if (gone.get(message) == 0 && !rounds.ends(session, packetId)) {
            changes.delete(Space.INFLIGHT, Keys.of(session, packetId));
        }
        forget(message, session, changes);
    }

    /// A session is not owed a message any more.
    private void forget(long message, long session, Changes changes) {
        if (gone.get(message) != 0 || pages.end(session, message)) {
            return;
        }
        int copies = owed.get(message);
        if (copies > 0) {
            changes.delete(Space.OWED, Keys.of(message, session));
        }
        if (copies > 1) {
            owed.put(message, copies - 1);
        } else {
            owed.remove(message);
            changes.delete(Space.MESSAGES, Keys.of(message));
        }
    }

    private void put(ByteBuffer in, Changes changes) {
        Space space = space(in);
        byte[] key = bytes(in);
        int length = in.getInt();
        changes.put(space, key, commands, in.position(), length);
        in.position(in.position() + length);
    }

    private static Space space(ByteBuffer in) {
        return Space.of(in.get());
    }

    private static int packetId(ByteBuffer in) {
        return in.getShort() & 0xFFFF;
    }

    private static byte[] bytes(ByteBuffer in) {
        byte[] bytes = new byte[in.getInt()];
        in.get(bytes);
        return bytes;
    }
}
