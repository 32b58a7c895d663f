package io.sotto.broker;

import io.sotto.broker.BrokerSettings.Capabilities;
import io.sotto.broker.session.Session;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.SessionStore.Grant;
import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.RetainHandling;
import io.sotto.mqtt.SubAck;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.UnsubAck;
import io.sotto.mqtt.Unsubscribe;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a connected client subscribes to: each filter of a packet is judged for itself, and all
/// answers go back in one packet in their order [MQTT-3.8.4-5].
final class Subscribing {
    private final Connection connection;
    private final Session session;
    private final boolean modern;
    private final boolean bridge;
    private final Capabilities capabilities;

    /// What could not be seen at once of what subscriptions of the present packet are owed.
    private List<Grant> late = new ArrayList<>(0);

    private boolean waits;

    /// @param modern whether the client speaks 5.0
    /// @param bridge whether it is a bridge of 3.x, which gets no echo and sees retain as published
    Subscribing(Connection connection, Session session, boolean modern, boolean bridge) {
        this.connection = connection;
        this.session = session;
        this.modern = modern;
        this.bridge = bridge;
        // What CONNACK has announced holds as long as the connection.
        this.capabilities = connection.shard().settings().capabilities();
    }

    /// Whether a SUBSCRIBE is not answered yet, and nothing is taken meanwhile.
    boolean isWaiting() {
        return waits;
    }

    void subscribe(Subscribe subscribe, long now) {
        List<ReasonCode> reasons = new ArrayList<>(subscribe.requests().size());
        if (isInUse(subscribe.packetId())) {
            reasons.addAll(
                    Collections.nCopies(
                            subscribe.requests().size(), ReasonCode.PACKET_IDENTIFIER_IN_USE));
            connection.reply(new SubAck(subscribe.packetId(), reasons, Diagnostics.NONE));
            return;
        }
        List<@Nullable TopicFilter> filters = new ArrayList<>();
        for (Subscribe.Request request : subscribe.requests()) {
            filters.add(filter(request.filter()));
        }
        String sentence = null;
        for (int i = 0; i < filters.size(); i++) {
            Answer answer =
                    subscribe(
                            filters.get(i),
                            subscribe.requests().get(i),
                            subscribe.subscriptionIdentifier());
            reasons.add(answer.reason);
            if (answer.sentence != null) {
                sentence = answer.sentence;
                note(answer, subscribe.requests().get(i).filter(), now);
            }
        }
        Diagnostics diagnostics = sentence == null ? Diagnostics.NONE : Diagnostics.of(sentence);
        SubAck answer = new SubAck(subscribe.packetId(), reasons, diagnostics);
        if (late.isEmpty()) {
            reply(answer, now);
        } else {
            waits = true;
            connection.shard().retained().afterOthers(then -> oweLate(answer, then));
        }
    }

    private void reply(SubAck answer, long now) {
        if (connection.reply(answer)) {
            pumpBehindReplies();
        } else {
            session.pump(now);
        }
    }

    /// What became of one filter.
    private record Answer(ReasonCode reason, @Nullable String sentence) {}

    private Answer subscribe(
            @Nullable TopicFilter filter, Subscribe.Request request, int identifier) {
        if (filter == null) {
            return new Answer(
                    ReasonCode.TOPIC_FILTER_INVALID, "not a valid topic filter [MQTT-4.7.1-1]");
        }
        Answer refusal = refusal(filter);
        if (refusal != null) {
            return refusal;
        }
        QoS qos =
                connection
                        .shard()
                        .sessions()
                        .permitted(
                                session.subject(),
                                filter,
                                request.qos().min(capabilities.maximumQoS()));
        if (qos == null) {
            return new Answer(ReasonCode.NOT_AUTHORIZED, "may not subscribe to this filter");
        }
        boolean existed = session.grants().containsKey(filter);
        Grant grant =
                new Grant(
                        filter,
                        qos,
                        (request.noLocal() || bridge) && !filter.isShared(),
                        request.retainAsPublished() || bridge,
                        request.retainHandling(),
                        identifier);
        connection.shard().sessions().subscribe(session, grant);
        boolean wanted =
                request.retainHandling() == RetainHandling.SEND
                        || request.retainHandling() == RetainHandling.SEND_IF_NEW && !existed;
        if (wanted && !filter.isShared()) {
            owe(grant);
        }
        return new Answer(ReasonCode.granted(grant.qos()), null);
    }

    /// Owes a subscription what is retained, at once or as soon as all of it can be seen.
    private void owe(Grant grant) {
        RetainedChanges retained = connection.shard().retained();
        if (retained.seesAll()) {
            session.outbound().owe(retained.stream(grant));
        } else {
            late.add(grant);
        }
    }

    /// All of it can be seen. SUBACK comes no sooner: what anybody publishes who has seen it is no
    /// answer to the subscription, and comes live alone [MQTT-3.3.1-12].
    private void oweLate(SubAck answer, long now) {
        List<Grant> owed = late;
        late = new ArrayList<>(0);
        waits = false;
        for (Grant grant : owed) {
            boolean stands = grant.equals(session.grants().get(grant.filter()));
            if (stands && !session.hasEnded()) {
                session.outbound().owe(connection.shard().retained().stream(grant));
            }
        }
        reply(answer, now);
        connection.link().resumeReading();
    }

    /// Retained messages follow SUBACK, also where that has to wait for the disk.
    private void pumpBehindReplies() {
        connection.shard().promises().hold(session.batch(), (_, then) -> session.pump(then), null);
    }

    private @Nullable Answer refusal(TopicFilter filter) {
        int maximum = connection.shard().settings().clients().subscriptions();
        if (filter.isShared() && !capabilities.sharing()) {
            return new Answer(
                    ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED,
                    "no shared subscriptions here (mqtt.shared-subscriptions)");
        }
        if (filter.hasWildcard() && !capabilities.wildcards()) {
            return new Answer(
                    ReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED,
                    "no wildcards here (mqtt.wildcards)");
        }
        if (session.grants().size() >= maximum && !session.grants().containsKey(filter)) {
            return new Answer(
                    ReasonCode.QUOTA_EXCEEDED,
                    "the session holds too many subscriptions (limits.subscriptions)");
        }
        if (!session.grants().containsKey(filter)
                && !connection
                        .shard()
                        .broker()
                        .hasRoomForSubscription(
                                connection.shard().settings().quotas().subscriptions())) {
            return new Answer(
                    ReasonCode.QUOTA_EXCEEDED,
                    "all sessions hold too many subscriptions (limits.subscriptions-in-all)");
        }
        if (session.isKept()
                && connection.shard().context().journal().condition() == Journal.Condition.FULL) {
            return new Answer(
                    ReasonCode.QUOTA_EXCEEDED,
                    "the disk is full, so the subscription cannot be kept (store.reserve)");
        }
        return null;
    }

    /// The filter, or null for one that is refused. What breaks the rules of the standard closes a
    /// 3.x connection, which knows no code for it; what is beyond our limits does not.
    private @Nullable TopicFilter filter(String text) {
        try {
            return connection
                    .link()
                    .origin()
                    .terms()
                    .mountPoint()
                    .whole(TopicFilter.of(text, topicLimits()), topicLimits());
        } catch (ProtocolException e) {
            if (!modern) {
                TopicFilter.of(text, TopicLimits.NONE);
            }
            return null;
        }
    }

    void unsubscribe(Unsubscribe unsubscribe) {
        List<ReasonCode> reasons = new ArrayList<>(unsubscribe.filters().size());
        boolean inUse = isInUse(unsubscribe.packetId());
        for (String text : unsubscribe.filters()) {
            TopicFilter filter = filter(text);
            if (inUse) {
                reasons.add(ReasonCode.PACKET_IDENTIFIER_IN_USE);
            } else if (filter == null) {
                reasons.add(ReasonCode.TOPIC_FILTER_INVALID);
            } else {
                boolean existed = connection.shard().sessions().unsubscribe(session, filter);
                reasons.add(existed ? ReasonCode.SUCCESS : ReasonCode.NO_SUBSCRIPTION_EXISTED);
            }
        }
        connection.reply(new UnsubAck(unsubscribe.packetId(), reasons, Diagnostics.NONE));
    }

    /// Whether an unfinished QoS 2 message has the identifier [MQTT-2.2.1-3].
    private boolean isInUse(int packetId) {
        return modern && session.received().contains(packetId);
    }

    private void note(Answer answer, String filter, long now) {
        String sentence = answer.sentence == null ? answer.reason.name() : answer.sentence;
        connection
                .shard()
                .context()
                .recorder()
                .refused(answer.reason, session.clientId(), filter, sentence, now);
    }

    private TopicLimits topicLimits() {
        return connection.shard().settings().decoder().topics();
    }
}
