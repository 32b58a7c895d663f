package io.sotto.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// An engine in memory that remembers which writes were to be synced.
class CountingEngine implements Engine {
    private final Map<String, byte[]> pairs = new HashMap<>();
    private final CountDownLatch isSynced = new CountDownLatch(1);
    private final AtomicInteger writes = new AtomicInteger();
    private final List<Boolean> synced = new ArrayList<>();
    private int syncs;

    int writes() {
        return writes.get();
    }

    int syncs() {
        return syncs;
    }

    /// Of each write whether it was to be synced.
    List<Boolean> synced() {
        return List.copyOf(synced);
    }

    /// Waits until something that was written is synced.
    void awaitSync() throws InterruptedException {
        isSynced.await();
    }

    List<String> keys() {
        return List.copyOf(pairs.keySet());
    }

    @Override
    public Changes begin() {
        return new Put();
    }

    @Override
    public void write(Changes changes, boolean sync) throws StoreException {
        ((Put) changes).all.forEach(Runnable::run);
        synced.add(sync);
        writes.incrementAndGet();
        if (sync) {
            sync();
        }
    }

    @Override
    public void sync() throws StoreException {
        syncs++;
        if (writes.get() > 0) {
            isSynced.countDown();
        }
    }

    @Override
    public byte @Nullable [] get(Space space, byte[] key) {
        return pairs.get(name(space, key));
    }

    @Override
    public List<byte @Nullable []> getAll(Space space, List<byte[]> keys) {
        List<byte @Nullable []> values = new ArrayList<>();
        keys.forEach(key -> values.add(get(space, key)));
        return values;
    }

    @Override
    public void scan(Space space, Visitor visitor) {}

    @Override
    public void recover() {}

    @Override
    public void close() {}

    private static String name(Space space, byte[] key) {
        return space + " " + HexFormat.of().formatHex(key);
    }

    private final class Put implements Changes {
        private final List<Runnable> all = new ArrayList<>();

        @Override
        public void put(Space space, byte[] key, byte[] from, int start, int length) {
            byte[] value = Arrays.copyOfRange(from, start, start + length);
            all.add(() -> pairs.put(name(space, key), value));
        }

        @Override
        public void delete(Space space, byte[] key) {
            all.add(() -> pairs.remove(name(space, key)));
        }

        @Override
        public int count() {
            return all.size();
        }

        @Override
        public int size() {
            return all.size();
        }
    }
}
