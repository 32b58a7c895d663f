package io.sotto.server;

import io.sotto.conformance.Version;
import java.util.Locale;

/// One row of the table of doors.
record DoorRow(Door door, Version version, int qos, boolean tls, Verdict verdict, By by) {
    /// How the actor has logged in.
    enum By {
        PASSWORD,
        TOKEN,
        HTTP
    }

    /// What the rules say.
    enum Verdict {
        ALLOWED,
        DENIED,
        /// Allowed at first, and not any more when it comes to it.
        REVOKED
    }

    @Override
    public String toString() {
        return "%s, %s, QoS %d, %s, %s, by %s"
                .formatted(
                        door.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        version,
                        qos,
                        tls ? "TLS" : "TCP",
                        verdict.name().toLowerCase(Locale.ROOT),
                        by.name().toLowerCase(Locale.ROOT));
    }
}
