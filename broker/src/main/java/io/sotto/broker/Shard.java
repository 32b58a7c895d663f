package io.sotto.broker;

import io.sotto.broker.Mailbox.Copies;
import io.sotto.broker.routing.Route;
import io.sotto.broker.routing.Routes;
import io.sotto.broker.routing.SharedGroup;
import io.sotto.broker.routing.Target;
import io.sotto.broker.session.Frames;
import io.sotto.broker.session.Ledger;
import io.sotto.broker.session.Line;
import io.sotto.broker.session.MessageNumbers;
import io.sotto.broker.session.Outbound.Orphan;
import io.sotto.broker.session.Pressure;
import io.sotto.broker.session.Promises;
import io.sotto.broker.session.QueueLimits;
import io.sotto.broker.session.Remains;
import io.sotto.broker.session.Rounds;
import io.sotto.broker.session.Session;
import io.sotto.broker.session.SessionContext;
import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.DecisionRecorder;
import io.sotto.broker.spi.DropReason;
import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.broker.spi.Fetch;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Link;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Ports;
import io.sotto.broker.spi.SessionStore.Grant;
import io.sotto.broker.spi.Standing;
import io.sotto.broker.time.TimerWheel;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.TopicNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One thread's part of the broker: its connections, its sessions, and the way of a message through
/// them. All calls but [#wakeUp] come from its loop.
///
/// A turn of the loop is: any of [#drain], [#tick] and what connections receive, then [#endTurn].
public final class Shard {
    /// How often [#tick] is to be called, in milliseconds.
    public static final int TICK_MILLIS = TimerWheel.TICK;

    private static final int NAMES = 16 * 1024;

    private final Broker broker;
    private final int index;
    private final Mailbox mailbox;
    private final TimerWheel wheel;
    private final SessionContext context;
    private final Handout handout;
    private final Routes routes;
    private final TopicNames names;
    private final Sessions sessions;
    private final Outbox outbox;
    private final RetainedChanges retained;
    private BrokerSettings settings;

    Shard(Broker broker, int index, Mailbox mailbox, long now) {
        Ports ports = broker.ports();
        Journal journal = ports.journals().apply(index);
        DecisionRecorder recorder = ports.recorders().apply(index);
        this.broker = broker;
        this.settings = broker.settings();
        this.index = index;
        this.mailbox = mailbox;
        this.wheel = new TimerWheel(now, this::timerFailed);
        this.context =
                new SessionContext(
                        () -> settings.queue(),
                        new Ledger(),
                        recorder,
                        journal,
                        topic -> settings.keeping().of(topic, null),
                        new Promises(journal),
                        new MessageNumbers(index, broker.shardCount()),
                        ports.authorizer(),
                        broker.pools(),
                        new Rounds(() -> mailbox.post(this::nextRound)),
                        new Remains(),
                        index);
        this.handout = new Handout(this);
        this.routes = new Routes(broker.subscriptions(), broker.shardCount(), NAMES);
        this.names = new TopicNames(NAMES, settings.decoder().topics());
        this.sessions = new Sessions(this);
        this.outbox = new Outbox(broker, index);
        this.retained = new RetainedChanges(this);
        sessions.sweepNowAndThen(now);
    }

    Broker broker() {
        return broker;
    }

    public int index() {
        return index;
    }

    /// The settings that hold here now.
    BrokerSettings settings() {
        return settings;
    }

    public Ledger ledger() {
        return context.ledger();
    }

    SessionContext context() {
        return context;
    }

    Frames frames() {
        return handout.frames();
    }

    TopicNames names() {
        return names;
    }

    long nextMessageId(long now) {
        return context.numbers().next(now);
    }

    Promises promises() {
        return context.promises();
    }

    Sessions sessions() {
        return sessions;
    }

    TimerWheel wheel() {
        return wheel;
    }

    /// How many sessions it owns, connected or not.
    public int sessionCount() {
        return sessions.count();
    }

    /// How many of its sessions have a client that is there.
    public int connectedCount() {
        return sessions.connected();
    }

    /// How many copies wait in its mailbox for a turn, roughly.
    public int mailCount() {
        return mailbox.size();
    }

    /// A new connection, to be served on this shard until it asks its link to move.
    public Connection accept(Link link, long now) {
        return new Connection(this, link, now);
    }

    /// Has something done on this shard, from any thread.
    public void execute(Runnable task) {
        mailbox.post(now -> task.run());
    }

    void post(Mailbox.Mail mail) {
        mailbox.post(mail);
    }

    void post(List<Mailbox.Mail> mails) {
        mailbox.post(mails);
    }

    /// Makes the loop call [#drain] soon: the journal has made progress. From any thread.
    public void wakeUp() {
        mailbox.post(this::progressed);
    }

    private void progressed(long now) {
        promises().keep(now);
        Journal journal = context.journal();
        for (Fetch found = journal.nextFound(); found != null; found = journal.nextFound()) {
            found.arrived(now);
        }
    }

    private void nextRound(long now) {
        context.rounds().next(now);
    }

    /// Ends some of the copies that nobody waits for.
    private void endSome(long now) {
        for (Orphan orphan : context.remains().next(now)) {
            passOn(orphan, now);
        }
    }

    /// Opens the mail that came from other shards.
    public void drain(long now) {
        handout.begin();
        try {
            mailbox.drain(now, handout::finish);
        } finally {
            handout.end(now);
        }
    }

    /// The retained messages as it sees them.
    RetainedChanges retained() {
        return retained;
    }

    /// What it hands messages to its sessions with.
    Handout handout() {
        return handout;
    }

    /// Lets timers fire; to be called every [#TICK_MILLIS] or so.
    public void tick(long now) {
        endSome(now);
        wheel.advance(now);
        outbox.release();
    }

    private void timerFailed(Throwable fault) {
        context.ledger().fault();
        broker.ports()
                .events()
                .event(Severity.ERROR, "timer of shard " + index + ": internal error: " + fault);
    }

    /// Ends a turn: what is to be durable is handed over as one batch, and only then letters go to
    /// other shards, so that nothing that follows from a change can become durable before it. What
    /// follows from promises that are kept here does not wait for another turn.
    public void endTurn(long now) {
        handout.frames().clear();
        handOver();
        if (promises().keep(now)) {
            handOver();
        }
        outbox.release();
    }

    private void handOver() {
        retained.commit();
        outbox.send();
    }

    /// Disconnects all clients of this shard, as the broker stops: 5.0 is told 0x8B.
    public void shutDown(long now) {
        sessions.shutDown(now);
        while (!context.remains().isEmpty()) {
            endSome(now);
        }
    }

    /// What came of a change of rights.
    ///
    /// @param ended how many connections were ended
    /// @param withheld how many subscriptions do not count any more
    /// @param returned how many count again
    public record Reviewed(int ended, int withheld, int returned) {}

    /// The rights or the settings have changed; from any thread. Other settings hold from then on,
    /// as far as they can, and all that sessions hold is asked about again.
    ///
    /// @param standings what has become of the users of clients
    /// @param then told when it is done, on the loop
    public void review(
            BrokerSettings others, Function<Subject, Standing> standings, Consumer<Reviewed> then) {
        mailbox.post(now -> {
            settings = settings.adjusted(others);
            new Review(this).walk(standings, then);
        });
    }

    /// A client that is there, with the subscriptions of its session.
    public record Present(Subject subject, List<Grant> grants) {}

    /// Tells who is there; from any thread.
    ///
    /// @param then told on the loop
    public void present(Consumer<List<Present>> then) {
        mailbox.post(now -> then.accept(sessions.present()));
    }

    /// A client that is there, and what went over its connection.
    public record Active(Subject subject, Line.Flow flow) {}

    /// Tells what went over which connection; from any thread.
    ///
    /// @param then told on the loop
    public void active(Consumer<List<Active>> then) {
        mailbox.post(now -> then.accept(sessions.active()));
    }

    /// The way of a message that the broker has taken over: retained, matched, and handed to the
    /// sessions of this shard at once and to those of others by one letter each.
    ///
    /// @return whether any subscription matched
    boolean publish(Message taken, long now) {
        if (taken.retain()) {
            retained.retain(taken);
        }
        Message message = settings.clients().outgoing(taken);
        Route known = routes.known(message.topic());
        if (known == null && handout.waits(message, now)) {
            return true;
        }
        handout.arrive(now);
        return publish(taken, message, known == null ? routes.of(message.topic()) : known, now);
    }

    /// Sends messages of QoS 0 on their way.
    void route(List<Message> messages, long now) {
        if (messages.size() > 1) {
            routes.prepare(messages);
        }
        for (Message message : messages) {
            publish(message, message, routes.of(message.topic()), now);
        }
    }

    private boolean publish(Message taken, Message message, Route route, long now) {
        boolean atHome = isToldAtHome(message, route);
        if (message.qos() != QoS.AT_MOST_ONCE && !atHome) {
            journal(message, route.kept());
        }
        List<Handing> handings = handings(route, message, now);
        boolean matched = false;
        for (int shard = 0; shard < broker.shardCount(); shard++) {
            Target[] targets = route.targets(shard);
            if (targets.length > 0) {
                matched |=
                        shard == index
                                ? handout.deliver(message, targets, atHome, now)
                                : send(message, targets, atHome, shard);
            }
        }
        for (Handing handing : handings) {
            hand(handing.message, handing.member, now);
            matched = true;
        }
        broker.ports().peers().published(taken);
        context.ledger().message(matched, message.weight());
        return matched;
    }

    /// What stands against another message of QoS 1 or 2 from a client, or of any QoS where that is
    /// upgraded, as it was a moment ago; null for nothing, and always where no publisher is to be
    /// held back.
    @Nullable Pressure pressure(TopicName topic, QoS qos, String publisher) {
        QueueLimits limits = settings.queue();
        return limits.holdsPublishers()
                ? routes.of(topic)
                        .pressure(
                                settings.clients().upgradedQoS() ? QoS.EXACTLY_ONCE : qos,
                                publisher,
                                limits,
                                broker.pools())
                : null;
    }

    /// Whether the journal of the shard of the session is told of the copy, in its own time.
    private boolean isToldAtHome(Message message, Route route) {
        return message.qos() == QoS.AT_LEAST_ONCE
                && route.kept().length == 1
                && route.groups().length == 0
                && context.journal().defers(message.durability());
    }

    private void journal(Message message, Target[] kept) {
        for (Target target : kept) {
            Target copy = target.forPublisher(message.publisher());
            if (copy != null) {
                copy.journal(message, context.journal());
            }
        }
    }

    /// A copy for a member of a share group.
    private record Handing(Message message, Target member) {}

    /// Chooses a member of each share group, where there is one that could take the message, and
    /// tells the journal. A session that is owed a copy already gets one with a number of its own.
    private List<Handing> handings(Route route, Message message, long now) {
        if (route.groups().length == 0) {
            return List.of();
        }
        Set<Session> chosen = new HashSet<>();
        List<Handing> handings = new ArrayList<>(route.groups().length);
        List<Target> again = new ArrayList<>(0);
        for (SharedGroup group : route.groups()) {
            Target member = group.choose(index, message.qos());
            if (member == null) {
                continue;
            }
            if (!route.keeps(member.session()) && chosen.add(member.session())) {
                handings.add(new Handing(message, member));
            } else {
                again.add(member);
            }
        }
        for (Target member : again) {
            handings.add(new Handing(message.renumbered(nextMessageId(now)), member));
        }
        for (Handing handing : handings) {
            handing.member.journal(handing.message, context.journal());
        }
        return handings;
    }

    private boolean send(Message message, Target[] targets, boolean atHome, int shard) {
        Handout other = broker.shard(shard).handout;
        Copies copies = then -> other.receive(message, targets, atHome, then);
        outbox.put(shard, copies);
        return targets.length > 1 || targets[0].forPublisher(message.publisher()) != null;
    }

    private void hand(Message message, Target member, long now) {
        Shard home = broker.shard(member.session().home());
        if (home.index == index) {
            handToMember(message, member, now);
        } else {
            outbox.put(home.index, then -> home.handToMember(message, member, then));
        }
    }

    /// A member that ended in the meantime passes its copy on.
    private void handToMember(Message message, Target member, long now) {
        TopicFilter shared = member.via().shared();
        if (member.session().hasEnded() && shared != null) {
            member.passedOver(message, context.journal());
            passOn(new Orphan(message, shared), now);
        } else {
            context.numbers().above(message.id());
            member.deliver(message, now);
        }
    }

    /// Gives a copy of a shared subscription to another member; without one it ends here. The copy
    /// gets a number of its own: the journal knows the first one as done with.
    void passOn(Orphan orphan, long now) {
        SharedGroup group = broker.subscriptions().group(orphan.shared());
        Target member = group == null ? null : group.choose(index, orphan.message().qos());
        if (member == null) {
            context.ledger().copy();
            context.ledger().dropped(DropReason.NO_MEMBER);
            context.recorder()
                    .dropped(
                            DropReason.NO_MEMBER,
                            orphan.shared().toString(),
                            orphan.message(),
                            now);
        } else {
            Message copy = orphan.message().renumbered(nextMessageId(now));
            member.journal(copy, context.journal());
            hand(copy, member, now);
        }
    }

    /// Stops reading a link when other shards cannot keep up with what it causes.
    void holdBackIfBehind(Link link) {
        outbox.holdBackIfBehind(link);
    }

    /// The link is closed.
    void forget(Link link) {
        outbox.forget(link);
    }

    /// Whether so much waits in its mailbox that others should send less.
    boolean isCrowded() {
        return mailbox.isCrowded();
    }

    /// Whether those who held back may go on. If not, they are told when they may.
    boolean isRoomy() {
        return mailbox.isRoomy();
    }
}
