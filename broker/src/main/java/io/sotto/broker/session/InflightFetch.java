package io.sotto.broker.session;

import io.sotto.broker.spi.DropReason;
import io.sotto.broker.spi.Fetch;
import io.sotto.broker.spi.Message;
import java.util.Arrays;

/// Fetches bodies of copies that were sent before the broker began.
final class InflightFetch extends Fetch {
    private final Outbound outbound;
    private final Inflight inflight;
    private final int[] ids;

    /// @param ids the packet identifiers of the copies
    InflightFetch(Outbound outbound, long session, Inflight inflight, int[] ids) {
        super(session, Arrays.stream(ids).mapToLong(id -> inflight.message(id).id()).toArray());
        this.outbound = outbound;
        this.inflight = inflight;
        this.ids = ids;
    }

    @Override
    public void arrived(long now) {
        long[] numbers = numbers();
        for (int i = 0; i < ids.length; i++) {
            int id = ids[i];
            Message message = found()[i];
            if (!inflight.contains(id) || inflight.message(id).id() != numbers[i]) {
                continue;
            }
            if (message != null) {
                inflight.fill(id, message);
            } else {
                outbound.giveUp(id, DropReason.DAMAGED, now);
            }
        }
        outbound.fetched(now);
    }
}
