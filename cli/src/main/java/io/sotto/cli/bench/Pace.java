package io.sotto.cli.bench;

import java.util.List;

/// When the publishers of a measurement send.
interface Pace {
    /// So many are sent before the clock is looked at again.
    int BATCH = 256;

    /// Who gets nothing through for so long has stalled.
    long STALL_NANOS = 5_000_000_000L;

    /// Has the publishers send what belongs in the time, and waits until they have.
    void send(List<Publisher> publishers, Span span) throws InterruptedException;

    /// Copies of a publisher's messages have arrived, or, where nobody receives, messages were
    /// acknowledged. Called by any loop.
    void arrived(int publisher, int copies);

    /// A publisher that was not ready may be. Called by its loop.
    void relieved(int publisher);
}
