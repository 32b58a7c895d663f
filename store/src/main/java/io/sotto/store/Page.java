package io.sotto.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Messages that one session is owed, written as one record: which numbers they have, and which of
/// them have ended. What they say stays in the engine.
///
/// ```text
/// page:  | length (4), length of copy (4) | copy | body | ...
/// ended: | a bit for each message, the first in the lowest of the first byte |
/// ```
///
/// Numbers rise within a page; copies and bodies are those of [MessageRecords].
final class Page {
    static final int MOST = 256;
    static final int MOST_BYTES = 64 * 1024;

    /// The farthest that two numbers that follow one another are apart.
    static final int MOST_APART = 1 << 21;

    private static final byte CONTENT = 0;
    private static final byte ENDED = 1;

    private final long session;
    private final long first;
    private final BitSet ended;
    private int[] offsets;
    private int live;
    private boolean isMarked;
    private boolean isTouched;

    /// @param numbers of the messages in it, rising
    Page(long session, long[] numbers) {
        this.session = session;
        this.first = numbers[0];
        this.offsets = new int[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            offsets[i] = (int) (numbers[i] - first);
        }
        this.ended = new BitSet(numbers.length);
        this.live = numbers.length;
    }

    private Page(long session, long first, int[] offsets, BitSet ended) {
        this.session = session;
        this.first = first;
        this.offsets = offsets;
        this.ended = ended;
        this.live = offsets.length - ended.cardinality();
        this.isMarked = !ended.isEmpty();
    }

    /// A page as it was found.
    ///
    /// @param first the number in its key
    /// @param ended the record beside it, null for none
    static Page found(long session, long first, byte[] content, byte @Nullable [] ended) {
        int count = 0;
        int[] offsets = new int[MOST];
        for (ByteBuffer in = ByteBuffer.wrap(content); in.hasRemaining(); skip(in)) {
            offsets[count++] = (int) (number(in) - first);
        }
        BitSet bits = ended == null ? new BitSet() : BitSet.valueOf(ended);
        return new Page(session, first, Arrays.copyOf(offsets, count), bits);
    }

    /// The number of the message at the position of a page.
    private static long number(ByteBuffer in) {
        int at = in.position();
        return in.getLong(at + 2 * Integer.BYTES + in.getInt(at + Integer.BYTES));
    }

    /// Goes on to the next message.
    private static void skip(ByteBuffer in) {
        int length = in.getInt();
        in.position(in.position() + length);
    }

    static byte[] key(long session, long first) {
        return Keys.of(session, first, CONTENT);
    }

    private static byte[] endedKey(long session, long first) {
        return Keys.of(session, first, ENDED);
    }

    /// Whether a key is that of a page, and not of what has ended in it.
    static boolean isContent(byte[] key) {
        return key[key.length - 1] == CONTENT;
    }

    byte[] key() {
        return key(session, first);
    }

    long session() {
        return session;
    }

    long first() {
        return first;
    }

    /// How far its last number is from its first.
    int width() {
        return offsets[offsets.length - 1];
    }

    int size() {
        return offsets.length;
    }

    /// The place of a message that has not ended, or -1.
    int indexOf(long number) {
        long offset = number - first;
        if (offset < 0 || offset > width()) {
            return -1;
        }
        int at = Arrays.binarySearch(offsets, (int) offset);
        return at < 0 || ended.get(at) ? -1 : at;
    }

    boolean isLive(int index) {
        return !ended.get(index);
    }

    /// A message ends; whether that is the first change since [#write].
    boolean end(int index) {
        boolean wasTouched = isTouched;
        ended.set(index);
        live--;
        isTouched = true;
        return !wasTouched;
    }

    boolean isEmpty() {
        return live == 0;
    }

    /// Writes what has changed: the page goes with its last message, and is written anew with what
    /// is left of it where that is a quarter.
    void write(Engine engine, Engine.Changes changes) {
        isTouched = false;
        if (live == 0) {
            changes.delete(Space.PAGES, key());
            unmark(changes);
        } else if (live * 4 > offsets.length || !shrink(engine, changes)) {
            changes.put(Space.PAGES, endedKey(session, first), ended.toByteArray());
            isMarked = true;
        }
    }

    private void unmark(Engine.Changes changes) {
        if (isMarked) {
            changes.delete(Space.PAGES, endedKey(session, first));
            isMarked = false;
        }
    }

    /// Leaves out what has ended, if the page can be read.
    private boolean shrink(Engine engine, Engine.Changes changes) {
        byte[] content = engine.getAll(Space.PAGES, List.of(key())).getFirst();
        if (content == null) {
            return false;
        }
        Bytes rest = new Bytes(content.length / 2);
        int[] left = new int[live];
        int kept = 0;
        ByteBuffer in = ByteBuffer.wrap(content);
        for (int i = 0; in.hasRemaining(); i++) {
            int from = in.position();
            skip(in);
            if (isLive(i)) {
                rest.put(content, from, in.position() - from);
                left[kept++] = offsets[i];
            }
        }
        changes.put(Space.PAGES, key(), rest.array(), 0, rest.size());
        unmark(changes);
        offsets = left;
        ended.clear();
        return true;
    }

    /// Goes through a page from one message to the next.
    static final class Cursor {
        private final ByteBuffer in;
        private int index;

        Cursor(byte[] content) {
            in = ByteBuffer.wrap(content);
        }

        /// The bytes of a message, copy and body, behind those that were asked for before.
        ByteBuffer at(int wanted) {
            for (; index < wanted; index++) {
                skip(in);
            }
            int length = in.getInt(in.position());
            return in.slice(in.position() + Integer.BYTES, length);
        }
    }
}
