package io.sotto.broker.session;

import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.SessionStore.Grant;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.QoS;
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
    private final Iterator<Message> walk;
    private final Function<Message, @Nullable Message> present;
    private final Grant grant;
    private final Via via;
    private @Nullable Message turn;

    /// @param walk the messages as they were
    /// @param present answers what has become of one: itself, the present one of its topic, or null
    ///   for nothing that is to be sent
    public RetainedStream(
            Iterator<Message> walk, Function<Message, @Nullable Message> present, Grant grant) {
        this.walk = walk;
        this.present = present;
        this.grant = grant;
        this.via = grant.identifier() == 0 ? Via.PLAIN : new Via(List.of(grant.identifier()), null);
    }

    /// The message whose turn it is, as it is now, or null at the end.
    @Nullable Message peek(long now) {
        while (turn != null || walk.hasNext()) {
            Message then = turn == null ? walk.next() : turn;
            Message candidate = present.apply(then);
            if (candidate != null && !candidate.isExpired(now)) {
                turn = then;
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
