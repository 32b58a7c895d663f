package io.sotto.testkit.sim;

import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.Subscribe;
import java.util.List;

/// The retained message of a topic that a session is owed because it subscribed: whichever is there
/// when its turn comes.
final class OwedRetained extends Debt {
    private final Subscribe.Request request;
    private final String topic;
    private final List<Integer> identifiers;
    private final long since;
    private boolean forgotten;

    /// @param identifier of the subscription, or 0
    /// @param since when the subscription was made, among all events
    OwedRetained(Subscribe.Request request, String topic, int identifier, long since) {
        this.request = request;
        this.topic = topic;
        this.identifiers = identifier == 0 ? List.of() : List.of(identifier);
        this.since = since;
    }

    String filter() {
        return request.filter();
    }

    String topic() {
        return topic;
    }

    List<Integer> identifiers() {
        return identifiers;
    }

    long since() {
        return since;
    }

    /// Whether it is still to come.
    boolean isDue() {
        return isFree() && !forgotten;
    }

    /// Whether its subscription ended or was made again: if it waited for the disk by then, it
    /// still comes.
    boolean isForgotten() {
        return forgotten;
    }

    void forget() {
        forgotten = true;
    }

    /// Whether a client that is sent this gets it as the retained message that it is owed.
    boolean isPaidBy(ModelMessage message, Publish publish) {
        QoS qos = message.qos().min(request.qos());
        return publish.retain()
                && topic.equals(message.topic())
                && message.key().equals(ModelMessage.key(topic, publish))
                && publish.qos() == qos;
    }

    @Override
    public String toString() {
        return "the retained message of " + topic + " for " + filter();
    }
}
