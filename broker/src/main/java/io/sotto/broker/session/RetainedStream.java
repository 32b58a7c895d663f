package io.sotto.broker.session;

import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.SessionStore.Grant;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The retained messages that a new subscription is still owed: a place in a walk over the topics
/// as they were when it was made. Never cut short and never queued as a whole.
///
/// Each topic yields the message that is retained there when its turn comes, so that a client that
/// reads slowly is not sent a value after a newer one.
public final class RetainedStream {
    private final Iterator<Message> topics;
    private final Function<TopicName, @Nullable Message> present;
    private final Grant grant;
    private final Via via;
    private @Nullable TopicName turn;

    public RetainedStream(
            Iterator<Message> topics, Function<TopicName, @Nullable Message> present, Grant grant) {
        this.topics = topics;
        this.present = present;
        this.grant = grant;
        this.via = grant.identifier() == 0 ? Via.PLAIN : new Via(List.of(grant.identifier()), null);
    }

    /// The message whose turn it is, as it is now, or null at the end.
    @Nullable Message peek(long now) {
        while (turn != null || topics.hasNext()) {
            TopicName topic = turn == null ? topics.next().topic() : turn;
            Message candidate = present.apply(topic);
            if (candidate != null && !candidate.isExpired(now)) {
                turn = topic;
                return candidate;
            }
            turn = null;
        }
        return null;
    }

    /// Goes on to the next topic.
    void advance() {
        turn = null;
    }

    QoS qos(Message message) {
        return message.qos().min(grant.qos());
    }

    Via via() {
        return via;
    }

    /// The subscription that it serves.
    Grant grant() {
        return grant;
    }
}
