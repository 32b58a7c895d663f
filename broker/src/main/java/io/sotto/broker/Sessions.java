package io.sotto.broker;

import io.sotto.broker.Shard.Active;
import io.sotto.broker.Shard.Present;
import io.sotto.broker.session.Line;
import io.sotto.broker.session.MessageNumbers;
import io.sotto.broker.session.Outbound.Orphan;
import io.sotto.broker.session.Session;
import io.sotto.broker.session.SessionTimers.Leave;
import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Origin;
import io.sotto.broker.spi.Pass;
import io.sotto.broker.spi.Recovery.KeptSession;
import io.sotto.broker.spi.SessionStore.Grant;
import io.sotto.broker.spi.SessionStore.Owner;
import io.sotto.broker.time.Timer;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.Will;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The sessions of one shard, from their beginning to their end: takeover, expiry and wills.
final class Sessions {
    /// How often expired messages are looked for in backlogs, in milliseconds.
    private static final int SWEEP_INTERVAL = 30_000;

    private final Shard shard;
    private final Map<String, Session> byClientId = new HashMap<>();
    private final MessageNumbers numbers;
    private int connected;
    private int maximum;
    private int subscriptions;

    Sessions(Shard shard) {
        this.shard = shard;
        this.numbers = new MessageNumbers(shard.index(), shard.broker().shardCount());
    }

    /// A session to go on with.
    ///
    /// @param present whether it was there before [MQTT-3.2.2-3]
    record Opened(Session session, boolean present) {}

    @Nullable Session find(String clientId) {
        return byClientId.get(clientId);
    }

    int count() {
        return byClientId.size();
    }

    int connected() {
        return connected;
    }

    /// The most connections that there were at a time.
    int maximumConnected() {
        return maximum;
    }

    /// How many subscriptions its sessions hold.
    int subscriptions() {
        return subscriptions;
    }

    /// All sessions, as they are now.
    List<Session> all() {
        return List.copyOf(byClientId.values());
    }

    /// The clients that are there.
    List<Present> present() {
        return byClientId.values().stream()
                .filter(session -> session.line() != null)
                .map(session ->
                        new Present(session.subject(), List.copyOf(session.grants().values())))
                .toList();
    }

    /// The clients that are there, and what went over the line of each.
    List<Active> active() {
        List<Active> active = new ArrayList<>();
        for (Session session : byClientId.values()) {
            Line line = session.line();
            if (line != null) {
                active.add(new Active(session.subject(), line.flow()));
            }
        }
        return active;
    }

    /// Resumes the session of a client id or begins one. A connection that holds it is closed first
    /// [MQTT-3.1.4-3]. Who asks must have been let in before. CONNACK waits for what was changed
    /// for it, and for nothing else.
    Opened open(
            Subject subject,
            boolean cleanStart,
            long expiryInterval,
            @Nullable Will will,
            long now) {
        long changes = shard.context().journal().changes();
        Session known = byClientId.get(subject.clientId());
        if (known != null) {
            takeOver(known, now);
        }
        known = byClientId.get(subject.clientId());
        Durability durability = shard.settings().keeping().of(subject.origin().listener());
        // What lives in memory cannot be promised to outlive the process from now on.
        boolean tooFleeting =
                known != null
                        && known.durability() == Durability.MEMORY
                        && durability != Durability.MEMORY;
        if (known != null && (cleanStart || tooFleeting)) {
            end(known, now);
            known = null;
        }
        boolean present = known != null;
        Session session = known;
        if (session == null) {
            session =
                    new Session(
                            subject,
                            numbers.next(now),
                            expiryInterval,
                            durability,
                            shard.context());
            byClientId.put(subject.clientId(), session);
        }
        session.timers().cancel();
        session.expiryInterval(expiryInterval);
        session.will(will);
        session.durability(durability);
        session.keptForWill(!session.isKept() && will != null && durability != Durability.MEMORY);
        if (session.isKept() || session.isKeptForWill()) {
            session.journal()
                    .opened(
                            session.number(),
                            new Owner(subject.clientId(), subject.principal()),
                            expiryInterval,
                            will);
        }
        Journal journal = shard.context().journal();
        if (journal.changes() != changes) {
            session.batch(journal.batch());
        }
        return new Opened(session, present);
    }

    /// The old connection goes. If the session goes with it, or is to be replaced, its will is
    /// published; a delayed will of a session that goes on is forgotten by who takes over.
    private static void takeOver(Session session, long now) {
        Line line = session.line();
        if (line != null) {
            line.end()
                    .disconnect(
                            ReasonCode.SESSION_TAKEN_OVER,
                            "another connection uses this client id",
                            now);
        }
    }

    /// A connection has the session from now on, though nothing is sent before CONNACK.
    void claim(Session session, Line line, Subject subject, long now) {
        session.claim(line, subject);
        new Review(shard).judge(session, now);
        connected++;
        maximum = Math.max(maximum, connected);
    }

    /// The client of a session has logged in again, and may do what that brought along.
    void renew(Session session, Pass pass, long now) {
        Subject before = session.subject();
        session.renew(new Subject(before.principal(), before.clientId(), before.origin(), pass));
        new Review(shard).judge(session, now);
    }

    /// The client is gone.
    ///
    /// @param publishWill false after DISCONNECT with 0x00 [MQTT-3.14.4-3]
    void detach(Session session, boolean publishWill, long now) {
        if (session.line() != null) {
            connected--;
        }
        session.detach();
        if (!publishWill) {
            session.will(null);
        }
        Will will = session.will();
        if (will != null && (will.delayInterval() == 0 || session.expiryInterval() == 0)) {
            publishWill(session, now);
        }
        if (session.expiryInterval() == 0) {
            end(session, now);
        } else {
            keep(session, now);
            await(session, now);
        }
    }

    /// The broker stops: a session that outlives its connection keeps its will for the next start,
    /// one that does not ends with its will published.
    void suspend(Session session, long now) {
        if (session.expiryInterval() == 0) {
            detach(session, true, now);
        } else {
            connected--;
            session.detach();
            keep(session, now);
        }
    }

    /// A session that was kept before the broker began: one whose connection was open then loses it
    /// now, and the clocks of its will and of its end start.
    void resume(Session session, KeptSession kept, long now) {
        if (kept.isOpen()) {
            detach(session, true, now);
        } else {
            session.timers().leave(new Leave(kept.expiresAt(), kept.willAt()));
            await(session, now);
        }
        session.updateAvailability();
    }

    /// Takes back a session that was kept before the broker began, without what it holds.
    Session restore(KeptSession kept) {
        Subject subject =
                new Subject(kept.owner().principal(), kept.owner().clientId(), Origin.NOWHERE);
        long begun = Math.max(1, kept.expiryInterval());
        Session session = new Session(subject, kept.number(), begun, null, shard.context());
        session.expiryInterval(kept.expiryInterval());
        session.will(kept.will());
        byClientId.put(subject.clientId(), session);
        return session;
    }

    /// Gives new sessions numbers above one that any shard gave before.
    void above(long number) {
        numbers.above(number);
    }

    /// Takes back a subscription of a session that was kept.
    void restore(Session session, Grant grant) {
        session.grants().put(grant.filter(), grant);
        subscriptions++;
        shard.broker().subscriptions().add(session, grant);
    }

    /// Disconnects everybody as the broker stops; first those whose sessions end with their
    /// connection, so that the others still get their wills.
    void shutDown(long now) {
        for (boolean kept : new boolean[] {false, true}) {
            for (Session session : all()) {
                Line line = session.line();
                if (line != null && session.expiryInterval() > 0 == kept) {
                    line.end().shutDown(now);
                }
            }
        }
    }

    /// Says how long a session outlives its connection, and the journal of it.
    private void keep(Session session, long now) {
        long expiry = session.expiryInterval();
        long expiresAt = expiry == Connect.EXPIRES_NEVER ? Long.MAX_VALUE : now + expiry * 1000;
        Will will = session.will();
        long willAt =
                will == null
                        ? Long.MAX_VALUE
                        : Math.min(now + will.delayInterval() * 1000, expiresAt);
        session.timers().leave(new Leave(expiresAt, willAt));
        if (session.isKept()) {
            session.journal().closed(session.number(), expiresAt, willAt);
        }
    }

    /// Sets the clocks of a session whose client is away.
    private void await(Session session, long now) {
        long expiresAt = session.timers().leave().expiresAt();
        long willAt = session.timers().leave().willAt();
        if (expiresAt != Long.MAX_VALUE) {
            shard.wheel().set(session.timers().expiry(new ExpiryTimer(session)), expiresAt);
        }
        if (willAt < expiresAt) {
            shard.wheel().set(session.timers().will(new WillTimer(session)), willAt);
        }
        int absence = shard.settings().clients().sharedAbsence();
        if (absence >= 0 && session.holdsShared()) {
            shard.wheel()
                    .set(
                            session.timers().absence(new Absence(shard, session)),
                            now + absence * 1000L);
        }
    }

    /// Publishes the will of a session, which then has none [MQTT-3.1.2-10]. The right to publish
    /// is asked for again: it may have gone since CONNECT.
    private void publishWill(Session session, long now) {
        Will will = session.will();
        session.will(null);
        session.timers().cancelWill();
        if (will == null) {
            return;
        }
        if (session.isKept()) {
            session.journal().willDone(session.number());
        }
        Subject subject = session.subject();
        if (!shard.context()
                .authorizer()
                .mayPublish(subject, will.topic(), will.qos(), will.retain())) {
            shard.context()
                    .recorder()
                    .refused(
                            ReasonCode.NOT_AUTHORIZED,
                            subject.clientId(),
                            will.topic().toString(),
                            "may not publish its will",
                            now);
            return;
        }
        shard.publish(
                new Message(
                        shard.nextMessageId(now),
                        will.topic(),
                        will.payload(),
                        will.qos(),
                        will.retain() && shard.retained().hasRoomFor(will.topic(), will.payload()),
                        will.properties(),
                        subject.clientId(),
                        now,
                        shard.settings().keeping().of(will.topic(), session.durability()),
                        will.retain() ? Message.author(subject) : null),
                now);
    }

    /// Takes the will of a session away whose user is gone: nobody is left who may publish it.
    void renounceWill(Session session, long now) {
        Will will = session.will();
        if (will == null) {
            return;
        }
        session.will(null);
        session.timers().cancelWill();
        if (session.isKept() && session.line() == null) {
            session.journal().willDone(session.number());
        }
        shard.context()
                .recorder()
                .refused(
                        ReasonCode.NOT_AUTHORIZED,
                        session.clientId(),
                        will.topic().toString(),
                        "its user is gone, and its will with it",
                        now);
    }

    /// Ends a session with all that it holds; a will that is still owed goes out [MQTT-3.1.2-8].
    void end(Session session, long now) {
        byClientId.remove(session.clientId(), session);
        for (TopicFilter filter : session.grants().keySet()) {
            shard.broker().subscriptions().remove(session, filter);
            if (session.isKept()) {
                session.journal().unsubscribed(session.number(), filter);
            }
        }
        subscriptions -= session.grants().size();
        publishWill(session, now);
        List<Orphan> orphans = session.end(now);
        if (session.isKept()) {
            for (int packetId : session.received().all()) {
                session.journal().released(session.number(), packetId);
            }
        }
        if (session.isKept() || session.isKeptForWill()) {
            session.journal().ended(session.number());
        }
        for (Orphan orphan : orphans) {
            shard.passOn(orphan, now);
        }
    }

    /// Looks for expired messages in the backlogs now and then.
    void sweepNowAndThen(long now) {
        shard.wheel().set(new SweepTimer(), now + SWEEP_INTERVAL);
    }

    /// A filter that a session holds, with what was granted.
    void subscribe(Session session, Grant grant) {
        if (session.grants().put(grant.filter(), grant) == null) {
            subscriptions++;
        }
        session.outbound().rights().holds(grant.filter());
        shard.broker().subscriptions().add(session, grant);
        if (session.isKept()) {
            session.journal().subscribed(session.number(), grant);
        }
    }

    /// The highest QoS, up to one, at which a client may hold a subscription; null for none.
    @Nullable QoS permitted(Subject subject, TopicFilter filter, QoS highest) {
        for (int level = highest.level(); level >= 0; level--) {
            QoS qos = QoS.of(level);
            if (shard.context().authorizer().maySubscribe(subject, filter, qos)) {
                return qos;
            }
        }
        return null;
    }

    /// Whether there was such a subscription; begun deliveries go on [MQTT-3.10.4-3].
    boolean unsubscribe(Session session, TopicFilter filter) {
        if (session.grants().remove(filter) == null) {
            return false;
        }
        subscriptions--;
        shard.broker().subscriptions().remove(session, filter);
        session.outbound().forget(filter);
        session.outbound().rights().holdsNoMore(filter);
        if (session.isKept()) {
            session.journal().unsubscribed(session.number(), filter);
        }
        return true;
    }

    /// Publishes a delayed will.
    private final class WillTimer extends Timer {
        private final Session session;

        WillTimer(Session session) {
            this.session = session;
        }

        @Override
        protected void expired(long now) {
            publishWill(session, now);
        }
    }

    /// Ends a session that nobody came back to.
    private final class ExpiryTimer extends Timer {
        private final Session session;

        ExpiryTimer(Session session) {
            this.session = session;
        }

        @Override
        protected void expired(long now) {
            end(session, now);
        }
    }

    private final class SweepTimer extends Timer {
        @Override
        protected void expired(long now) {
            for (Session session : byClientId.values()) {
                session.dropExpired(now);
            }
            shard.wheel().set(this, now + SWEEP_INTERVAL);
        }
    }
}
