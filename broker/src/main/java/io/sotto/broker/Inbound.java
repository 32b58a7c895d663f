package io.sotto.broker;

import io.sotto.broker.BrokerSettings.Capabilities;
import io.sotto.broker.session.Pressure;
import io.sotto.broker.session.Promises;
import io.sotto.broker.session.Session;
import io.sotto.broker.spi.DropReason;
import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.MountPoint;
import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.PubComp;
import io.sotto.mqtt.PubRec;
import io.sotto.mqtt.PubRel;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicName;
import org.jspecify.annotations.Nullable;

/// What a connected client publishes: topic aliases, receive quota, rights and QoS 2 bookkeeping,
/// in the order: alias, topic, capability, quota, duplicate, right, route, acknowledge.
final class Inbound implements Promises.Promise {
    private static final @Nullable TopicName[] NO_ALIASES = {};

    private final Connection connection;
    private final Session session;
    private final ProtocolVersion version;
    private final Capabilities capabilities;
    private final LastAnswer lastAnswer;
    private final MountPoint mount;
    private @Nullable TopicName[] aliases = NO_ALIASES;
    private @Nullable Blockade blockade;
    private int promisedAcks;

    Inbound(Connection connection, Session session, ProtocolVersion version) {
        this.connection = connection;
        this.session = session;
        this.version = version;
        // What CONNACK has announced holds as long as the connection.
        this.capabilities = connection.shard().settings().capabilities();
        this.mount = connection.link().origin().terms().mountPoint();
        this.lastAnswer =
                new LastAnswer(connection.shard().context().authorizer(), session.subject());
    }

    /// Whether the client is not read, as there is no room for what it publishes.
    boolean isBlocked() {
        return blockade != null && blockade.isSet();
    }

    /// Its connection is at its end.
    void end() {
        if (blockade != null) {
            blockade.cancel();
        }
    }

    void publish(Publish publish, long now) {
        TopicName topic = topic(publish);
        checkCapabilities(publish);
        if (publish.qos() != QoS.AT_MOST_ONCE) {
            checkQuota(publish);
        }
        Refusal refusal = refusal(topic, publish);
        switch (publish.qos()) {
            case AT_MOST_ONCE -> {
                if (refusal == null) {
                    take(topic, publish, durability(topic), now);
                } else {
                    refuse(topic, publish.qos(), refusal, now);
                }
            }
            case AT_LEAST_ONCE -> atLeastOnce(topic, publish, refusal, now);
            case EXACTLY_ONCE -> exactlyOnce(topic, publish, refusal, now);
        }
        if (refusal == null && isOwed(publish.qos())) {
            block(topic, publish.qos(), now);
        }
    }

    /// Whether copies of a message may have to be kept for subscribers.
    private boolean isOwed(QoS qos) {
        return qos != QoS.AT_MOST_ONCE || connection.shard().settings().clients().upgradedQoS();
    }

    /// Stops reading behind a message that has filled a queue, where its bound says so.
    private void block(TopicName topic, QoS qos, long now) {
        Pressure pressure = connection.shard().pressure(topic, qos, session.clientId());
        if (pressure != null && !pressure.refused()) {
            if (blockade == null) {
                blockade = new Blockade(connection, session.clientId());
            }
            if (blockade.hold(topic, now)) {
                connection.tell(
                        Severity.WARNING, " is not read for now: " + Refusal.of(pressure).sentence);
            }
        }
    }

    private void atLeastOnce(
            TopicName topic, Publish publish, @Nullable Refusal refusal, long now) {
        ReasonCode reason;
        if (refusal != null) {
            reason = refuse(topic, publish.qos(), refusal, now);
        } else if (version.hasProperties() && session.received().contains(publish.packetId())) {
            reason = ReasonCode.PACKET_IDENTIFIER_IN_USE;
        } else {
            reason = take(topic, publish, durability(topic), now);
        }
        if (connection.reply(
                new PubAck(publish.packetId(), reason, diagnostics(reason, refusal)))) {
            promisedAcks++;
        }
    }

    private void exactlyOnce(
            TopicName topic, Publish publish, @Nullable Refusal refusal, long now) {
        // A message that was taken over stays so, whatever has changed since: the exchange ends as
        // it began, or its identifier would never be free again.
        boolean again = session.received().contains(publish.packetId());
        ReasonCode reason = ReasonCode.SUCCESS;
        if (refusal != null && !again) {
            reason = refuse(topic, publish.qos(), refusal, now);
        } else if (!again) {
            // Before the message: whoever waits for the batch of its copies waits for this too.
            session.received().add(publish.packetId());
            Durability durability = durability(topic);
            if (session.isKept() && durability != Durability.MEMORY) {
                Journal journal = connection.shard().context().journal();
                journal.keeping(durability);
                journal.received(session.number(), publish.packetId());
            }
            reason = take(topic, publish, durability, now);
        }
        connection.reply(new PubRec(publish.packetId(), reason, diagnostics(reason, refusal)));
    }

    /// PUBREL: the identifier is free again [MQTT-4.3.3-12].
    void pubRel(PubRel pubRel) {
        boolean known = session.received().remove(pubRel.packetId());
        if (known && session.isKept()) {
            Journal journal = connection.shard().context().journal();
            journal.keeping(
                    connection.shard().settings().keeping().strictest(session.durability()));
            journal.released(session.number(), pubRel.packetId());
        }
        ReasonCode reason = known ? ReasonCode.SUCCESS : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND;
        connection.reply(new PubComp(pubRel.packetId(), reason, Diagnostics.NONE));
    }

    /// How surely a message is kept, null for as usual.
    private @Nullable Durability durability(TopicName topic) {
        return connection.shard().settings().keeping().of(topic, session.durability());
    }

    @Override
    public void keep(@Nullable Packet packet, long now) {
        connection.promised(packet, now);
    }

    /// A PUBACK that was promised has left.
    void acknowledged() {
        promisedAcks--;
    }

    private ReasonCode take(
            TopicName topic, Publish publish, @Nullable Durability durability, long now) {
        Message message =
                new Message(
                        connection.shard().nextMessageId(now),
                        topic,
                        publish.payload(),
                        publish.qos(),
                        publish.retain(),
                        publish.properties(),
                        session.clientId(),
                        now,
                        durability,
                        publish.retain() ? lastAnswer.author() : null);
        boolean matched = connection.shard().publish(message, now);
        return matched ? ReasonCode.SUCCESS : ReasonCode.NO_MATCHING_SUBSCRIBERS;
    }

    /// The topic that is meant, by name or by alias; below the mount point of the listener.
    private TopicName topic(Publish publish) {
        int alias = publish.topicAlias();
        TopicName named = publish.topic();
        if (alias == 0) {
            if (named.isAbsent()) {
                throw ProtocolException.protocolError(
                        "PUBLISH without topic name and topic alias [MQTT-3.3.2-1]");
            }
            return whole(named);
        }
        if (alias > capabilities.topicAliasMaximum()) {
            throw new ProtocolException(
                    ReasonCode.TOPIC_ALIAS_INVALID,
                    "topic alias above the Topic Alias Maximum of CONNACK (limits.topic-aliases) [MQTT-3.3.2-9]");
        }
        if (aliases.length == 0) {
            aliases = new TopicName[capabilities.topicAliasMaximum() + 1];
        }
        if (!named.isAbsent()) {
            TopicName whole = whole(named);
            aliases[alias] = whole;
            return whole;
        }
        TopicName known = aliases[alias];
        if (known == null) {
            throw ProtocolException.protocolError(
                    "topic alias was never set on this connection [MQTT-3.3.2-7]");
        }
        return known;
    }

    /// What is the broker's own is not the client's below a mount point either.
    private TopicName whole(TopicName named) {
        return mount.isNone() || ReservedTopics.contains(named)
                ? named
                : mount.whole(named, connection.shard().settings().decoder().topics());
    }

    private void checkCapabilities(Publish publish) {
        if (publish.qos().compareTo(capabilities.maximumQoS()) > 0) {
            throw new ProtocolException(
                    ReasonCode.QOS_NOT_SUPPORTED,
                    "QoS above the Maximum QoS (mqtt.maximum-qos) [MQTT-3.2.2-11]");
        }
        if (publish.retain() && !capabilities.retain()) {
            throw new ProtocolException(
                    ReasonCode.RETAIN_NOT_SUPPORTED,
                    "messages are not retained (mqtt.retain) [MQTT-3.2.2-14]");
        }
    }

    /// A 5.0 client may not have more open than was announced. 3.x knows no such bound; there and
    /// over several connections, what is not released is bounded.
    private void checkQuota(Publish publish) {
        if (session.received().contains(publish.packetId())) {
            return;
        }
        int unreleased = connection.shard().settings().quotas().unreleased();
        if (publish.qos() == QoS.EXACTLY_ONCE && session.received().size() >= unreleased) {
            throw new ProtocolException(
                    ReasonCode.QUOTA_EXCEEDED,
                    "more QoS 2 messages unreleased than may be (limits.unreleased)");
        }
        if (!version.hasProperties()) {
            return;
        }
        int open = session.received().size() + promisedAcks;
        if (open >= capabilities.receiveMaximum() && !capabilities.receiveMaximumTolerated()) {
            throw new ProtocolException(
                    ReasonCode.RECEIVE_MAXIMUM_EXCEEDED,
                    "more messages open than the Receive Maximum (limits.receive-maximum) [MQTT-3.3.4-7]");
        }
    }

    /// Why the message is not taken over, or null.
    private @Nullable Refusal refusal(TopicName topic, Publish publish) {
        if (!lastAnswer.mayPublish(session.subject(), topic, publish)) {
            return Refusal.RIGHTS;
        }
        boolean full =
                publish.retain()
                        && !connection.shard().retained().hasRoomFor(topic, publish.payload());
        if (full) {
            return Refusal.RETAINED_FULL;
        }
        boolean durable = isOwed(publish.qos()) || publish.retain();
        boolean diskFull =
                durable
                        && connection.shard().context().journal().condition()
                                == Journal.Condition.FULL
                        && durability(topic) != Durability.MEMORY;
        if (diskFull) {
            return Refusal.DISK_FULL;
        }
        Pressure pressure =
                isOwed(publish.qos())
                        ? connection.shard().pressure(topic, publish.qos(), session.clientId())
                        : null;
        return pressure != null && (pressure.refused() || blockade != null && blockade.isSpent())
                ? Refusal.of(pressure)
                : null;
    }

    /// Why a message is not taken over.
    private enum Refusal {
        RIGHTS(ReasonCode.NOT_AUTHORIZED, "may not publish to this topic"),
        RETAINED_FULL(
                ReasonCode.QUOTA_EXCEEDED,
                "no room for another retained message (limits.retained, limits.retained-bytes)"),
        DISK_FULL(
                ReasonCode.QUOTA_EXCEEDED,
                "the disk is full, so the message cannot be kept (store.reserve)"),
        QUEUE_FULL(
                ReasonCode.QUOTA_EXCEEDED,
                "the queue of a subscriber is full (queue.messages, queue.bytes)"),
        PREFIX_FULL(ReasonCode.QUOTA_EXCEEDED, DropReason.PREFIX_FULL.sentence()),
        TOTAL_FULL(ReasonCode.QUOTA_EXCEEDED, DropReason.TOTAL_FULL.sentence());

        private final ReasonCode reason;
        private final String sentence;

        Refusal(ReasonCode reason, String sentence) {
            this.reason = reason;
            this.sentence = sentence;
        }

        static Refusal of(Pressure pressure) {
            return switch (pressure.bound()) {
                case PREFIX_FULL -> PREFIX_FULL;
                case TOTAL_FULL -> TOTAL_FULL;
                default -> QUEUE_FULL;
            };
        }

        /// Whether the message was wanted and could not be kept.
        boolean isWantOfRoom() {
            return this != RIGHTS && this != RETAINED_FULL;
        }
    }

    /// Takes note of a refusal; the code for the acknowledgement, if the connection goes on. A 3.x
    /// client cannot be told that a message was not kept, so its connection ends unacknowledged.
    private ReasonCode refuse(TopicName topic, QoS qos, Refusal refusal, long now) {
        connection.shard().context().ledger().refused();
        connection
                .shard()
                .context()
                .recorder()
                .refused(
                        refusal.reason,
                        session.clientId(),
                        topic.toString(),
                        refusal.sentence,
                        now);
        boolean closes =
                refusal.isWantOfRoom() && qos != QoS.AT_MOST_ONCE
                        || connection.shard().settings().clients().forbiddenPublishCloses();
        if (!version.hasProperties() && closes) {
            throw new ProtocolException(refusal.reason, refusal.sentence);
        }
        return refusal.reason;
    }

    private Diagnostics diagnostics(ReasonCode reason, @Nullable Refusal refusal) {
        if (!reason.isFailure() || !version.hasProperties()) {
            return Diagnostics.NONE;
        }
        return Diagnostics.of(
                refusal == null
                        ? "packet identifier of an unfinished QoS 2 message [MQTT-2.2.1-3]"
                        : refusal.sentence);
    }
}
