package io.sotto.testkit.sim;

import io.sotto.mqtt.Ack;
import io.sotto.mqtt.Publish;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happened in a run: a hash of all of it and the last part of it in words.
final class Trace {
    private static final int KEPT = 400;

    private final @Nullable Entry[] ring;
    private long count;
    private long hash = 0xCBF2_9CE4_8422_2325L;

    /// @param whole whether everything is kept and not the last part only
    Trace(boolean whole) {
        this.ring = new Entry[whole ? 1 << 20 : KEPT];
    }

    private record Entry(long at, String who, String what, @Nullable Object detail) {
        @Override
        public String toString() {
            return "%8d  %-14s %-10s %s"
                    .formatted(at, who, what, detail == null ? "" : words(detail));
        }

        private static String words(Object detail) {
            if (detail instanceof Publish publish) {
                byte[] bytes = publish.payload().toByteArray();
                String text =
                        new String(
                                bytes, 0, Math.min(20, bytes.length), StandardCharsets.ISO_8859_1);
                return "PUBLISH %s '%s' QoS %d%s%s id %d alias %d subscriptions %s expiry %d"
                        .formatted(
                                publish.topic(),
                                text,
                                publish.qos().level(),
                                publish.retain() ? " retain" : "",
                                publish.dup() ? " dup" : "",
                                publish.packetId(),
                                publish.topicAlias(),
                                publish.subscriptionIdentifiers(),
                                publish.properties().messageExpiryInterval());
            }
            return detail instanceof Ack ack
                    ? "%s %d %s"
                            .formatted(ack.getClass().getSimpleName(), ack.packetId(), ack.reason())
                    : detail.toString();
        }
    }

    void note(long at, String who, String what, @Nullable Object detail) {
        ring[(int) (count++ % ring.length)] = new Entry(at, who, what, detail);
        mix(at);
        mix(who.hashCode() * 31L + what.hashCode());
    }

    /// Takes bytes into the hash.
    void mix(byte[] bytes, int from, int length) {
        long mixed = hash;
        for (int i = from; i < from + length; i++) {
            mixed = (mixed ^ bytes[i]) * 0x100_0000_01B3L;
        }
        hash = mixed;
    }

    private void mix(long value) {
        hash = (hash ^ value) * 0x100_0000_01B3L;
        hash ^= hash >>> 29;
    }

    long hash() {
        return hash;
    }

    /// The last events, oldest first.
    List<String> tail() {
        List<String> lines = new ArrayList<>();
        for (long i = Math.max(0, count - ring.length); i < count; i++) {
            lines.add(String.valueOf(ring[(int) (i % ring.length)]));
        }
        return lines;
    }
}
