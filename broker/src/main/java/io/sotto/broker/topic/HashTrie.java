package io.sotto.broker.topic;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An immutable map from keys to entries that know their key. A change copies the path to the
/// entry, some hundred bytes, and shares the rest.
///
/// Up to 40 entries are a table: an array in which an entry stands at the place of its hash or,
/// where that is taken, behind it. More are a directory of 32, chosen by five bits of the hash, of
/// tables or deeper directories; so among a million an entry is three directories and one table
/// away. Behind the last bits of the hash a table has no bound. Iteration order depends on the
/// hashes and on the order of the changes.
///
/// An edit makes several changes at once: what it has copied is its own until it ends, and is
/// changed in place from then on.
@SuppressWarnings("ReferenceEquality") // The same object means that nothing changed.
public final class HashTrie<K, E extends HashTrie.Entry<K>> implements Iterable<E> {
    private static final int BITS = 5;
    private static final int WIDTH = 1 << BITS;
    private static final int LAST_SHIFT = 30;

    /// So many entries make a directory of a table.
    private static final int LARGEST = 40;

    private static final Object[] NOTHING = {};
    private static final HashTrie<?, ?> EMPTY = new HashTrie<>(NOTHING);

    /// A directory where its class says so, else a table.
    private @Nullable Object[] places;

    /// The last edit that has copied the places; nobody else sees them before it has ended.
    private @Nullable Object owner;

    /// What of them is the edit's own as well: of a directory a bit for each child, of a table all
    /// bits or none.
    private int owned;

    private HashTrie(@Nullable Object[] places) {
        this.places = places;
    }

    /// Something that is found by a key, which has the same hash.
    public interface Entry<K> {
        int hash();

        boolean isOf(K key);
    }

    @SuppressWarnings("unchecked")
    public static <K, E extends Entry<K>> HashTrie<K, E> empty() {
        return (HashTrie<K, E>) EMPTY;
    }

    public boolean isEmpty() {
        return places.length == 0;
    }

    /// The only entry, or null where there are none or several.
    public @Nullable E single() {
        return places.length == 1 ? entry(places[0]) : null;
    }

    /// The entry of a key with this hash, or null.
    public @Nullable E find(K key, int hash) {
        @Nullable Object[] table = places;
        for (int shift = 0; table instanceof Object[][] directory; shift += BITS) {
            table = directory[hash >>> shift & WIDTH - 1];
        }
        if (table == null) {
            return null;
        }
        int at = search(table, key, hash);
        return at < 0 ? null : entry(table[at]);
    }

    /// What stands first where the entry of a key with this hash is looked for: the entry as a
    /// rule, without a look at it, or another, or null.
    @Nullable Object peek(int hash) {
        @Nullable Object[] table = places;
        for (int shift = 0; table instanceof Object[][] directory; shift += BITS) {
            table = directory[hash >>> shift & WIDTH - 1];
        }
        return table == null || table.length == 0 ? null : table[place(hash, table)];
    }

    /// The map with an entry added, or put in the place of the one with its key.
    public HashTrie<K, E> with(K key, E entry) {
        return new HashTrie<>(with(places, key, entry, 0));
    }

    /// The same as [#with(Object, Entry)], as part of an edit: this map where it is the edit's own.
    HashTrie<K, E> with(K key, E entry, Object edit) {
        int at = entry.hash() & WIDTH - 1;
        if (owner != edit) {
            HashTrie<K, E> copy = with(key, entry);
            boolean small = !(places instanceof Object[][]);
            return copy.isOwn(edit, small ? -1 : 1 << at);
        }
        if (!(places instanceof Object[][] directory)) {
            places = owned == 0 ? with(places, key, entry, 0) : put(places, key, entry, 0);
            owned = -1;
            return this;
        }
        @Nullable Object[] child = directory[at];
        boolean inPlace = child != null && !(child instanceof Object[][]) && (owned & 1 << at) != 0;
        if (inPlace) {
            directory[at] = put(child, key, entry, BITS);
        } else {
            directory[at] = child == null ? new Object[] {entry} : with(child, key, entry, BITS);
            owned |= 1 << at;
        }
        return this;
    }

    private HashTrie<K, E> isOwn(Object edit, int children) {
        owner = edit;
        owned = children;
        return this;
    }

    /// Puts an entry into a table that nobody else sees; the table that has it then.
    private @Nullable Object[] put(@Nullable Object[] table, K key, E entry, int shift) {
        int present = search(table, key, entry.hash());
        if (present >= 0) {
            table[present] = entry;
            return table;
        }
        int count = count(table) + 1;
        if (count > LARGEST && shift <= LAST_SHIFT) {
            return split(table, entry, shift);
        }
        int size = size(count);
        @Nullable Object[] larger = size > table.length ? resized(table, size) : table;
        put(larger, entry);
        return larger;
    }

    private @Nullable Object[] with(@Nullable Object[] before, K key, E entry, int shift) {
        if (before instanceof Object[][] directory) {
            int at = entry.hash() >>> shift & WIDTH - 1;
            @Nullable Object[] child = directory[at];
            Object[][] copy = directory.clone();
            copy[at] = child == null ? new Object[] {entry} : with(child, key, entry, shift + BITS);
            return copy;
        }
        int present = search(before, key, entry.hash());
        if (present >= 0) {
            @Nullable Object[] copy = before.clone();
            copy[present] = entry;
            return copy;
        }
        int count = count(before) + 1;
        if (count > LARGEST && shift <= LAST_SHIFT) {
            return split(before, entry, shift);
        }
        int size = size(count);
        @Nullable Object[] copy = size > before.length ? resized(before, size) : before.clone();
        put(copy, entry);
        return copy;
    }

    /// A directory of the entries of a table, and of another.
    private Object[][] split(@Nullable Object[] table, E another, int shift) {
        Object[][] directory = new Object[WIDTH][];
        add(directory, another, shift);
        for (Object place : table) {
            if (place != null) {
                add(directory, entry(place), shift);
            }
        }
        return directory;
    }

    private void add(Object[][] directory, E entry, int shift) {
        int at = entry.hash() >>> shift & WIDTH - 1;
        @Nullable Object[] table = directory[at] == null ? NOTHING : directory[at];
        int size = size(count(table) + 1);
        directory[at] = size > table.length ? resized(table, size) : table;
        put(directory[at], entry);
    }

    /// The map without the entry of a key with this hash.
    public HashTrie<K, E> without(K key, int hash) {
        @Nullable Object[] after = without(places, key, hash, 0);
        if (after == places) {
            return this;
        }
        return after == null ? empty() : new HashTrie<>(after);
    }

    /// The same as [#without(Object, int)], as part of an edit: this map where it is the edit's own
    /// and something is left.
    HashTrie<K, E> without(K key, int hash, Object edit) {
        if (owner != edit) {
            HashTrie<K, E> copy = without(key, hash);
            return copy == this || copy.isEmpty() ? copy : copy.isOwn(edit, 0);
        }
        @Nullable Object[] after = without(places, key, hash, 0);
        if (after == null) {
            return empty();
        }
        if (after != places) {
            places = after;
            owned = 0;
        }
        return this;
    }

    /// What is left, null for nothing.
    private @Nullable Object @Nullable [] without(
            @Nullable Object[] before, K key, int hash, int shift) {
        if (before instanceof Object[][] directory) {
            int at = hash >>> shift & WIDTH - 1;
            @Nullable Object[] child = directory[at];
            @Nullable Object[] after =
                    child == null ? null : without(child, key, hash, shift + BITS);
            return after == child ? before : replaced(directory, at, after);
        }
        int at = search(before, key, hash);
        if (at < 0) {
            return before;
        }
        int count = count(before) - 1;
        if (count == 0) {
            return null;
        }
        @Nullable Object[] copy = before.clone();
        copy[at] = null;
        int size = size(count);
        if (count <= 2 || size * 2 < copy.length) {
            return resized(copy, size);
        }
        close(copy, at);
        return copy;
    }

    /// A directory with another child; a table that is left alone in it stands for it.
    private static @Nullable Object @Nullable [] replaced(
            Object[][] directory, int at, @Nullable Object @Nullable [] child) {
        Object[][] copy = directory.clone();
        copy[at] = child;
        @Nullable Object[] only = null;
        int others = 0;
        for (Object[] other : copy) {
            if (other != null) {
                only = other;
                others++;
            }
        }
        return others == 0 || others == 1 && !(only instanceof Object[][]) ? only : copy;
    }

    private int search(@Nullable Object[] table, K key, int hash) {
        for (int i = 0, at = place(hash, table); i < table.length; i++, at = next(at, table)) {
            Object place = table[at];
            if (place == null) {
                return -1;
            }
            E entry = entry(place);
            if (entry.hash() == hash && entry.isOf(key)) {
                return at;
            }
        }
        return -1;
    }

    private void put(@Nullable Object[] table, E entry) {
        int at = place(entry.hash(), table);
        while (table[at] != null) {
            at = next(at, table);
        }
        table[at] = entry;
    }

    private @Nullable Object[] resized(@Nullable Object[] table, int size) {
        @Nullable Object[] other = new Object[size];
        for (Object place : table) {
            if (place != null) {
                put(other, entry(place));
            }
        }
        return other;
    }

    /// Moves entries that were put behind a place that has become empty, so that they are found.
    private void close(@Nullable Object[] table, int empty) {
        int gap = empty;
        for (int at = next(gap, table); table[at] != null; at = next(at, table)) {
            E entry = entry(table[at]);
            int home = place(entry.hash(), table);
            int mask = table.length - 1;
            if ((at - home & mask) >= (at - gap & mask)) {
                table[gap] = entry;
                table[at] = null;
                gap = at;
            }
        }
    }

    private static int place(int hash, @Nullable Object[] table) {
        return (int) ((hash * 0x9E37_79B9L & 0xFFFF_FFFFL) >>> 20) & table.length - 1;
    }

    private static int next(int at, @Nullable Object[] table) {
        return at + 1 & table.length - 1;
    }

    private static int count(@Nullable Object[] table) {
        int count = 0;
        for (Object place : table) {
            if (place != null) {
                count++;
            }
        }
        return count;
    }

    /// The size of a table of so many entries: a power of two, from three entries on with three in
    /// eight places free.
    private static int size(int count) {
        return count <= 2 ? count : Math.max(8, Integer.highestOneBit((count * 8 - 1) / 5) << 1);
    }

    @SuppressWarnings("unchecked")
    private E entry(@Nullable Object place) {
        return (E) Objects.requireNonNull(place);
    }

    @Override
    public Iterator<E> iterator() {
        return new Walk();
    }

    /// A walk over all entries, with the path to the next one on a stack of its own.
    private final class Walk implements Iterator<E> {
        private final @Nullable Object[][] path = new Object[LAST_SHIFT / BITS + 2][];
        private final int[] at = new int[LAST_SHIFT / BITS + 2];
        private int depth;

        Walk() {
            path[0] = places;
        }

        @Override
        public boolean hasNext() {
            while (depth >= 0) {
                @Nullable Object[] array = path[depth];
                if (at[depth] == array.length) {
                    depth--;
                } else if (array[at[depth]] instanceof Object[] deeper) {
                    at[depth]++;
                    depth++;
                    path[depth] = deeper;
                    at[depth] = 0;
                } else if (array[at[depth]] == null) {
                    at[depth]++;
                } else {
                    return true;
                }
            }
            return false;
        }

        @Override
        public E next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return entry(path[depth][at[depth]++]);
        }
    }
}
