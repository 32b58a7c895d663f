package io.sotto.broker.spi;

import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import org.jspecify.annotations.Nullable;

/// A message that the broker has taken over: one object, however many sessions it goes to.
///
/// @param id unique within the broker; rises with each message of one publisher
/// @param publisher the client id of its publisher, for No Local and for "who published this?"
/// @param arrivedAt when it was taken over, in milliseconds
/// @param durability how surely it is kept, null for as usual
/// @param author of one that is to be retained, who published it, so that it can be asked later
///   whether that is still allowed; else null, and where nobody knows any more
public record Message(
        long id,
        TopicName topic,
        Payload payload,
        QoS qos,
        boolean retain,
        PublishProperties properties,
        String publisher,
        long arrivedAt,
        @Nullable Durability durability,
        @Nullable Subject author)
        implements Held {

    /// What is kept of whoever publishes messages that are retained. What a login brought along is
    /// over with it: of that only is kept that there was something.
    public static Subject author(Subject subject) {
        Origin origin = subject.origin();
        return new Subject(
                subject.principal(),
                subject.clientId(),
                new Origin(origin.listener(), origin.address(), 0, false),
                subject.pass().rights() == null ? Pass.NONE : Pass.ENTITLED);
    }

    @Override
    public long expiresAt() {
        long interval = properties.messageExpiryInterval();
        return interval < 0 ? Long.MAX_VALUE : arrivedAt + interval * 1000;
    }

    /// The same message under another number: a copy that is owed apart from the first ones.
    public Message renumbered(long number) {
        return with(number, topic, qos);
    }

    /// The same message, with another name for its topic.
    public Message under(TopicName name) {
        return with(id, name, qos);
    }

    /// The same message as if it had been published at the highest QoS, so that each copy has the
    /// QoS of its subscription.
    public Message upgraded() {
        return qos == QoS.EXACTLY_ONCE ? this : with(id, topic, QoS.EXACTLY_ONCE);
    }

    private Message with(long number, TopicName name, QoS level) {
        return new Message(
                number,
                name,
                payload,
                level,
                retain,
                properties,
                publisher,
                arrivedAt,
                durability,
                author);
    }

    @Override
    public int weight() {
        return topic.size() + payload.size();
    }
}
