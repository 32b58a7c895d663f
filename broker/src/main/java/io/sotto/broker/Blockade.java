package io.sotto.broker;

import io.sotto.broker.session.Pressure;
import io.sotto.broker.time.Timer;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;

/// Keeps a client from being read that has published into a full queue whose bound says `block`,
/// until there is room.
///
/// Not for ever: two that publish to each other, and are not read, would never make room for each
/// other. After `queue.block-timeout` the client is read again, and its messages are refused for as
/// long as there is no room.
final class Blockade extends Timer {
    private final Connection connection;
    private final String clientId;
    private TopicName topic = TopicName.ABSENT;
    private long until;
    private boolean spent;
    private boolean told;

    Blockade(Connection connection, String clientId) {
        this.connection = connection;
        this.clientId = clientId;
    }

    private boolean isFull() {
        // Any QoS above 0 stands for the other here: both are kept.
        Pressure pressure = connection.shard().pressure(topic, QoS.AT_LEAST_ONCE, clientId);
        return pressure != null && !pressure.refused();
    }

    /// Whether the client was not read for so long that its messages are refused instead.
    boolean isSpent() {
        spent &= isFull();
        return spent;
    }

    /// Stops reading behind a message that was taken, and for which there is no second place.
    ///
    /// @return whether nobody was told of this connection yet
    boolean hold(TopicName full, long now) {
        if (isSet()) {
            return false;
        }
        spent = false;
        topic = full;
        until = now + connection.shard().settings().queue().together().patience() * 1000L;
        connection.link().pauseReading();
        connection.shard().wheel().set(this, now + Shard.TICK_MILLIS);
        boolean news = !told;
        told = true;
        return news;
    }

    @Override
    protected void expired(long now) {
        if (isFull() && now < until) {
            connection.shard().wheel().set(this, now + Shard.TICK_MILLIS);
        } else {
            spent = isFull();
            connection.link().resumeReading();
        }
    }
}
