package io.sotto.access;

import io.sotto.mqtt.Utf8;
import java.nio.charset.StandardCharsets;

/// User names that others say a client has: a token, or whoever was asked about a login.
public final class Names {
    private static final int LONGEST = 65_535;

    private Names() {}

    /// Refuses what cannot be a user name.
    ///
    /// @throws IllegalArgumentException with a clause that says why
    public static void check(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("has an empty user name");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)
                || Utf8.isDiscouraged(name)
                || name.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw new IllegalArgumentException(
                    "has a user name with control characters, or one that is too long");
        }
    }
}
