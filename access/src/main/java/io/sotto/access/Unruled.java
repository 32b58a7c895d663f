package io.sotto.access;

import io.sotto.broker.spi.Authorizer;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;

/// Without rules everybody may do everything, but for those whose login says what they may do.
public final class Unruled implements Authorizer {
    @Override
    public boolean mayPublish(Subject subject, TopicName topic, QoS qos, boolean retain) {
        Authorizer own = subject.pass().rights();
        return own == null || own.mayPublish(subject, topic, qos, retain);
    }

    @Override
    public boolean maySubscribe(Subject subject, TopicFilter filter, QoS qos) {
        Authorizer own = subject.pass().rights();
        return own == null || own.maySubscribe(subject, filter, qos);
    }

    @Override
    public boolean mayReceive(Subject subject, TopicName topic) {
        Authorizer own = subject.pass().rights();
        return own == null || own.mayReceive(subject, topic);
    }

    @Override
    public int version() {
        return 0;
    }
}
