package io.sotto.store;

import io.sotto.broker.spi.Principal;
import io.sotto.broker.spi.SessionStore.Grant;
import io.sotto.broker.spi.SessionStore.Owner;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.RetainHandling;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicNames;
import io.sotto.mqtt.Will;
import io.sotto.mqtt.codec.Decoder;
import io.sotto.mqtt.codec.Encoder;
import io.sotto.mqtt.codec.Sender;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sessions and subscriptions as they are stored. A will stands as the PUBLISH of 5.0 that it is to
/// become.
///
/// ```text
/// begun: | client id (text) | user (text) | expiry interval (8) | will: 0, or 1, delay (8), PUBLISH |
/// left:  | expires at (8) | will at (8) |
/// grant: | QoS (1) | no local (1) | retain as published (1) | retain handling (1) | identifier (4) |
/// ```
final class SessionRecords {
    /// How a session began or was resumed.
    static final byte BEGUN = 0;

    /// How its connection ended; absent while that is open.
    static final byte LEFT = 1;

    /// Its will is done with, though it was begun with one.
    static final byte WILL_DONE = 2;

    private SessionRecords() {}

    /// What was told when a session began.
    record Begun(Owner owner, long expiryInterval, @Nullable Will will) {}

    static void writeBegun(Owner owner, long expiryInterval, @Nullable Will will, Bytes out) {
        out.text(owner.clientId());
        out.text(owner.principal().name());
        out.eight(expiryInterval);
        out.one(will == null ? 0 : 1);
        if (will != null) {
            out.eight(will.delayInterval());
            Publish publish =
                    new Publish(
                            will.topic(),
                            will.payload(),
                            will.qos(),
                            will.retain(),
                            false,
                            will.qos() == QoS.AT_MOST_ONCE ? 0 : 1,
                            0,
                            List.of(),
                            will.properties());
            int size = Encoder.size(publish, ProtocolVersion.MQTT_5);
            Encoder.write(publish, ProtocolVersion.MQTT_5, out.room(size));
        }
    }

    static Begun begun(byte[] value) throws StoreException {
        ByteBuffer in = ByteBuffer.wrap(value);
        try {
            Owner owner = new Owner(Bytes.text(in), new Principal(Bytes.text(in)));
            return new Begun(owner, in.getLong(), in.get() == 0 ? null : will(in));
        } catch (BufferUnderflowException | NegativeArraySizeException | ProtocolException e) {
            throw damaged(e);
        }
    }

    private static Will will(ByteBuffer in) throws StoreException {
        long delay = in.getLong();
        Decoder decoder =
                new Decoder(
                        Sender.CLIENT,
                        MessageRecords.WHATEVER_WAS_TAKEN,
                        new TopicNames(1, TopicLimits.NONE));
        decoder.version(ProtocolVersion.MQTT_5);
        Packet packet = decoder.read(in);
        if (packet instanceof Publish publish) {
            return new Will(
                    publish.topic(),
                    publish.payload(),
                    publish.qos(),
                    publish.retain(),
                    delay,
                    publish.properties());
        }
        throw damaged(new IllegalStateException("no PUBLISH"));
    }

    static byte[] filter(TopicFilter filter) {
        return filter.toString().getBytes(StandardCharsets.UTF_8);
    }

    static void writeGrant(Grant grant, Bytes out) {
        out.one(grant.qos().level());
        out.one(grant.noLocal() ? 1 : 0);
        out.one(grant.retainAsPublished() ? 1 : 0);
        out.one(handling(grant.retainHandling()));
        out.four(grant.identifier());
    }

    private static int handling(RetainHandling handling) {
        return switch (handling) {
            case SEND -> 0;
            case SEND_IF_NEW -> 1;
            case DO_NOT_SEND -> 2;
        };
    }

    static Grant grant(byte[] key, byte[] value) throws StoreException {
        ByteBuffer in = ByteBuffer.wrap(value);
        try {
            String filter =
                    new String(key, Long.BYTES, key.length - Long.BYTES, StandardCharsets.UTF_8);
            return new Grant(
                    TopicFilter.of(filter, TopicLimits.NONE),
                    QoS.of(in.get()),
                    in.get() != 0,
                    in.get() != 0,
                    switch (in.get()) {
                        case 0 -> RetainHandling.SEND;
                        case 1 -> RetainHandling.SEND_IF_NEW;
                        default -> RetainHandling.DO_NOT_SEND;
                    },
                    in.getInt());
        } catch (BufferUnderflowException | ProtocolException e) {
            throw damaged(e);
        }
    }

    private static StoreException damaged(Exception cause) {
        return new StoreException(
                StoreException.Kind.DAMAGED,
                "a session in the store has not the form of one",
                cause);
    }
}
