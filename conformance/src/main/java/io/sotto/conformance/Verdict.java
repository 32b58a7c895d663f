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

    public boolean failed() {
        return outcome == Outcome.FAILED;
    }
}
