package io.sotto.store;

import io.sotto.mqtt.TopicName;
import java.nio.ByteBuffer;

/// The keys of the store.
final class Keys {
    private Keys() {}

    static byte[] of(TopicName topic) {
        ByteBuffer key = ByteBuffer.allocate(topic.size());
        topic.writeTo(key);
        return key.array();
    }

    static byte[] of(long number) {
        byte[] key = new byte[Long.BYTES];
        write(key, 0, number);
        return key;
    }

    static byte[] of(long number, long other) {
        byte[] key = new byte[2 * Long.BYTES];
        write(key, 0, number);
        write(key, Long.BYTES, other);
        return key;
    }

    /// @param packetId 1 to 65,535
    static byte[] of(long number, int packetId) {
        byte[] key = new byte[Long.BYTES + 2];
        write(key, 0, number);
        key[Long.BYTES] = (byte) (packetId >>> 8);
        key[Long.BYTES + 1] = (byte) packetId;
        return key;
    }

    static byte[] of(long number, long other, byte tag) {
        byte[] key = new byte[2 * Long.BYTES + 1];
        write(key, 0, number);
        write(key, Long.BYTES, other);
        key[2 * Long.BYTES] = tag;
        return key;
    }

    static byte[] tagged(long number, byte tag) {
        byte[] key = new byte[Long.BYTES + 1];
        write(key, 0, number);
        key[Long.BYTES] = tag;
        return key;
    }

    static byte[] of(long number, byte[] rest) {
        byte[] key = new byte[Long.BYTES + rest.length];
        write(key, 0, number);
        System.arraycopy(rest, 0, key, Long.BYTES, rest.length);
        return key;
    }

    private static void write(byte[] key, int at, long number) {
        for (int i = 0; i < Long.BYTES; i++) {
            key[at + i] = (byte) (number >>> 8 * (Long.BYTES - 1 - i));
        }
    }

    static long number(byte[] key) {
        return ByteBuffer.wrap(key).getLong();
    }

    static long other(byte[] key) {
        return ByteBuffer.wrap(key).getLong(Long.BYTES);
    }

    static int packetId(byte[] key) {
        return ByteBuffer.wrap(key).getShort(Long.BYTES) & 0xFFFF;
    }
}
