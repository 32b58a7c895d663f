package io.sotto.client;

import io.sotto.client.Inbox.Delivery;
import io.sotto.mqtt.Publish;

/// A message that the application has in its hands and the server still keeps.
///
/// Messages are acknowledged in the order in which they came [MQTT-4.6.0-2] [MQTT-4.6.0-3]: by one
/// thread, one after the other. What is never acknowledged comes again to a session that lives on.
public final class Received {
    private final Conversation conversation;
    private final Delivery delivery;

    Received(Conversation conversation, Delivery delivery) {
        this.conversation = conversation;
        this.delivery = delivery;
    }

    /// What was published.
    public Publish message() {
        return delivery.publish();
    }

    /// Tells the server that this side has the message: PUBACK or PUBREC, and nothing at QoS 0.
    /// After the connection that it came on nothing is sent; a QoS 1 message then comes again.
    public void acknowledge() {
        conversation.acknowledge(delivery);
    }
}
