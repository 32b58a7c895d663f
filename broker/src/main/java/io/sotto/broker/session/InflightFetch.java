package io.sotto.broker.session;

import io.sotto.broker.spi.DropReason;
import io.sotto.broker.spi.Fetch;
import io.sotto.broker.spi.Message;
import java.util.Arrays;
import java.util.PrimitiveIterator;
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
        int[] ids = new int[Queue.FETCHED];
        long[] numbers = new long[Queue.FETCHED];
        int count = 0;
        int bytes = 0;
        PrimitiveIterator.OfInt each = left.iterator();
        while (each.hasNext() && count < ids.length && bytes < Queue.FETCHED_BYTES) {
            int id = each.nextInt();
            if (inflight.contains(id) && !inflight.isReleased(id)) {
                ids[count] = id;
                numbers[count] = inflight.message(id).id();
                bytes += inflight.message(id).weight();
                count++;
            }
        }
        return new InflightFetch(
                outbound,
                session,
                inflight,
                Arrays.copyOf(ids, count),
                Arrays.copyOf(numbers, count));
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
