package io.sotto.broker.spi;

import io.sotto.mqtt.TopicName;

/// Keeps the retained message of each topic.
public interface RetainedStore {
    void retained(Message message);

    void retainedRemoved(TopicName topic);
}
