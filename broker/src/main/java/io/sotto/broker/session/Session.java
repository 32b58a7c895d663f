package io.sotto.broker.session;

import io.sotto.broker.session.QueueLimits.Bound;
import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.DropReason;
import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Recovery;
import io.sotto.broker.spi.SessionStore.Grant;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.Will;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the broker knows of a client, connected or not (5.0, section 4.1): its subscriptions, what
/// is on the way to and from it, and its will.
///
/// Owned by its home shard. Other shards hold it as an address: they read [#clientId], [#home] and,
/// as a hint that may be stale, [#availability].
public final class Session {
    private static final VarHandle AVAILABILITY;

    static {
        try {
            AVAILABILITY =
                    MethodHandles.lookup().findVarHandle(Session.class, "availability", byte.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Subject subject;
    private final long number;
    private final int home;
    private final Outbound outbound;
    private final ReceivedIds received = new ReceivedIds();
    private final Map<TopicFilter, Grant> grants = new LinkedHashMap<>(4);
    private long expiryInterval;
    private @Nullable Line line;
    private @Nullable Will will;
    private final SessionTimers timers = new SessionTimers();
    private long batch;

    @SuppressWarnings("unused") // through AVAILABILITY
    private byte availability = ABSENT;

    /// Its client is away.
    public static final byte ABSENT = 0;

    /// Its client is there, but has no room now.
    public static final byte BUSY = 1;

    /// A message would be sent at once.
    public static final byte READY = 2;

    /// It has ended.
    public static final byte ENDED = 3;

    /// Beside one of the first two: its queue is full, and publishers are to be held back.
    private static final byte PRESSED = 4;

    /// @param number what the journal knows it by; no other session has it
    /// @param expiryInterval in seconds; above 0 the session outlives its connection
    /// @param durability how surely it is kept then, null for as usual
    public Session(
            Subject subject,
            long number,
            long expiryInterval,
            @Nullable Durability durability,
            SessionContext context) {
        this.subject = subject;
        this.number = number;
        this.home = context.shard();
        this.expiryInterval = expiryInterval;
        boolean kept = expiryInterval > 0 && durability != Durability.MEMORY;
        this.outbound = new Outbound(this, context, subject, new Trail(context, number, kept));
        outbound.trail().durability(durability);
    }

    /// How surely it is kept, null for as usual.
    public @Nullable Durability durability() {
        return outbound.trail().durability();
    }

    /// From now on it is kept as its client's listener says; one that the journal knows stays
    /// known.
    public void durability(@Nullable Durability other) {
        if (other != Durability.MEMORY || !isKept()) {
            outbound.trail().durability(other);
        }
    }

    /// The journal, told that what comes next is to be kept as this session is.
    public Journal journal() {
        return outbound.trail().journal();
    }

    /// What the journal knows it by.
    public long number() {
        return number;
    }

    public String clientId() {
        return subject.clientId();
    }

    /// The client as rules see it.
    public Subject subject() {
        return subject;
    }

    public int home() {
        return home;
    }

    public Outbound outbound() {
        return outbound;
    }

    /// The QoS 2 messages that came and were not released.
    public ReceivedIds received() {
        return received;
    }

    /// Its subscriptions, in the order in which they were made.
    public Map<TopicFilter, Grant> grants() {
        return grants;
    }

    /// How long it lives without a connection, in seconds.
    public long expiryInterval() {
        return expiryInterval;
    }

    public void expiryInterval(long seconds) {
        expiryInterval = seconds;
    }

    /// Whether it was begun to outlive its connection, so that the journal knows it.
    public boolean isKept() {
        return outbound.trail().isKept();
    }

    /// Whether the journal knows it for its will alone, while it is connected.
    public boolean isKeptForWill() {
        return outbound.trail().isKeptForWill();
    }

    public void keptForWill(boolean kept) {
        outbound.trail().keptForWill(kept);
    }

    /// Whether it is a member of any share group.
    public boolean holdsShared() {
        return grants.keySet().stream().anyMatch(TopicFilter::isShared);
    }

    /// The way to its client, or null while that is away.
    public @Nullable Line line() {
        return line;
    }

    /// Whether no client is there for it.
    public boolean isAway() {
        return line == null;
    }

    public @Nullable Will will() {
        return will;
    }

    /// Leaves, replaces or takes away the will.
    public void will(@Nullable Will will) {
        this.will = will;
    }

    /// What is to happen to it while its client is away.
    public SessionTimers timers() {
        return timers;
    }

    /// The number of the latest batch of its shard's journal that holds a change of its own, or of
    /// a message that its client published: what is acknowledged waits for that.
    public long batch() {
        return batch;
    }

    public void batch(long number) {
        batch = number;
    }

    /// A connection has it from now on.
    ///
    /// @param subject the same client id and user as before, perhaps from another place
    public void claim(Line line, Subject subject) {
        this.line = line;
        this.subject = subject;
    }

    /// The client that is there may do other things than before.
    public void renew(Subject subject) {
        this.subject = subject;
        outbound.rights().of(subject);
    }

    /// CONNACK is on its way: what waits may follow.
    public void attach(long now) {
        if (line != null) {
            outbound.attach(line, subject);
            pump(now);
        }
    }

    /// Sends what waits, as far as there is room.
    public void pump(long now) {
        outbound.pump(now);
        updateAvailability();
    }

    /// Its client is away.
    public void detach() {
        line = null;
        outbound.detach();
        updateAvailability();
    }

    /// Takes back a copy that it was owed before the broker began.
    ///
    /// @param packetId the identifier under which it was sent, or 0
    /// @param released whether PUBREC came
    public void restore(Recovery.Copy copy, int packetId, boolean released) {
        outbound.restore(copy, packetId, released);
    }

    /// All copies from before the broker began were taken.
    public void restored() {
        outbound.restored();
    }

    /// A copy came after its end.
    public void lost(Message message, QoS qos, long now) {
        outbound.lost(message, qos, now);
    }

    /// Takes a copy of a message, and tells what became of its room.
    public void deliver(Message message, QoS qos, boolean retain, Via via, long now) {
        outbound.deliver(message, qos, retain, via, now);
        updateAvailability();
    }

    /// Takes a copy of each of several QoS 0 messages, if all of them can be sent in one piece.
    ///
    /// @return whether it did
    public boolean deliver(Sheaf sheaf, boolean retain, Via via) {
        boolean sent = outbound.deliver(sheaf, retain, via);
        updateAvailability();
        return sent;
    }

    /// Tells other shards whether a message would be sent at once.
    public void updateAvailability() {
        byte fresh = line == null ? ABSENT : outbound.isReady() ? READY : BUSY;
        if (fresh != READY && outbound.queue().isPressed()) {
            fresh |= PRESSED;
        }
        if (fresh != availability && availability != ENDED) {
            AVAILABILITY.setOpaque(this, fresh);
        }
    }

    /// [#ABSENT], [#BUSY], [#READY] or [#ENDED], as it was a moment ago.
    public byte availability() {
        return (byte) ((byte) AVAILABILITY.getOpaque(this) & ~PRESSED);
    }

    /// Whether its queue is full and publishers are to be held back, as it was a moment ago.
    public boolean isPressed() {
        return ((byte) AVAILABILITY.getOpaque(this) & PRESSED) != 0;
    }

    /// What stands against another QoS 1 or 2 message for it, as it was a moment ago; null for
    /// nothing. A client that would be sent it at once has no need of a queue.
    ///
    /// @param limits those of whoever asks
    public @Nullable Pressure pressure(QueueLimits limits, Pools pools) {
        byte availability = availability();
        if (availability == READY || availability == ENDED) {
            return null;
        }
        Pressure own = isPressed() ? Pressure.of(DropReason.QUEUE_FULL, limits.overflow()) : null;
        Bound all = limits.together().total();
        Pressure total =
                all.overflow().holdsPublishers() && all.isReached(pools.total(), 1)
                        ? Pressure.of(DropReason.TOTAL_FULL, all.overflow())
                        : null;
        return Pressure.harder(Pressure.harder(own, outbound.queue().pressure()), total);
    }

    /// Removes the copies that expired while they waited.
    public void dropExpired(long now) {
        outbound.queue().dropExpired(now);
        updateAvailability();
    }

    /// The settings have changed.
    public void limitsChanged() {
        outbound.queue().join();
        updateAvailability();
    }

    public boolean hasEnded() {
        return availability == ENDED;
    }

    /// Ends it: what waited is dropped, but for copies that other members of a share group may
    /// take.
    public List<Outbound.Orphan> end(long now) {
        timers.cancel();
        line = null;
        List<Outbound.Orphan> orphans = outbound.end(now);
        AVAILABILITY.setOpaque(this, ENDED);
        return orphans;
    }

    /// By client id, so that the order of walks over sessions does not depend on where they lie in
    /// memory; two sessions are never equal.
    @Override
    public int hashCode() {
        return subject.clientId().hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }
}
