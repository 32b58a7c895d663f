package io.sotto.conformance;

import java.time.Duration;
import java.util.List;

/// How a scenario ended, and why when it did not pass.
///
/// @param reason what failed, or what is not offered; else empty
/// @param remarks recommendations of the standard that the broker does not keep to
/// @param transcript every byte that went over the wires
public record Verdict(
        Scenario scenario,
        Outcome outcome,
        String reason,
        List<String> remarks,
        String transcript,
        Duration took) {
    public enum Outcome {
        PASSED,
        FAILED,
        /// A failure of its own kind: the broker does not mind what a client must not do.
        LENIENT,
        /// The broker leaves an optional feature out.
        NOT_OFFERED
    }

    /// Of two runs of one scenario the one that says more: a failure, else a success.
    public Verdict or(Verdict other) {
        return other.failed() || !failed() && outcome == Outcome.NOT_OFFERED ? other : this;
    }

    /// Whether a rule is broken, be it by the broker alone or by a client with its consent.
    public boolean failed() {
        return outcome == Outcome.FAILED || outcome == Outcome.LENIENT;
    }

    /// The same, with every recommendation taken for a rule.
    public Verdict strict() {
        return outcome != Outcome.PASSED || remarks.isEmpty()
                ? this
                : new Verdict(
                        scenario,
                        Outcome.FAILED,
                        String.join("; ", remarks),
                        remarks,
                        transcript,
                        took);
    }
}
