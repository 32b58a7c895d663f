package io.sotto.conformance;

import java.time.Duration;

/// How a scenario ended, and why when it did not pass.
public record Verdict(
        Scenario scenario, Outcome outcome, String reason, String transcript, Duration took) {
    public enum Outcome {
        PASSED,
        FAILED,
        /// The broker leaves an optional feature out.
        NOT_OFFERED
    }

    /// Of two runs of one scenario the one that says more: a failure, else a success.
    public Verdict or(Verdict other) {
        return other.failed() || !failed() && outcome == Outcome.NOT_OFFERED ? other : this;
    }

    public boolean failed() {
        return outcome == Outcome.FAILED;
    }
}
