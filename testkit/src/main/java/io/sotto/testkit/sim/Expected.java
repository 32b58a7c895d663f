package io.sotto.testkit.sim;

import io.sotto.mqtt.ReasonCode;
import java.util.List;

/// An answer that the broker owes.
final class Expected {
    private final Class<?> type;
    private final int packetId;
    private final List<List<ReasonCode>> reasons;
    private long batch;

    /// @param reasons for each reason code of the answer, which ones are right; empty for any
    Expected(Class<?> type, int packetId, List<List<ReasonCode>> reasons) {
        this.type = type;
        this.packetId = packetId;
        this.reasons = reasons;
    }

    Class<?> type() {
        return type;
    }

    int packetId() {
        return packetId;
    }

    /// The batch that has to be durable before it leaves.
    long batch() {
        return batch;
    }

    void batch(long number) {
        batch = Math.max(batch, number);
    }

    boolean allows(List<ReasonCode> given) {
        if (reasons.isEmpty()) {
            return true;
        }
        if (given.size() != reasons.size()) {
            return false;
        }
        for (int i = 0; i < given.size(); i++) {
            if (!reasons.get(i).contains(given.get(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return type.getSimpleName() + " " + packetId + " " + reasons + " after batch " + batch;
    }
}
