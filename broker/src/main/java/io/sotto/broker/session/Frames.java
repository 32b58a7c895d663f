package io.sotto.broker.session;

import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.MountPoint;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.codec.PublishFrame;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The encoded forms of the message that a shard is handing out: each form is made once, however
/// many sessions take it.
public final class Frames {
    private static final int FORMS = 12;

    private final @Nullable PublishFrame[] forms = new PublishFrame[FORMS];
    private final @Nullable MountPoint mount;
    private final Map<MountPoint, Frames> mounted = new HashMap<>(0);
    private @Nullable Message message;
    private long madeAt;
    private @Nullable Message whole;
    private @Nullable Message seen;

    private Frames(@Nullable MountPoint mount) {
        this.mount = mount;
    }

    public Frames() {
        this(null);
    }

    /// The frame of a message without anything that belongs to one subscriber.
    @SuppressWarnings("ReferenceEquality") // the very message that is being handed out
    PublishFrame of(Message message, ProtocolVersion version, QoS qos, boolean retain, long now) {
        if (this.message != message || madeAt != now) {
            Arrays.fill(forms, null);
            this.message = message;
            madeAt = now;
        }
        int form = qos.level() << 2 | (retain ? 2 : 0) | (version.hasProperties() ? 1 : 0);
        PublishFrame frame = forms[form];
        if (frame == null) {
            frame = make(message, version, qos, retain, now);
            forms[form] = frame;
        }
        return frame;
    }

    /// Those for the clients at a mount point: what is made for them is for nobody else.
    Frames at(MountPoint mount) {
        return mount.isNone() ? this : mounted.computeIfAbsent(mount, Frames::new);
    }

    /// Whether they are for clients that see their topics in another way than others.
    boolean isMounted() {
        return mount != null;
    }

    /// A message as these clients are told of it: one object for all of them.
    @SuppressWarnings("ReferenceEquality") // the very message that is being handed out
    Message seen(Message told) {
        MountPoint at = mount;
        if (at == null) {
            return told;
        }
        Message made = seen;
        if (whole != told || made == null) {
            made = told.under(at.seen(told.topic()));
            whole = told;
            seen = made;
        }
        return made;
    }

    private static PublishFrame make(
            Message message, ProtocolVersion version, QoS qos, boolean retain, long now) {
        return PublishFrame.of(version, packet(message, qos, retain, now));
    }

    /// The frame for one subscriber of 5.0, with an alias or subscription identifiers.
    static PublishFrame special(
            Publish plain, TopicName topic, int alias, List<Integer> identifiers) {
        return PublishFrame.of(
                ProtocolVersion.MQTT_5,
                new Publish(
                        topic,
                        plain.payload(),
                        plain.qos(),
                        plain.retain(),
                        false,
                        0,
                        alias,
                        identifiers,
                        plain.properties()));
    }

    /// A message as every subscriber could get it.
    static Publish packet(Message message, QoS qos, boolean retain, long now) {
        return new Publish(
                message.topic(),
                message.payload(),
                qos,
                retain,
                false,
                0,
                0,
                List.of(),
                remaining(message, now));
    }

    /// The expiry interval as received, less the time that the message waited [MQTT-3.3.2-6]; never
    /// below 1 once its delivery begins.
    private static PublishProperties remaining(Message message, long now) {
        PublishProperties properties = message.properties();
        if (properties.messageExpiryInterval() < 0) {
            return properties;
        }
        long left = Math.max(1, (message.expiresAt() - now + 999) / 1000);
        return new PublishProperties(
                properties.payloadFormatIndicator(),
                left,
                properties.contentType(),
                properties.responseTopic(),
                properties.correlationData(),
                properties.userProperties());
    }

    /// Lets go of the message.
    public void clear() {
        whole = null;
        seen = null;
        if (message != null) {
            message = null;
            Arrays.fill(forms, null);
        }
        if (!mounted.isEmpty()) {
            mounted.values().forEach(Frames::clear);
        }
    }
}
