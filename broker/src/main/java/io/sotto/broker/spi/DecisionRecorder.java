package io.sotto.broker.spi;

import io.sotto.mqtt.ReasonCode;

/// Takes note of every non-delivery and refusal, for those who ask why. Called by shards, on their
/// loops: must not wait.
public interface DecisionRecorder {
    /// A copy for this client was dropped.
    void dropped(DropReason reason, String clientId, Held message, long now);

    /// Something was refused to this client.
    ///
    /// @param sentence fixed words that name the rule or setting
    void refused(ReasonCode reason, String clientId, String what, String sentence, long now);

    /// The same, where the log has a line of its own for each.
    default void refusedAndTold(
            ReasonCode reason, String clientId, String what, String sentence, long now) {
        refused(reason, clientId, what, sentence, now);
    }

    /// Forgets everything.
    DecisionRecorder NONE =
            new DecisionRecorder() {
                @Override
                public void dropped(DropReason reason, String clientId, Held message, long now) {}

                @Override
                public void refused(
                        ReasonCode reason,
                        String clientId,
                        String what,
                        String sentence,
                        long now) {}
            };
}
