package io.sotto.store;

import io.sotto.broker.spi.Fetch;
import io.sotto.broker.spi.Message;
import java.nio.BufferUnderflowException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads messages that are wanted again, by themselves or out of pages. By who commits alone.
///
/// Pages that were read from last stay open: a session that catches up asks for a part of a page at
/// a time.
final class Bodies {
    /// So many stay open, each of [Page#MOST_BYTES] and a message.
    private static final int OPEN = 64;

    private final Engine engine;
    private final Applier applier;
    private final MessageRecords records = new MessageRecords();
    private final Map<Page, Open> opened =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Page, Open> eldest) {
                    return size() > OPEN;
                }
            };

    /// @param applier knows what lies in which page
    Bodies(Engine engine, Applier applier) {
        this.engine = engine;
        this.applier = applier;
    }

    /// The messages that are wanted, null for one that cannot be read.
    @Nullable Message[] of(Fetch fetch) {
        long[] numbers = fetch.numbers();
        Message[] messages = new Message[numbers.length];
        List<byte[]> keys = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        Open open = null;
        for (int i = 0; i < numbers.length; i++) {
            Page page = applier.page(fetch.session(), numbers[i]);
            if (page == null) {
                keys.add(Keys.of(numbers[i]));
                places.add(i);
            } else {
                open = open == null || !open.page.equals(page) ? open(page) : open;
                messages[i] = open.message(numbers[i]);
            }
        }
        if (open != null && open.isThrough()) {
            opened.remove(open.page);
        }
        List<byte @Nullable []> values =
                keys.isEmpty() ? List.of() : engine.getAll(Space.MESSAGES, keys);
        for (int i = 0; i < places.size(); i++) {
            messages[places.get(i)] = message(values.get(i));
        }
        return messages;
    }

    private @Nullable Message message(byte @Nullable [] value) {
        if (value == null) {
            return null;
        }
        try {
            return records.message(value);
        } catch (StoreException e) {
            return null;
        }
    }

    private Open open(Page page) {
        Open open = opened.get(page);
        if (open == null || open.size != page.size()) {
            byte[] content = engine.getAll(Space.PAGES, List.of(page.key())).getFirst();
            open = new Open(page, content);
            if (content != null) {
                opened.put(page, open);
            }
        }
        return open;
    }

    /// A page that is being read.
    private final class Open {
        private final Page page;

        /// How many messages it held when it was read: fewer when it was written anew since.
        private final int size;

        private final byte @Nullable [] content;
        private int last = -1;
        private Page.@Nullable Cursor cursor;

        Open(Page page, byte @Nullable [] content) {
            this.page = page;
            this.size = page.size();
            this.content = content;
        }

        /// Whether its last message was read.
        boolean isThrough() {
            return last == size - 1;
        }

        @Nullable Message message(long number) {
            int index = page.indexOf(number);
            if (content == null) {
                return null;
            }
            try {
                if (cursor == null || index <= last) {
                    cursor = new Page.Cursor(content);
                }
                last = index;
                return records.paged(cursor.at(index));
            } catch (StoreException | BufferUnderflowException | IllegalArgumentException e) {
                return null;
            }
        }
    }
}
