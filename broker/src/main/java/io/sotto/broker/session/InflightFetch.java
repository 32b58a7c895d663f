package io.sotto.broker.session;

import io.sotto.broker.spi.DropReason;
import io.sotto.broker.spi.Fetch;
import io.sotto.broker.spi.Message;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Fetches bodies of copies that were sent before the broker began.
final class InflightFetch extends Fetch {
    private final Outbound outbound;
    private final Inflight inflight;
    private final int[] ids;

    private InflightFetch(
            Outbound outbound, long session, Inflight inflight, int[] ids, long[] numbers) {
        super(session, numbers);
        this.outbound = outbound;
        this.inflight = inflight;
        this.ids = ids;
    }

    /// Asks for the next of those that are to be sent again.
    ///
    /// @param session the number of the session
    /// @param left the packet identifiers of all of them, in order
    static InflightFetch of(Outbound outbound, long session, Inflight inflight, IntStream left) {
        int[] ids =
                left.filter(id -> inflight.contains(id) && !inflight.isReleased(id))
                        .limit(Queue.PAGE)
                        .toArray();
        long[] numbers = Arrays.stream(ids).mapToLong(id -> inflight.message(id).id()).toArray();
        return new InflightFetch(outbound, session, inflight, ids, numbers);
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
