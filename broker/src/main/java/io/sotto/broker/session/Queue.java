package io.sotto.broker.session;

import io.sotto.broker.session.Outbound.Orphan;
import io.sotto.broker.spi.DropReason;
import io.sotto.broker.spi.Fetch;
import io.sotto.broker.spi.Held;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Recovery;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The copies that wait for one client, within their bounds. Behind the first few, bodies lie in
/// the store and are fetched when their turn comes near.
final class Queue {
    /// How many bodies are fetched at a time.
    private static final int PAGE = 64;

    /// How often a full queue looks for copies that expired, in milliseconds: not with each message
    /// that finds it full, at the cost of all the others on its loop.
    private static final int LOOK_EVERY = 100;

    private final SessionContext context;
    private final Trail trail;
    private final Endings endings;
    private final Backlog backlog = new Backlog();
    private boolean fetching;
    private long nextLook;

    Queue(SessionContext context, Trail trail, Endings endings) {
        this.context = context;
        this.trail = trail;
        this.endings = endings;
    }

    /// A copy whose turn it is.
    record Turn(Message message, QoS qos, boolean retain, Via via) {}

    boolean isEmpty() {
        return backlog.isEmpty();
    }

    int size() {
        return backlog.size();
    }

    boolean holdsAtMostOnce() {
        return backlog.holdsAtMostOnce();
    }

    /// Takes a copy, or drops it or older ones where there is no room.
    void add(Message message, QoS qos, boolean retain, Via via, long now) {
        QueueLimits limits = context.limits();
        if (isFull(message) && now >= nextLook) {
            nextLook = now + LOOK_EVERY;
            dropExpired(now);
        }
        while (isFull(message)
                && limits.overflow() == QueueLimits.Overflow.DROP_OLD
                && !backlog.isEmpty()) {
            removeFirst(DropReason.QUEUE_FULL, now);
        }
        if (isFull(message)) {
            endings.drop(message, qos, DropReason.QUEUE_FULL, now);
            return;
        }
        backlog.add(trail.waiting(message, qos, via, backlog.size()), qos, retain, via);
        context.ledger().queued();
    }

    private boolean isFull(Message message) {
        return backlog.size() >= context.limits().messages()
                || backlog.bytes() + message.weight() > context.limits().bytes();
    }

    /// Takes a copy that waited before the broker began.
    void restore(Recovery.Copy copy) {
        backlog.add(copy.message(), copy.qos(), copy.retain(), copy.via());
    }

    Held first() {
        return backlog.held(0);
    }

    /// Takes the oldest copy out, whose body is here.
    Turn next(Message message) {
        Turn turn = new Turn(message, backlog.qos(0), backlog.retain(0), backlog.via(0));
        backlog.removeFirst();
        return turn;
    }

    void removeFirst(DropReason reason, long now) {
        endings.discard(backlog.held(0), backlog.qos(0), reason, now);
        backlog.removeFirst();
    }

    /// Removes the copies that expired.
    void dropExpired(long now) {
        int waiting = backlog.mayHoldExpired(now) ? backlog.size() : 0;
        for (int i = 0; i < waiting; i++) {
            if (backlog.held(0).isExpired(now)) {
                removeFirst(DropReason.EXPIRED, now);
            } else {
                toTheEnd();
            }
        }
    }

    private void toTheEnd() {
        Held held = backlog.held(0);
        QoS qos = backlog.qos(0);
        boolean retain = backlog.retain(0);
        Via via = backlog.via(0);
        backlog.removeFirst();
        backlog.add(held, qos, retain, via);
    }

    /// Gives back the copies of share groups that others want.
    void release(Predicate<TopicFilter> wanted, List<Orphan> orphans) {
        for (int waiting = backlog.size(); waiting > 0; waiting--) {
            TopicFilter shared = backlog.via(0).shared();
            if (shared != null && wanted.test(shared) && first() instanceof Message message) {
                trail.dropped(message, backlog.qos(0));
                backlog.removeFirst();
                endings.handOver(message, shared, orphans);
            } else {
                toTheEnd();
            }
        }
    }

    /// Ends all copies, as the session ends.
    void end(List<Orphan> orphans, long now) {
        while (!backlog.isEmpty()) {
            trail.dropped(backlog.held(0), backlog.qos(0));
            endings.part(backlog.held(0), backlog.via(0), orphans, now);
            backlog.removeFirst();
        }
    }

    /// Asks for the bodies of the oldest copies; nothing when that is under way.
    ///
    /// @param then told of the time when they are there
    void fetch(LongConsumer then) {
        if (fetching) {
            return;
        }
        fetching = true;
        int count = 0;
        long[] numbers = new long[Math.min(PAGE, backlog.size())];
        while (count < numbers.length && !(backlog.held(count) instanceof Message)) {
            numbers[count] = backlog.held(count).id();
            count++;
        }
        context.journal().fetch(new Bodies(Arrays.copyOf(numbers, count), then));
    }

    private final class Bodies extends Fetch {
        private final LongConsumer then;

        Bodies(long[] numbers, LongConsumer then) {
            super(numbers);
            this.then = then;
        }

        @Override
        public void arrived(long now) {
            fetching = false;
            int from = 0;
            long[] numbers = numbers();
            for (int i = 0; i < numbers.length; i++) {
                int index = backlog.indexOf(numbers[i], from, from + PAGE);
                if (index >= 0) {
                    from = index + fill(index, found()[i], now);
                }
            }
            then.accept(now);
        }
    }

    /// Puts a body in its place, or drops the copy that has lost it; how many places are done with.
    private int fill(int index, @Nullable Message message, long now) {
        if (message != null) {
            backlog.fill(index, message);
            return 1;
        }
        endings.discard(backlog.held(index), backlog.qos(index), DropReason.DAMAGED, now);
        backlog.remove(index);
        return 0;
    }
}
