package io.sotto.store;

import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Recovery;
import io.sotto.broker.spi.SessionStore.Grant;
import io.sotto.broker.spi.Via;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads all that an engine holds, once, at the start, and clears away what belongs to nobody.
final class Reader {
    private final Engine engine;
    private final MessageRecords records;
    private final Consumer<Found> report;
    private final Map<Via, Via> vias = new HashMap<>();
    private final LongMap sessions = new LongMap();
    private final List<Long> owed = new ArrayList<>();
    private final List<Page> pages = new ArrayList<>();
    private long highestOrder;

    Reader(Engine engine, MessageRecords records, Consumer<Found> report) {
        this.engine = engine;
        this.records = records;
        this.report = report;
    }

    /// What the store itself goes on with.
    ///
    /// @param owed the number of the message of each copy that is one of several
    record Found(List<Long> owed, List<Page> pages, long highestOrder) {}

    void tell(Recovery.Listener listener) {
        try {
            totals(listener);
            retained(listener);
            sessions(listener);
            inflight(listener);
            Engine.Changes orphans = engine.begin();
            messages(listener, orphans);
            pages(listener, orphans);
            if (orphans.count() > 0) {
                engine.write(orphans, false);
            }
        } catch (StoreException e) {
            throw new UncheckedIOException(e.getMessage(), new IOException(e));
        }
        report.accept(new Found(owed, pages, highestOrder));
    }

    private void totals(Recovery.Listener listener) throws StoreException {
        byte[] value = engine.get(Space.META, TotalsRecord.key());
        if (value != null) {
            listener.totals(TotalsRecord.read(value));
        }
    }

    private void retained(Recovery.Listener listener) throws StoreException {
        engine.scan(Space.RETAINED, (key, value) -> listener.retained(records.retained(value)));
    }

    private void sessions(Recovery.Listener listener) throws StoreException {
        Map<Long, Parts> found = new HashMap<>();
        List<Long> order = new ArrayList<>();
        engine.scan(
                Space.SESSIONS,
                (key, value) -> {
                    Parts parts = found.get(Keys.number(key));
                    if (parts == null) {
                        parts = new Parts();
                        found.put(Keys.number(key), parts);
                        order.add(Keys.number(key));
                    }
                    parts.take(key[Long.BYTES], value);
                });
        for (long number : order) {
            Recovery.KeptSession session =
                    Objects.requireNonNull(found.get(number)).session(number);
            if (session != null) {
                sessions.put(number, 1);
                listener.session(session);
            }
        }
        engine.scan(
                Space.GRANTS,
                (key, value) -> {
                    Grant grant = SessionRecords.grant(key, value);
                    listener.subscribed(Keys.number(key), grant);
                });
        engine.scan(
                Space.RECEIVED,
                (key, value) -> listener.received(Keys.number(key), Keys.packetId(key)));
    }

    /// The records of one session.
    private static final class Parts {
        private SessionRecords.@Nullable Begun begun;
        private @Nullable ByteBuffer left;
        private boolean willDone;

        void take(byte tag, byte[] value) throws StoreException {
            switch (tag) {
                case SessionRecords.BEGUN -> begun = SessionRecords.begun(value);
                case SessionRecords.LEFT -> left = ByteBuffer.wrap(value);
                default -> willDone = true;
            }
        }

        Recovery.@Nullable KeptSession session(long number) {
            SessionRecords.Begun begun = this.begun;
            ByteBuffer left = this.left;
            if (begun == null) {
                return null;
            }
            return new Recovery.KeptSession(
                    number,
                    begun.owner(),
                    begun.expiryInterval(),
                    willDone ? null : begun.will(),
                    left == null ? Long.MAX_VALUE : left.getLong(0),
                    left == null || willDone ? Long.MAX_VALUE : left.getLong(Long.BYTES),
                    left == null);
        }
    }

    private void inflight(Recovery.Listener listener) throws StoreException {
        engine.scan(
                Space.INFLIGHT,
                (key, value) -> {
                    ByteBuffer in = ByteBuffer.wrap(value);
                    long message = in.getLong();
                    long order = in.getLong();
                    highestOrder = Math.max(highestOrder, order);
                    listener.sent(
                            new Recovery.Sent(
                                    Keys.number(key),
                                    Keys.packetId(key),
                                    message,
                                    order,
                                    in.get() != 0));
                });
    }

    /// Messages in the order of their numbers, each with its copies. A message that nobody is owed,
    /// and a copy for a session that is no more, were on their way out.
    private void messages(Recovery.Listener listener, Engine.Changes orphans)
            throws StoreException {
        Map<Long, List<byte[]>> several = new HashMap<>();
        engine.scan(
                Space.OWED,
                (key, value) -> {
                    byte[] copy = new byte[Long.BYTES + value.length];
                    ByteBuffer.wrap(copy).putLong(Keys.other(key)).put(value);
                    several.computeIfAbsent(Keys.number(key), number -> new ArrayList<>(2))
                            .add(copy);
                });
        engine.scan(
                Space.MESSAGES,
                (key, value) -> {
                    Message message = records.message(value);
                    Recovery.Copy single = records.copy(value, message, this::same);
                    int copies = 0;
                    if (single != null && isKept(single.session())) {
                        listener.queued(single);
                        copies = 1;
                    } else if (single == null) {
                        copies = several(message, several.remove(message.id()), listener, orphans);
                    }
                    if (copies == 0) {
                        orphans.delete(Space.MESSAGES, key);
                    }
                });
        several.forEach((number, copies) ->
                copies.forEach(
                        copy -> orphans.delete(Space.OWED, Keys.of(number, Keys.number(copy)))));
    }

    private int several(
            Message message,
            @Nullable List<byte[]> copies,
            Recovery.Listener listener,
            Engine.Changes orphans)
            throws StoreException {
        int count = 0;
        for (byte[] copy : copies == null ? List.<byte[]>of() : copies) {
            ByteBuffer in = ByteBuffer.wrap(copy);
            long session = in.getLong();
            if (isKept(session)) {
                listener.queued(records.copy(in, session, message, this::same));
                owed.add(message.id());
                count++;
            } else {
                orphans.delete(Space.OWED, Keys.of(message.id(), session));
            }
        }
        return count;
    }

    /// Page by page, each with what stands behind it of the messages that have ended.
    private void pages(Recovery.Listener listener, Engine.Changes orphans) throws StoreException {
        Pending pending = new Pending(listener, orphans);
        engine.scan(Space.PAGES, pending::see);
        pending.end();
    }

    /// A page that waits for the record behind it.
    private final class Pending {
        private final Recovery.Listener listener;
        private final Engine.Changes orphans;
        private byte @Nullable [] key;
        private byte[] content = {};

        Pending(Recovery.Listener listener, Engine.Changes orphans) {
            this.listener = listener;
            this.orphans = orphans;
        }

        void see(byte[] nextKey, byte[] value) throws StoreException {
            if (Page.isContent(nextKey)) {
                end();
                key = nextKey;
                content = value;
            } else if (key == null
                    || Keys.number(key) != Keys.number(nextKey)
                    || Keys.other(key) != Keys.other(nextKey)) {
                orphans.delete(Space.PAGES, nextKey);
            } else {
                tell(key, value);
                if (!isKept(Keys.number(key))) {
                    orphans.delete(Space.PAGES, nextKey);
                }
                key = null;
            }
        }

        void end() throws StoreException {
            if (key != null) {
                tell(key, null);
                key = null;
            }
        }

        private void tell(byte[] key, byte @Nullable [] ended) throws StoreException {
            long session = Keys.number(key);
            if (!isKept(session)) {
                orphans.delete(Space.PAGES, key);
                return;
            }
            Page page;
            try {
                page = Page.found(session, Keys.other(key), content, ended);
            } catch (BufferUnderflowException
                    | IndexOutOfBoundsException
                    | IllegalArgumentException e) {
                throw MessageRecords.damaged(e);
            }
            pages.add(page);
            Page.Cursor cursor = new Page.Cursor(content);
            for (int i = 0; i < page.size(); i++) {
                if (page.isLive(i)) {
                    ByteBuffer text = cursor.at(i);
                    Message message = records.paged(text.duplicate());
                    listener.queued(records.pagedCopy(text, session, message, Reader.this::same));
                }
            }
        }
    }

    private boolean isKept(long session) {
        return sessions.get(session) > 0;
    }

    private Via same(Via via) {
        return vias.computeIfAbsent(via, known -> known);
    }
}
