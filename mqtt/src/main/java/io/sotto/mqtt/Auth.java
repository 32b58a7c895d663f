package io.sotto.mqtt;

import org.jspecify.annotations.Nullable;

/// A step of an enhanced authentication, 5.0 only.
public record Auth(
        ReasonCode reason,
        @Nullable String authenticationMethod,
        @Nullable Payload authenticationData,
        Diagnostics diagnostics)
        implements Packet {}
