package io.sotto.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
    private @Nullable Draft last;

    /// @param fewest so many messages make a page
    Gathering(int fewest) {
        this.fewest = fewest;
    }

    /// Messages of a session with rising numbers, and where they stand in the commands of batches.
    private static final class Draft implements Engine.Value {
        private static final int SMALLEST = 8;

        private final long session;
        private long[] numbers = new long[SMALLEST];
        private byte[][] arrays = new byte[SMALLEST][];
        private int[] places = new int[SMALLEST];
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

        void add(long number, byte[] commands, int from) {
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, count * 2);
                arrays = Arrays.copyOf(arrays, count * 2);
                places = Arrays.copyOf(places, count * 2);
            }
            numbers[count] = number;
            arrays[count] = commands;
            places[count] = from;
            count++;
            bytes += size(commands, from);
        }

        boolean isFull() {
            return count == Page.MOST || bytes >= Page.MOST_BYTES;
        }

        @Override
        public int length() {
            return bytes;
        }

        @Override
        public void copyTo(byte[] target, int at) {
            int to = at;
            for (int i = 0; i < count; i++) {
                int size = size(arrays[i], places[i]);
                System.arraycopy(arrays[i], places[i], target, to, size);
                to += size;
            }
        }
    }

    /// How many bytes a message takes in a page.
    private static int size(byte[] commands, int from) {
        return Integer.BYTES + Bytes.four(commands, from);
    }

    /// Takes a message.
    ///
    /// @param commands what it stands in, not to be changed before [#write]
    /// @param from where it begins there: | length (4) | length of copy (4) | copy | body |
    /// @param changes where what cannot wait for others is written to
    void add(long number, long session, byte[] commands, int from, Engine.Changes changes) {
        if (size(commands, from) > LARGE) {
            single(number, session, commands, from, changes);
            return;
        }
        Draft draft = last;
        if (draft == null || draft.session != session || !draft.takes(number)) {
            draft = draft(session, number);
            last = draft;
        }
        draft.add(number, commands, from);
        if (draft.isFull()) {
            drafts(session).remove(draft);
            full.add(draft);
            last = null;
        }
    }

    private List<Draft> drafts(long session) {
        return open.computeIfAbsent(session, key -> new ArrayList<>(1));
    }

    private Draft draft(long session, long number) {
        List<Draft> drafts = drafts(session);
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
        last = null;
    }

    private void write(Draft draft, Pages pages, Engine.Changes changes) {
        if (draft.count < fewest) {
            for (int i = 0; i < draft.count; i++) {
                single(draft.numbers[i], draft.session, draft.arrays[i], draft.places[i], changes);
            }
            return;
        }
        Page page = new Page(draft.session, Arrays.copyOf(draft.numbers, draft.count));
        changes.put(Space.PAGES, page.key(), draft);
        pages.add(page);
    }

    /// | length (4) of what follows before the body | session (8) | copy | body |
    private void single(
            long number, long session, byte[] commands, int from, Engine.Changes changes) {
        int copy = Bytes.four(commands, from + Integer.BYTES);
        int copyAt = from + 2 * Integer.BYTES;
        value.clear();
        value.four(Long.BYTES + copy);
        value.eight(session);
        value.put(commands, copyAt, from + size(commands, from) - copyAt);
        changes.put(Space.MESSAGES, Keys.of(number), value.array(), 0, value.size());
    }
}
