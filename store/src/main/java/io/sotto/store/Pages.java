package io.sotto.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Where the messages of sessions lie that are not records of their own: some bytes of memory for
/// each of them.
final class Pages {
    private final Map<Long, Shelf> shelves = new HashMap<>();
    private final List<Page> touched = new ArrayList<>();
    private @Nullable Page last;

    /// The pages of one session.
    private static final class Shelf {
        private final TreeMap<Long, Page> byFirst = new TreeMap<>();

        /// No page is wider.
        private int widest;

        void add(Page page) {
            byFirst.put(page.first(), page);
            widest = Math.max(widest, page.width());
        }

        /// Pages may overlap, as messages of several shards come in turns.
        @Nullable Page find(long number) {
            var each = byFirst.floorEntry(number);
            while (each != null && number - each.getKey() <= widest) {
                if (each.getValue().indexOf(number) >= 0) {
                    return each.getValue();
                }
                each = byFirst.lowerEntry(each.getKey());
            }
            return null;
        }
    }

    void add(Page page) {
        shelves.computeIfAbsent(page.session(), session -> new Shelf()).add(page);
    }

    /// The page in which a message lies that has not ended, or null.
    @Nullable Page find(long session, long number) {
        Page likely = last;
        if (likely != null && likely.session() == session && likely.indexOf(number) >= 0) {
            return likely;
        }
        Shelf shelf = shelves.get(session);
        Page found = shelf == null ? null : shelf.find(number);
        last = found == null ? last : found;
        return found;
    }

    /// Whether a message was in a page, in which it has ended now.
    boolean end(long session, long number) {
        Page page = find(session, number);
        if (page == null) {
            return false;
        }
        if (page.end(page.indexOf(number))) {
            touched.add(page);
        }
        return true;
    }

    /// Writes what has ended since this was last called.
    void write(Engine engine, Engine.Changes changes) {
        for (Page page : touched) {
            page.write(engine, changes);
            if (page.isEmpty()) {
                remove(page);
            }
        }
        touched.clear();
    }

    private void remove(Page page) {
        Shelf shelf = shelves.get(page.session());
        if (shelf != null) {
            shelf.byFirst.remove(page.first());
            if (shelf.byFirst.isEmpty()) {
                shelves.remove(page.session());
            }
        }
        if (page.equals(last)) {
            last = null;
        }
    }
}
