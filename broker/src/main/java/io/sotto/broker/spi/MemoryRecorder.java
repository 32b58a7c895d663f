package io.sotto.broker.spi;

import io.sotto.mqtt.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The last decisions of one shard in a ring of fixed size.
public final class MemoryRecorder implements DecisionRecorder {
    private final @Nullable Decision[] ring;
    private long count;

    /// @param places how many decisions are kept, at least 1
    public MemoryRecorder(int places) {
        this.ring = new Decision[places];
    }

    /// One non-delivery or refusal.
    ///
    /// @param what the topic, filter or operation that it was about
    public record Decision(long at, String clientId, String what, String reason) {}

    @Override
    public void dropped(DropReason reason, String clientId, Held message, long now) {
        note(new Decision(now, clientId, message.topic().toString(), reason.sentence()));
    }

    @Override
    public void refused(
            ReasonCode reason, String clientId, String what, String sentence, long now) {
        note(new Decision(now, clientId, what, reason + ": " + sentence));
    }

    private void note(Decision decision) {
        ring[(int) (count++ % ring.length)] = decision;
    }

    /// What is kept, oldest first.
    public List<Decision> decisions() {
        List<Decision> kept = new ArrayList<>();
        for (long i = Math.max(0, count - ring.length); i < count; i++) {
            Decision decision = ring[(int) (i % ring.length)];
            if (decision != null) {
                kept.add(decision);
            }
        }
        return kept;
    }
}
