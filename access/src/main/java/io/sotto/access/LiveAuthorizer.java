package io.sotto.access;

import io.sotto.broker.spi.Authorizer;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;

/// The rules as they are now. They are replaced as a whole, from any thread, and each question is
/// answered by one state of them.
public final class LiveAuthorizer implements Authorizer {
    private volatile State state;

    private record State(Authorizer rules, int version) {}

    public LiveAuthorizer(Authorizer rules) {
        this.state = new State(rules, 1);
    }

    /// Other rules hold from now on. What sessions hold already is for the caller to have reviewed.
    public synchronized void replace(Authorizer rules) {
        state = new State(rules, state.version + 1);
    }

    /// The rules that hold now.
    public Authorizer present() {
        return state.rules;
    }

    @Override
    public boolean mayPublish(Subject subject, TopicName topic, QoS qos, boolean retain) {
        return state.rules.mayPublish(subject, topic, qos, retain);
    }

    @Override
    public boolean maySubscribe(Subject subject, TopicFilter filter, QoS qos) {
        return state.rules.maySubscribe(subject, filter, qos);
    }

    @Override
    public boolean mayReceive(Subject subject, TopicName topic) {
        return state.rules.mayReceive(subject, topic);
    }

    @Override
    public boolean mayStay(Subject author, TopicName topic, QoS qos) {
        return state.rules.mayStay(author, topic, qos);
    }

    @Override
    public int version() {
        return state.version;
    }
}
