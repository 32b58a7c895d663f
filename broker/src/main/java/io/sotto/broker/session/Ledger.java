package io.sotto.broker.session;

import io.sotto.broker.spi.DropReason;

/// The books of one shard. Written by the shard alone; others read it as it happens to be.
///
/// Invariants, at any moment of the shard: messages = routed + unrouted, and copies = delivered +
/// acknowledged + dropped (over all reasons) + queued.
@SuppressWarnings("EnumOrdinal") // a column per reason
public final class Ledger {
    private long routed;
    private long unrouted;
    private long refused;
    private long copies;
    private long delivered;
    private long acknowledged;
    private long queued;
    private long bytesIn;
    private long bytesOut;
    private long faults;
    private final long[] dropped = new long[DropReason.values().length];
    private final Traffic traffic = new Traffic();

    /// What goes over the links, whatever it is.
    public Traffic traffic() {
        return traffic;
    }

    /// A message was taken over.
    ///
    /// @param matched whether any subscription matched it
    public void message(boolean matched, int bytes) {
        if (matched) {
            routed++;
        } else {
            unrouted++;
        }
        bytesIn += bytes;
    }

    /// A PUBLISH was not taken over.
    public void refused() {
        refused++;
    }

    /// Something within the broker failed that must not.
    public void fault() {
        faults++;
    }

    /// Routing made a copy for one session.
    public void copy() {
        copies++;
    }

    /// A copy was queued before the broker began.
    public void restored() {
        copies++;
        queued++;
    }

    /// A QoS 0 copy was handed to its link.
    public void delivered(int bytes) {
        delivered++;
        bytesOut += bytes;
    }

    /// Routing made so many QoS 0 copies for one session, and all of them were handed to its link.
    void delivered(int count, int bytes) {
        copies += count;
        delivered += count;
        bytesOut += bytes;
    }

    /// A QoS 1 or 2 copy was sent to its client, now or again.
    public void sent(int bytes) {
        bytesOut += bytes;
    }

    /// A copy joined a backlog or the window of a session.
    public void queued() {
        queued++;
    }

    /// A queued copy was acknowledged by its receiver.
    public void acknowledged() {
        queued--;
        acknowledged++;
    }

    /// A copy that was never queued ended without delivery.
    public void dropped(DropReason reason) {
        dropped[reason.ordinal()]++;
    }

    /// A queued copy ended without delivery.
    public void droppedFromQueue(DropReason reason) {
        queued--;
        dropped[reason.ordinal()]++;
    }

    /// A queued copy went to another member of its share group: for this session it never was.
    public void handedOver() {
        queued--;
        copies--;
    }

    public long messages() {
        return routed + unrouted;
    }

    public long unrouted() {
        return unrouted;
    }

    /// PUBLISH packets that were not taken over.
    public long refusals() {
        return refused;
    }

    public long copies() {
        return copies;
    }

    /// QoS 0 copies handed to their links.
    public long deliveries() {
        return delivered;
    }

    public long acknowledgements() {
        return acknowledged;
    }

    /// Copies in backlogs and windows now.
    public long queuedNow() {
        return queued;
    }

    public long drops(DropReason reason) {
        return dropped[reason.ordinal()];
    }

    /// Copies dropped for all reasons.
    public long drops() {
        long sum = 0;
        for (long count : dropped) {
            sum += count;
        }
        return sum;
    }

    /// Failures within the broker itself.
    public long faults() {
        return faults;
    }

    /// Bytes of topics and payloads taken over.
    public long bytesIn() {
        return bytesIn;
    }

    /// Bytes of PUBLISH packets handed to links.
    public long bytesOut() {
        return bytesOut;
    }

    /// Whether every copy has exactly one outcome.
    public boolean balances() {
        return copies == delivered + acknowledged + drops() + queued && queued >= 0;
    }
}
