package io.sotto.broker;

import io.sotto.broker.routing.SubscriptionIndex;
import io.sotto.broker.session.Line;
import io.sotto.broker.session.Outbound.Orphan;
import io.sotto.broker.session.Session;
import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.broker.spi.SessionStore.Grant;
import io.sotto.broker.spi.Standing;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/// Asks about everything again that sessions hold, after the rights have changed.
///
/// A subscription that its client may not hold any more is withheld: it gets nothing, and what
/// waits because of it is not handed over. It stays the session's, and is held again as soon as the
/// client may. So a mistake in the rules that is corrected takes nothing from anybody for good.
final class Review {
    /// How many sessions are looked at before the loop has its turn: some milliseconds.
    private static final int PORTION = 256;

    private final Shard shard;
    private int ended;
    private int withheld;
    private int returned;

    Review(Shard shard) {
        this.shard = shard;
    }

    /// Walks over all sessions of the shard, a portion a turn.
    ///
    /// @param standings what has become of the users of clients
    /// @param then told of the end
    void walk(Function<Subject, Standing> standings, Consumer<Shard.Reviewed> then) {
        Iterator<Session> left = shard.sessions().all().iterator();
        shard.post(now -> portion(left, standings, then, now));
    }

    private void portion(
            Iterator<Session> left,
            Function<Subject, Standing> standings,
            Consumer<Shard.Reviewed> then,
            long now) {
        for (int i = 0; i < PORTION && left.hasNext(); i++) {
            Session session = left.next();
            session.limitsChanged();
            dismiss(session, standings.apply(session.subject()), now);
            if (!session.hasEnded()) {
                judge(session, now);
            }
        }
        if (left.hasNext()) {
            shard.post(later -> portion(left, standings, then, later));
        } else {
            then.accept(new Shard.Reviewed(ended, withheld, returned));
        }
    }

    /// The session itself stays for whoever proves to be its user.
    private void dismiss(Session session, Standing standing, long now) {
        if (standing == Standing.GONE) {
            shard.sessions().renounceWill(session, now);
        }
        Line line = session.line();
        if (line != null && standing != Standing.SAME) {
            ended++;
            line.end()
                    .disconnect(
                            ReasonCode.NOT_AUTHORIZED,
                            "its user was changed or may not log in any more",
                            now);
        }
    }

    /// Judges the subscriptions of a session. Of one whose client has not come back since the start
    /// nobody knows the address, so that this waits until it does.
    void judge(Session session, long now) {
        Subject subject = session.subject();
        if (session.grants().isEmpty() || !subject.origin().isKnown()) {
            return;
        }
        SubscriptionIndex index = shard.broker().subscriptions();
        List<TopicFilter> out = new ArrayList<>(0);
        List<TopicFilter> in = new ArrayList<>(session.grants().size());
        for (Grant grant : session.grants().values()) {
            TopicFilter filter = grant.filter();
            QoS permitted = shard.sessions().permitted(subject, filter, grant.qos());
            QoS present = index.granted(session, filter);
            (permitted == null ? out : in).add(filter);
            if (permitted == null && present != null) {
                withhold(session, filter, now);
            } else if (permitted != null && permitted != present) {
                index.add(session, grant.at(permitted));
                returned += present == null ? 1 : 0;
            }
        }
        session.outbound().rights().withhold(out, in);
    }

    private void withhold(Session session, TopicFilter filter, long now) {
        withheld++;
        shard.broker().subscriptions().remove(session, filter);
        session.outbound().forget(filter);
        shard.context()
                .recorder()
                .refusedAndTold(
                        ReasonCode.NOT_AUTHORIZED,
                        session.clientId(),
                        filter.toString(),
                        "may not hold this subscription any more",
                        now);
        shard.broker()
                .ports()
                .events()
                .event(
                        Severity.INFO,
                        "client "
                                + session.clientId()
                                + " may not hold its subscription any more: "
                                + filter);
        if (filter.isShared() && shard.broker().subscriptions().group(filter) != null) {
            for (Orphan orphan : session.outbound().release(filter::equals)) {
                shard.passOn(orphan, now);
            }
        }
    }
}
