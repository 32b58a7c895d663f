package io.sotto.testkit.sim;

import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.DropReason;
import io.sotto.broker.spi.Held;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.TopicName;

/// Sees all that the broker takes and does through its ports, in the very order.
interface Witness {
    /// The broker took a whole packet from a link and is handling it.
    void taken(SimulatedLink link, Packet packet);

    /// The broker has handled what it took last.
    void handled();

    /// The broker wrote a whole packet.
    void written(SimulatedLink link, Packet packet, int size);

    /// The broker wants bytes again.
    void resumed(SimulatedLink link);

    /// The broker closed a link.
    void closed(SimulatedLink link);

    /// The journal of a shard took a change.
    void changed(int shard, long batch);

    /// The journal of a shard took a session that begins or goes on.
    void opened(int shard, String clientId, long batch);

    void dropped(DropReason reason, String clientId, Held message);

    /// The broker refused something to a client.
    default void refused(String clientId, String sentence) {
        throw new Violation("refused", clientId + " " + sentence);
    }

    /// The broker asked whether a client may publish.
    void asked(Subject subject, TopicName topic);
}
