package io.sotto.testkit.sim;

import io.sotto.store.Engine;
import io.sotto.store.Space;
import io.sotto.store.StoreException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A disk that forgets: what was written and not synced may be there after a crash or not, but
/// never a part of a batch, and never a batch without those before it. It fills up now and then.
final class SimulatedEngine implements Engine {
    private final Dice dice;
    private final Map<Space, Map<byte[], byte[]>> written = new EnumMap<>(Space.class);
    private final Map<Space, Map<byte[], byte[]>> synced = new EnumMap<>(Space.class);
    private final List<Batch> unsynced = new ArrayList<>();
    private Fault next = Fault.NONE;

    /// What the next write meets.
    enum Fault {
        NONE,
        /// There is no room, until [#recover].
        FULL,
        /// The process ends before the write returns.
        CRASH
    }

    /// The process ended within a write.
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    SimulatedEngine(Dice dice) {
        this.dice = dice;
        for (Space space : Space.values()) {
            written.put(space, new TreeMap<>(Arrays::compareUnsigned));
            synced.put(space, new TreeMap<>(Arrays::compareUnsigned));
        }
    }

    /// Decides what the next write meets.
    void next(Fault fault) {
        next = fault;
    }

    /// The power fails, or only the process ends.
    ///
    /// @param power whether what was not synced may be lost
    void crash(boolean power) {
        int surviving = power ? dice.below(unsynced.size() + 1) : unsynced.size();
        for (Batch batch : unsynced.subList(0, surviving)) {
            batch.applyTo(synced);
        }
        unsynced.clear();
        synced.forEach((space, pairs) -> {
            Map<byte[], byte[]> present = pairs(written, space);
            present.clear();
            present.putAll(pairs);
        });
        next = Fault.NONE;
    }

    private static Map<byte[], byte[]> pairs(Map<Space, Map<byte[], byte[]>> of, Space space) {
        Map<byte[], byte[]> pairs = of.get(space);
        if (pairs == null) {
            throw new IllegalStateException("no part " + space);
        }
        return pairs;
    }

    /// How many pairs there are, but for what is retained or counted.
    int size() {
        int size = 0;
        for (Space space : Space.values()) {
            boolean stays = space == Space.RETAINED || space == Space.META;
            size += stays ? 0 : pairs(written, space).size();
        }
        return size;
    }

    /// What is there, in words.
    String inventory() {
        StringBuilder words = new StringBuilder();
        written.forEach(
                (space, pairs) -> words.append(space).append(' ').append(pairs.size()).append(' '));
        return words.toString();
    }

    @Override
    public Changes begin() {
        return new Batch();
    }

    @Override
    public void write(Changes changes, boolean sync) throws StoreException {
        Fault fault = next;
        if (fault == Fault.FULL) {
            throw new StoreException(StoreException.Kind.FULL, "the simulated disk is full");
        }
        Batch batch = (Batch) changes;
        batch.applyTo(written);
        unsynced.add(batch);
        if (fault == Fault.CRASH) {
            throw new Crash();
        }
        if (sync) {
            sync();
        }
    }

    @Override
    public void sync() {
        unsynced.forEach(batch -> batch.applyTo(synced));
        unsynced.clear();
    }

    @Override
    public byte @Nullable [] get(Space space, byte[] key) {
        return pairs(written, space).get(key);
    }

    @Override
    public List<byte @Nullable []> getAll(Space space, List<byte[]> keys) {
        List<byte @Nullable []> values = new ArrayList<>();
        keys.forEach(key -> values.add(get(space, key)));
        return values;
    }

    @Override
    public void scan(Space space, Visitor visitor) throws StoreException {
        for (Map.Entry<byte[], byte[]> pair : pairs(written, space).entrySet()) {
            visitor.see(pair.getKey(), pair.getValue());
        }
    }

    @Override
    public void recover() {
        next = Fault.NONE;
    }

    @Override
    public void close() {}

    private static final class Batch implements Changes {
        private final List<Consumer<Map<Space, Map<byte[], byte[]>>>> changes = new ArrayList<>();
        private int size;

        void applyTo(Map<Space, Map<byte[], byte[]>> target) {
            changes.forEach(change -> change.accept(target));
        }

        @Override
        public void put(Space space, byte[] key, byte[] from, int start, int length) {
            byte[] value = Arrays.copyOfRange(from, start, start + length);
            changes.add(target -> pairs(target, space).put(key, value));
            size += key.length + length;
        }

        @Override
        public void delete(Space space, byte[] key) {
            changes.add(target -> pairs(target, space).remove(key));
            size += key.length;
        }

        @Override
        public int count() {
            return changes.size();
        }

        @Override
        public int size() {
            return size;
        }
    }
}
