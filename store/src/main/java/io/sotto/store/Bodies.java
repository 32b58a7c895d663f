package io.sotto.store;

import io.sotto.broker.spi.Fetch;
import io.sotto.broker.spi.Message;
import java.nio.BufferUnderflowException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads messages that are wanted again, by themselves or out of pages. By who commits alone.
final class Bodies {
    private final Engine engine;
    private final Applier applier;
    private final MessageRecords records = new MessageRecords();

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
        return new Open(page, engine.getAll(Space.PAGES, List.of(page.key())).getFirst());
    }

    /// A page that is being read.
    private final class Open {
        private final Page page;
        private final byte @Nullable [] content;
        private int last = -1;
        private Page.@Nullable Cursor cursor;

        Open(Page page, byte @Nullable [] content) {
            this.page = page;
            this.content = content;
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
