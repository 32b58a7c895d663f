package io.sotto.access;

import io.sotto.broker.spi.Authorizer;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import java.util.List;

/// What a client may do by what it logged in with, such as the claims of a token: nothing else is
/// allowed to it, and what a rule denies is denied all the same.
///
/// @param publish where it may publish
/// @param subscribe what it may subscribe to
public record OwnRights(List<TopicPattern> publish, List<TopicPattern> subscribe)
        implements Authorizer {
    /// How many topic filters a login may bring for either.
    public static final int MOST = 1_000;

    public OwnRights {
        publish = List.copyOf(publish);
        subscribe = List.copyOf(subscribe);
    }

    /// The rights with these topic filters, in which `%u` and `%c` stand for the names.
    ///
    /// @throws IllegalArgumentException with a clause that says what is wrong with one
    public static OwnRights of(List<String> publish, List<String> subscribe) {
        return new OwnRights(patterns(publish), patterns(subscribe));
    }

    private static List<TopicPattern> patterns(List<String> texts) {
        if (texts.size() > MOST) {
            throw new IllegalArgumentException(
                    "has " + texts.size() + " topic filters, of which there may be " + MOST);
        }
        return texts.stream().map(TopicPattern::of).toList();
    }

    @Override
    public boolean mayPublish(Subject subject, TopicName topic, QoS qos, boolean retain) {
        for (TopicPattern pattern : publish) {
            if (pattern.covers(topic, subject, true)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean maySubscribe(Subject subject, TopicFilter filter, QoS qos) {
        for (TopicPattern pattern : subscribe) {
            if (pattern.covers(filter, subject, true)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean mayReceive(Subject subject, TopicName topic) {
        for (TopicPattern pattern : subscribe) {
            if (pattern.covers(topic, subject, true)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int version() {
        return 0;
    }
}
