package io.sotto.broker.spi;

import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Will;
import java.nio.charset.StandardCharsets;

/// Where the topics of a listener's clients are among all topics: what such a client calls `lamp`
/// is `house/lamp` to everybody else. Within the broker, topics and filters are whole; the prefix
/// is put before what a client says, and taken off what it is told.
///
/// @param prefix a beginning of topics, without wildcards; empty for none
public record MountPoint(String prefix) {
    /// Clients see all topics as they are.
    public static final MountPoint NONE = new MountPoint("");

    /// Whether it changes nothing.
    public boolean isNone() {
        return prefix.isEmpty();
    }

    /// What a client means.
    ///
    /// @throws ProtocolException with 0x90 when that is beyond the limits
    public TopicName whole(TopicName named, TopicLimits limits) {
        return isNone() ? named : TopicName.of(prefix + named, limits);
    }

    /// What a client subscribes to; a share group stays what it is.
    ///
    /// @throws ProtocolException with 0x8F when that is beyond the limits
    public TopicFilter whole(TopicFilter filter, TopicLimits limits) {
        if (isNone()) {
            return filter;
        }
        String share = filter.isShared() ? "$share/" + filter.shareName() + "/" : "";
        return TopicFilter.of(share + prefix + filter.effective(), limits);
    }

    /// The will that a client means.
    ///
    /// @throws ProtocolException with 0x90 when its topic is beyond the limits
    public Will whole(Will will, TopicLimits limits) {
        return isNone()
                ? will
                : new Will(
                        whole(will.topic(), limits),
                        will.payload(),
                        will.qos(),
                        will.retain(),
                        will.delayInterval(),
                        will.properties());
    }

    /// Whether a client has a name for a topic.
    public boolean holds(TopicName topic) {
        if (isNone()) {
            return true;
        }
        byte[] start = prefix.getBytes(StandardCharsets.UTF_8);
        if (topic.size() <= start.length) {
            return false;
        }
        for (int i = 0; i < start.length; i++) {
            if (topic.at(i) != start[i]) {
                return false;
            }
        }
        return true;
    }

    /// What a client calls a topic; one that it has no name for stays what it is.
    public TopicName seen(TopicName topic) {
        return isNone() || !holds(topic)
                ? topic
                : TopicName.of(topic.toString().substring(prefix.length()));
    }
}
