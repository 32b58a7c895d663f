package io.sotto.broker.session;

import io.sotto.broker.session.Outbound.Orphan;
import io.sotto.broker.session.QueueLimits.Bound;
import io.sotto.broker.session.QueueLimits.Overflow;
import io.sotto.broker.session.QueueLimits.PrefixBound;
import io.sotto.broker.spi.DropReason;
import io.sotto.broker.spi.Fetch;
import io.sotto.broker.spi.Held;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Recovery;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The copies that wait for one client, within their bounds. Behind the first few, bodies lie in
/// the store and are fetched when their turn comes near.
final class Queue {
    /// How many bodies are fetched at a time.
    static final int FETCHED = 256;

    /// No more are fetched once there are so many bytes of them.
    static final int FETCHED_BYTES = 64 * 1024;

    /// How often a full queue looks for copies that expired, in milliseconds: not with each message
    /// that finds it full, at the cost of all the others on its loop.
    private static final int LOOK_EVERY = 100;

    private final SessionContext context;
    private final Trail trail;
    private final Endings endings;
    private Backlog backlog = new Backlog();
    private @Nullable PrefixBound prefix;
    private @Nullable Pool pool;
    private boolean fetching;
    private long nextLook;

    Queue(SessionContext context, Trail trail, Endings endings) {
        this.context = context;
        this.trail = trail;
        this.endings = endings;
        join();
    }

    /// Counts among the clients whose ids begin alike, as far as these are bounded together now.
    void join() {
        PrefixBound now = context.limits().together().of(endings.clientId());
        if (pool != null) {
            pool.add(context.shard(), -backlog.size(), -backlog.bytes());
        }
        prefix = now;
        pool = now == null ? null : context.pools().of(now.prefix());
        if (pool != null) {
            pool.add(context.shard(), backlog.size(), backlog.bytes());
        }
    }

    private void count(int messages, long bytes) {
        count(pool, messages, bytes);
    }

    private void count(@Nullable Pool joined, int messages, long bytes) {
        context.pools().total().add(context.shard(), messages, bytes);
        if (joined != null) {
            joined.add(context.shard(), messages, bytes);
        }
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
        DropReason full = reached(message, qos);
        if (full != null && now >= nextLook) {
            nextLook = now + LOOK_EVERY;
            dropExpired(now);
            full = reached(message, qos);
        }
        while (full != null && overflow(full) == Overflow.DROP_OLD && !backlog.isEmpty()) {
            removeFirst(full, now);
            full = reached(message, qos);
        }
        if (full != null) {
            endings.drop(message, qos, full, now);
            return;
        }
        put(trail.waiting(message, qos, via, backlog.size()), qos, retain, via);
        context.ledger().queued();
    }

    /// The first bound at which a copy has no place, or null. Where publishers are held back there
    /// is always one for what they were acknowledged.
    private @Nullable DropReason reached(Message message, QoS qos) {
        QueueLimits limits = context.limits();
        boolean owed = qos != QoS.AT_MOST_ONCE;
        if ((backlog.size() >= limits.messages()
                        || backlog.bytes() + message.weight() > limits.bytes())
                && !(owed && limits.overflow().holdsPublishers())) {
            return DropReason.QUEUE_FULL;
        }
        PrefixBound alike = prefix;
        if (alike != null && pool != null && isReached(alike.bound(), pool, message, owed)) {
            return DropReason.PREFIX_FULL;
        }
        Bound total = limits.together().total();
        if (total.isBound() && isReached(total, context.pools().total(), message, owed)) {
            return DropReason.TOTAL_FULL;
        }
        return null;
    }

    private static boolean isReached(Bound bound, Pool pool, Message message, boolean owed) {
        return !(owed && bound.overflow().holdsPublishers())
                && bound.isReached(pool, message.weight());
    }

    private Overflow overflow(DropReason bound) {
        PrefixBound alike = prefix;
        return switch (bound) {
            case PREFIX_FULL -> alike == null ? Overflow.DROP_NEW : alike.bound().overflow();
            case TOTAL_FULL -> context.limits().together().total().overflow();
            default -> context.limits().overflow();
        };
    }

    /// Whether its own bound is reached, and publishers are to be told.
    boolean isPressed() {
        QueueLimits limits = context.limits();
        return limits.overflow().holdsPublishers()
                && (backlog.size() >= limits.messages() || backlog.bytes() >= limits.bytes());
    }

    /// What stands against another copy on the part of the clients whose ids begin alike. From any
    /// shard, as it was a moment ago.
    @Nullable Pressure pressure() {
        PrefixBound alike = prefix;
        if (alike == null || !alike.bound().overflow().holdsPublishers()) {
            return null;
        }
        return alike.bound().isReached(context.pools().of(alike.prefix()), 1)
                ? Pressure.of(DropReason.PREFIX_FULL, alike.bound().overflow())
                : null;
    }

    private void put(Held held, QoS qos, boolean retain, Via via) {
        backlog.add(held, qos, retain, via);
        count(1, held.weight());
    }

    private void take() {
        count(-1, -backlog.held(0).weight());
        backlog.removeFirst();
    }

    /// Takes a copy that waited before the broker began.
    void restore(Recovery.Copy copy) {
        put(copy.message(), copy.qos(), copy.retain(), copy.via());
    }

    /// Brings what was restored into its order.
    void restored() {
        backlog.sort();
    }

    Held first() {
        return backlog.held(0);
    }

    /// Takes the oldest copy out, whose body is here.
    Turn next(Message message) {
        Turn turn = new Turn(message, backlog.qos(0), backlog.retain(0), backlog.via(0));
        take();
        return turn;
    }

    void removeFirst(DropReason reason, long now) {
        endings.discard(backlog.held(0), backlog.qos(0), reason, now);
        take();
    }

    /// Removes the copies that expired.
    void dropExpired(long now) {
        if (!backlog.mayHoldExpired(now)) {
            return;
        }
        Backlog expired = new Backlog();
        for (int waiting = backlog.size(); waiting > 0; waiting--) {
            backlog.moveFirst(backlog.held(0).isExpired(now) ? expired : backlog);
        }
        // What expired goes to nobody else.
        end(expired, DropReason.EXPIRED, new ArrayList<>(0), now);
    }

    /// Gives back the copies of share groups that others want.
    void release(Predicate<TopicFilter> wanted, List<Orphan> orphans) {
        int all = backlog.holdsShared(wanted) ? backlog.size() : 0;
        for (int waiting = all; waiting > 0; waiting--) {
            TopicFilter shared = backlog.via(0).shared();
            if (shared != null && wanted.test(shared) && first() instanceof Message message) {
                trail.dropped(message, backlog.qos(0));
                take();
                endings.handOver(message, shared, orphans);
            } else {
                backlog.moveFirst(backlog);
            }
        }
    }

    /// Ends all copies, as the session ends: very many of them in later turns.
    void end(List<Orphan> orphans, long now) {
        Backlog left = backlog;
        backlog = new Backlog();
        end(left, DropReason.SESSION_ENDED, orphans, now);
    }

    private void end(Backlog copies, DropReason reason, List<Orphan> orphans, long now) {
        Pool joined = pool;
        LongConsumer room = weight -> count(joined, -1, -weight);
        context.remains().add(new Remains.Rest(copies, reason, endings, room), orphans, now);
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
        int bytes = 0;
        long[] numbers = new long[Math.min(FETCHED, backlog.size())];
        while (count < numbers.length
                && bytes < FETCHED_BYTES
                && !(backlog.held(count) instanceof Message)) {
            numbers[count] = backlog.held(count).id();
            bytes += backlog.held(count).weight();
            count++;
        }
        context.journal().fetch(new Bodies(Arrays.copyOf(numbers, count), then));
    }

    private final class Bodies extends Fetch {
        private final LongConsumer then;

        Bodies(long[] numbers, LongConsumer then) {
            super(trail.session(), numbers);
            this.then = then;
        }

        @Override
        public void arrived(long now) {
            fetching = false;
            int from = 0;
            long[] numbers = numbers();
            for (int i = 0; i < numbers.length; i++) {
                int index = backlog.indexOf(numbers[i], from, from + FETCHED);
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
        count(-1, -backlog.held(index).weight());
        backlog.remove(index);
        return 0;
    }
}
