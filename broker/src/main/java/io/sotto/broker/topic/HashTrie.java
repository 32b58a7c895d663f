package io.sotto.broker.topic;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// An immutable map from keys to entries that know their key. A change copies the path to the
/// entry, some hundred bytes, and shares the rest.
///
/// A node has 32 places, chosen by five bits of the hash and kept without gaps; a place holds an
/// entry or a deeper node. Below the last bits of the hash a node is a plain list. Iteration order
/// depends on the hashes alone.
public final class HashTrie<K, E extends HashTrie.Entry<K>> implements Iterable<E> {
    private static final int BITS = 5;
    private static final int LAST_SHIFT = 30;
    private static final HashTrie<?, ?> EMPTY = new HashTrie<>(0, new Object[0]);

    private final int bitmap;
    private final Object[] places;

    private HashTrie(int bitmap, Object[] places) {
        this.bitmap = bitmap;
        this.places = places;
    }

    /// Something that is found by a key.
    public interface Entry<K> {
        K key();
    }

    @SuppressWarnings("unchecked")
    public static <K, E extends Entry<K>> HashTrie<K, E> empty() {
        return (HashTrie<K, E>) EMPTY;
    }

    public boolean isEmpty() {
        return places.length == 0;
    }

    /// The entry of a key, or null.
    public @Nullable E find(K key) {
        HashTrie<K, E> node = this;
        int hash = key.hashCode();
        for (int shift = 0; shift <= LAST_SHIFT; shift += BITS) {
            int bit = 1 << (hash >>> shift & 31);
            if ((node.bitmap & bit) == 0) {
                return null;
            }
            Object place = node.places[node.index(bit)];
            if (!(place instanceof HashTrie<?, ?>)) {
                E entry = entry(place);
                return entry.key().equals(key) ? entry : null;
            }
            node = node(place);
        }
        int at = node.search(key);
        return at < 0 ? null : entry(node.places[at]);
    }

    /// The map with an entry added, or put in the place of the one with its key.
    public HashTrie<K, E> with(E entry) {
        return with(entry, entry.key().hashCode(), 0);
    }

    private HashTrie<K, E> with(E entry, int hash, int shift) {
        if (shift > LAST_SHIFT) {
            int at = search(entry.key());
            return at < 0 ? insert(0, places.length, entry) : replace(at, entry);
        }
        int bit = 1 << (hash >>> shift & 31);
        int at = index(bit);
        if ((bitmap & bit) == 0) {
            return insert(bit, at, entry);
        }
        Object place = places[at];
        if (place instanceof HashTrie<?, ?>) {
            return replace(at, node(place).with(entry, hash, shift + BITS));
        }
        E present = entry(place);
        if (present.key().equals(entry.key())) {
            return replace(at, entry);
        }
        HashTrie<K, E> deeper =
                HashTrie.<K, E>empty()
                        .with(present, present.key().hashCode(), shift + BITS)
                        .with(entry, hash, shift + BITS);
        return replace(at, deeper);
    }

    /// The map without the entry of a key.
    public HashTrie<K, E> without(K key) {
        return without(key, key.hashCode(), 0);
    }

    private HashTrie<K, E> without(K key, int hash, int shift) {
        if (shift > LAST_SHIFT) {
            int at = search(key);
            return at < 0 ? this : remove(0, at);
        }
        int bit = 1 << (hash >>> shift & 31);
        if ((bitmap & bit) == 0) {
            return this;
        }
        int at = index(bit);
        Object place = places[at];
        if (!(place instanceof HashTrie<?, ?>)) {
            return entry(place).key().equals(key) ? remove(bit, at) : this;
        }
        HashTrie<K, E> before = node(place);
        HashTrie<K, E> after = before.without(key, hash, shift + BITS);
        if (after == before) {
            return this;
        }
        if (after.isEmpty()) {
            return remove(bit, at);
        }
        boolean oneLeft = after.places.length == 1 && !(after.places[0] instanceof HashTrie<?, ?>);
        return replace(at, oneLeft ? after.places[0] : after);
    }

    private int index(int bit) {
        return Integer.bitCount(bitmap & bit - 1);
    }

    private int search(K key) {
        for (int i = 0; i < places.length; i++) {
            if (entry(places[i]).key().equals(key)) {
                return i;
            }
        }
        return -1;
    }

    private HashTrie<K, E> insert(int bit, int at, Object place) {
        Object[] copy = new Object[places.length + 1];
        System.arraycopy(places, 0, copy, 0, at);
        copy[at] = place;
        System.arraycopy(places, at, copy, at + 1, places.length - at);
        return new HashTrie<>(bitmap | bit, copy);
    }

    private HashTrie<K, E> replace(int at, Object place) {
        Object[] copy = places.clone();
        copy[at] = place;
        return new HashTrie<>(bitmap, copy);
    }

    private HashTrie<K, E> remove(int bit, int at) {
        if (places.length == 1) {
            return empty();
        }
        Object[] copy = Arrays.copyOf(places, places.length - 1);
        System.arraycopy(places, at + 1, copy, at, places.length - 1 - at);
        return new HashTrie<>(bitmap & ~bit, copy);
    }

    @SuppressWarnings("unchecked")
    private HashTrie<K, E> node(Object place) {
        return (HashTrie<K, E>) place;
    }

    @SuppressWarnings("unchecked")
    private E entry(Object place) {
        return (E) place;
    }

    @Override
    public Iterator<E> iterator() {
        return new Walk();
    }

    /// A walk over all entries, with the path to the next one on a stack of its own.
    private final class Walk implements Iterator<E> {
        private final Object[][] path = new Object[LAST_SHIFT / BITS + 2][];
        private final int[] at = new int[LAST_SHIFT / BITS + 2];
        private int depth;

        Walk() {
            path[0] = places;
        }

        @Override
        public boolean hasNext() {
            while (depth >= 0 && at[depth] == path[depth].length) {
                depth--;
            }
            return depth >= 0;
        }

        @Override
        public E next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Object place = path[depth][at[depth]++];
            while (place instanceof HashTrie<?, ?> deeper) {
                depth++;
                path[depth] = deeper.places;
                at[depth] = 1;
                place = deeper.places[0];
            }
            return entry(place);
        }
    }
}
