package io.sotto.broker.spi;

import java.util.function.IntFunction;

/// All that the core needs of the world.
///
/// @param journals the journal of each shard, by its index
/// @param recorders the decision recorder of each shard, by its index
public record Ports(
        Authenticator authenticator,
        Authorizer authorizer,
        IntFunction<Journal> journals,
        IntFunction<DecisionRecorder> recorders,
        EventLog events,
        Entropy entropy,
        Peers peers) {}
