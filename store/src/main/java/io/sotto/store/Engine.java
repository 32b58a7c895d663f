package io.sotto.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sorted keys with values, in parts, written in atomic batches: all that the store asks of a disk.
///
/// A batch that was written before another is never lost when that is not. A batch written with
/// `sync`, and all before it, survive a power cut once the call has returned.
public interface Engine extends AutoCloseable {
    /// Takes the changes of the next batch.
    Changes begin();

    /// Writes a batch, which was begun here, as a whole.
    ///
    /// @param sync whether to wait for the disk
    void write(Changes changes, boolean sync) throws StoreException;

    /// Waits until all that was written is on the disk.
    void sync() throws StoreException;

    byte @Nullable [] get(Space space, byte[] key) throws StoreException;

    /// The values of several keys, in their order, null for what is not there or damaged.
    List<byte @Nullable []> getAll(Space space, List<byte[]> keys);

    /// Shows all pairs of a part in the order of their keys.
    void scan(Space space, Visitor visitor) throws StoreException;

    /// Tries to go on after there was no room.
    void recover() throws StoreException;

    @Override
    void close() throws StoreException;

    /// Sees pairs.
    interface Visitor {
        void see(byte[] key, byte[] value) throws StoreException;
    }

    /// Bytes that do not lie in one place.
    interface Value {
        /// How many there are.
        int length();

        /// Copies all of them behind one another.
        void copyTo(byte[] target, int at);
    }

    /// One batch while it is made.
    interface Changes {
        /// Puts some bytes of an array in the place of a key.
        void put(Space space, byte[] key, byte[] from, int start, int length);

        default void put(Space space, byte[] key, byte[] value) {
            put(space, key, value, 0, value.length);
        }

        /// Puts what is written in pieces in the place of a key.
        default void put(Space space, byte[] key, Value value) {
            byte[] bytes = new byte[value.length()];
            value.copyTo(bytes, 0);
            put(space, key, bytes);
        }

        void delete(Space space, byte[] key);

        /// How many changes.
        int count();

        /// How many bytes it holds, roughly.
        int size();
    }
}
