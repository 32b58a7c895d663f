package io.sotto.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The messages with a single copy that one group brings, by session: written as pages where they
/// are many, and one by one where they are few.
final class Gathering {
    /// A session has so many unfinished pages at most, for messages of as many shards in turns.
    private static final int OPEN = 4;

    /// A message of more bytes is a record of its own, so that it does not wait for others to go.
    private static final int LARGE = 4096;

    private final int fewest;
    private final Map<Long, List<Draft>> open = new LinkedHashMap<>();
    private final List<Draft> full = new ArrayList<>();
    private final Bytes value = new Bytes(1024);

    /// @param fewest so many messages make a page
    Gathering(int fewest) {
        this.fewest = fewest;
    }

    /// Messages of a session with rising numbers, and where they stand in the commands of batches.
    private static final class Draft {
        private final long session;
        private long[] numbers = new long[2];
        private ByteBuffer[] texts = new ByteBuffer[2];
        private int count;
        private int bytes;

        Draft(long session) {
            this.session = session;
        }

        boolean takes(long number) {
            return count == 0
                    || number > numbers[count - 1]
                            && number - numbers[count - 1] <= Page.MOST_APART;
        }

        void add(long number, ByteBuffer text) {
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, count * 2);
                texts = Arrays.copyOf(texts, count * 2);
            }
            numbers[count] = number;
            texts[count] = text;
            count++;
            bytes += text.remaining();
        }

        boolean isFull() {
            return count == Page.MOST || bytes >= Page.MOST_BYTES;
        }
    }

    /// Takes a message.
    ///
    /// @param text its copy, | session (8) | length (4) | copy |, and | length (4) | body |
    /// @param changes where what cannot wait for others is written to
    void add(long number, ByteBuffer text, Engine.Changes changes) {
        if (text.remaining() > LARGE) {
            single(number, text, changes);
            return;
        }
        long session = text.getLong(text.position());
        List<Draft> drafts = open.computeIfAbsent(session, key -> new ArrayList<>(1));
        Draft draft = draft(drafts, session, number);
        draft.add(number, text);
        if (draft.isFull()) {
            drafts.remove(draft);
            full.add(draft);
        }
    }

    private Draft draft(List<Draft> drafts, long session, long number) {
        for (Draft draft : drafts) {
            if (draft.takes(number)) {
                return draft;
            }
        }
        if (drafts.size() == OPEN) {
            full.add(drafts.removeFirst());
        }
        Draft draft = new Draft(session);
        drafts.add(draft);
        return draft;
    }

    /// Writes all of them.
    void write(Pages pages, Engine.Changes changes) {
        for (Draft draft : full) {
            write(draft, pages, changes);
        }
        for (List<Draft> drafts : open.values()) {
            for (Draft draft : drafts) {
                write(draft, pages, changes);
            }
        }
        full.clear();
        open.clear();
    }

    private void write(Draft draft, Pages pages, Engine.Changes changes) {
        if (draft.count < fewest) {
            for (int i = 0; i < draft.count; i++) {
                single(draft.numbers[i], draft.texts[i], changes);
            }
            return;
        }
        value.clear();
        for (int i = 0; i < draft.count; i++) {
            ByteBuffer text = draft.texts[i];
            int from = text.arrayOffset() + text.position();
            int copy = text.getInt(text.position() + Long.BYTES);
            int body = text.remaining() - Long.BYTES - 2 * Integer.BYTES - copy;
            value.four(Integer.BYTES + copy + body);
            value.put(text.array(), from + Long.BYTES, Integer.BYTES + copy);
            value.put(text.array(), from + text.remaining() - body, body);
        }
        Page page = new Page(draft.session, Arrays.copyOf(draft.numbers, draft.count));
        changes.put(Space.PAGES, page.key(), value.array(), 0, value.size());
        pages.add(page);
    }

    /// | length (4) of what follows before the body | session (8) | copy | body |
    private void single(long number, ByteBuffer text, Engine.Changes changes) {
        int from = text.arrayOffset() + text.position();
        int copy = text.getInt(text.position() + Long.BYTES);
        int body = text.remaining() - Long.BYTES - 2 * Integer.BYTES - copy;
        value.clear();
        value.four(Long.BYTES + copy);
        value.put(text.array(), from, Long.BYTES);
        value.put(text.array(), from + Long.BYTES + Integer.BYTES, copy);
        value.put(text.array(), from + text.remaining() - body, body);
        changes.put(Space.MESSAGES, Keys.of(number), value.array(), 0, value.size());
    }
}
