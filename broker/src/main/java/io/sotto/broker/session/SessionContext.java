package io.sotto.broker.session;

import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.DecisionRecorder;
import io.sotto.broker.spi.Journal;

/// What all sessions of a shard share.
///
/// @param numbers the numbers of messages
public record SessionContext(
        QueueLimits limits,
        Ledger ledger,
        DecisionRecorder recorder,
        Journal journal,
        Promises promises,
        MessageNumbers numbers,
        Authorizer authorizer) {}
