package io.sotto.mqtt.codec;

import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Will;
import org.jspecify.annotations.Nullable;

/// CONNECT.
///
/// ```text
/// | 0x10 | length | protocol name | level (1) | flags (1) | keep alive (2) | properties |
/// | client id | will properties | will topic | will payload | user name | password |
///
/// flags: | user name | password | will retain | will QoS (2) | will | clean start | 0 |
/// ```
///
/// Properties exist in 5.0 only; the will's and the login's fields exist where their flag is set.
final class ConnectCodec {
    private static final int BRIDGE = 0x80;
    private static final int USER_NAME = 0x80;
    private static final int PASSWORD = 0x40;
    private static final int WILL_RETAIN = 0x20;
    private static final int WILL_QOS = 0x18;
    private static final int WILL_QOS_SHIFT = 3;
    private static final int WILL = 0x04;
    private static final int CLEAN_START = 0x02;
    private static final int RESERVED = 0x01;

    private ConnectCodec() {}

    /// What the first two fields tell.
    ///
    /// @param version the version to answer in
    /// @param served whether this is a version that Sotto speaks
    record Protocol(ProtocolVersion version, boolean bridge, boolean served) {}

    /// Reads the protocol name and level.
    ///
    /// @throws ProtocolException when the name is not one of MQTT: no answer would be understood
    static Protocol readProtocol(WireReader in) {
        String name = in.text();
        boolean current = name.equals(ProtocolVersion.MQTT_5.protocolName());
        if (!current && !name.equals(ProtocolVersion.MQTT_3_1.protocolName())) {
            throw new ProtocolException(
                    ReasonCode.UNSUPPORTED_PROTOCOL_VERSION,
                    "the protocol name is not MQTT [MQTT-3.1.2-1]");
        }
        int level = in.one();
        for (ProtocolVersion version : ProtocolVersion.values()) {
            boolean bridge = level == (version.level() | BRIDGE) && !version.hasProperties();
            if (name.equals(version.protocolName()) && (level == version.level() || bridge)) {
                return new Protocol(version, bridge, true);
            }
        }
        boolean later = current && level > ProtocolVersion.MQTT_5.level();
        return new Protocol(
                later ? ProtocolVersion.MQTT_5 : ProtocolVersion.MQTT_3_1_1, false, false);
    }

    /// Reads what follows the protocol level.
    static Connect read(WireReader in, Protocol protocol) {
        if (!protocol.served()) {
            throw new ProtocolException(
                    ReasonCode.UNSUPPORTED_PROTOCOL_VERSION,
                    "the protocol level is not one of MQTT 3.1, 3.1.1 or 5.0 [MQTT-3.1.2-2]");
        }
        ProtocolVersion version = protocol.version();
        int flags = checkedFlags(in.one(), version);
        int keepAlive = in.two();
        Connect.Properties properties =
                version.hasProperties() ? readProperties(in) : Connect.Properties.DEFAULT;
        String clientId = in.text();
        Will will = (flags & WILL) == 0 ? null : readWill(in, flags, version);
        String userName = isThere(in, flags & USER_NAME, version) ? in.text() : null;
        Payload password = isThere(in, flags & PASSWORD, version) ? in.data() : null;
        return new Connect(
                version,
                protocol.bridge(),
                (flags & CLEAN_START) != 0,
                keepAlive,
                clientId,
                will,
                userName,
                password,
                properties);
    }

    /// In 3.1 the length of the packet outweighs the flags of user name and password (3.1, section
    /// CONNECT): a flag without its field is as no flag.
    private static boolean isThere(WireReader in, int flag, ProtocolVersion version) {
        return flag != 0 && (version != ProtocolVersion.MQTT_3_1 || in.remaining() > 0);
    }

    private static int checkedFlags(int flags, ProtocolVersion version) {
        if ((flags & RESERVED) != 0) {
            throw ProtocolException.malformed("the reserved connect flag is set [MQTT-3.1.2-3]");
        }
        if ((flags & WILL) == 0) {
            if ((flags & WILL_QOS) != 0) {
                throw ProtocolException.malformed("will QoS without will [MQTT-3.1.2-11]");
            }
            if ((flags & WILL_RETAIN) != 0) {
                throw ProtocolException.malformed("will retain without will [MQTT-3.1.2-13]");
            }
        } else if ((flags & WILL_QOS) == WILL_QOS) {
            throw ProtocolException.malformed("will QoS 3 [MQTT-3.1.2-12]");
        }
        if ((flags & PASSWORD) != 0 && (flags & USER_NAME) == 0 && !version.hasProperties()) {
            throw ProtocolException.malformed("password without user name [MQTT3-3.1.2-22]");
        }
        return flags;
    }

    private static Connect.Properties readProperties(WireReader in) {
        PropertyValues values = PropertyValues.read(in, PropertySet.CONNECT);
        if (values.isEmpty()) {
            return Connect.Properties.DEFAULT;
        }
        return new Connect.Properties(
                values.number(Property.SESSION_EXPIRY_INTERVAL, 0L),
                values.number(Property.RECEIVE_MAXIMUM, 65_535),
                values.number(Property.MAXIMUM_PACKET_SIZE, 0L),
                values.number(Property.TOPIC_ALIAS_MAXIMUM, 0),
                values.flag(Property.REQUEST_RESPONSE_INFORMATION, false),
                values.flag(Property.REQUEST_PROBLEM_INFORMATION, true),
                values.userProperties(),
                values.text(Property.AUTHENTICATION_METHOD),
                values.authenticationData());
    }

    private static Will readWill(WireReader in, int flags, ProtocolVersion version) {
        long delay = 0;
        PublishProperties properties = PublishProperties.NONE;
        if (version.hasProperties()) {
            PropertyValues values = PropertyValues.read(in, PropertySet.WILL);
            delay = values.number(Property.WILL_DELAY_INTERVAL, 0L);
            properties = values.publishProperties();
        }
        TopicName topic = in.willTopic();
        Payload payload = in.data();
        QoS qos = QoS.of((flags & WILL_QOS) >> WILL_QOS_SHIFT);
        return new Will(topic, payload, qos, (flags & WILL_RETAIN) != 0, delay, properties);
    }

    static void write(Connect connect, WireWriter out) {
        ProtocolVersion version = connect.version();
        boolean bridge = connect.bridge() && !version.hasProperties();
        out.text(version.protocolName());
        out.one(version.level() | (bridge ? BRIDGE : 0));
        out.one(flags(connect));
        out.two(connect.keepAlive());
        if (version.hasProperties()) {
            out.properties(connect.properties(), ConnectCodec::writeProperties);
        }
        out.text(connect.clientId());
        Will will = connect.will();
        if (will != null) {
            if (version.hasProperties()) {
                out.properties(will, ConnectCodec::writeWillProperties);
            }
            out.topic(will.topic());
            out.data(will.payload());
        }
        String userName = connect.userName();
        if (userName != null) {
            out.text(userName);
        }
        Payload password = connect.password();
        if (password != null) {
            out.data(password);
        }
    }

    private static int flags(Connect connect) {
        int flags = connect.cleanStart() ? CLEAN_START : 0;
        flags |= connect.userName() == null ? 0 : USER_NAME;
        flags |= connect.password() == null ? 0 : PASSWORD;
        return flags | willFlags(connect.will());
    }

    private static int willFlags(@Nullable Will will) {
        if (will == null) {
            return 0;
        }
        return WILL | will.qos().level() << WILL_QOS_SHIFT | (will.retain() ? WILL_RETAIN : 0);
    }

    private static void writeProperties(Connect.Properties properties, WireWriter out) {
        out.number(Property.SESSION_EXPIRY_INTERVAL, properties.sessionExpiryInterval(), 0);
        out.number(Property.RECEIVE_MAXIMUM, properties.receiveMaximum(), 65_535);
        out.number(Property.MAXIMUM_PACKET_SIZE, properties.maximumPacketSize(), 0);
        out.number(Property.TOPIC_ALIAS_MAXIMUM, properties.topicAliasMaximum(), 0);
        out.flag(
                Property.REQUEST_RESPONSE_INFORMATION,
                properties.requestResponseInformation(),
                false);
        out.flag(
                Property.REQUEST_PROBLEM_INFORMATION, properties.requestProblemInformation(), true);
        out.text(Property.AUTHENTICATION_METHOD, properties.authenticationMethod());
        out.data(Property.AUTHENTICATION_DATA, properties.authenticationData());
        out.userProperties(properties.userProperties());
    }

    private static void writeWillProperties(Will will, WireWriter out) {
        out.number(Property.WILL_DELAY_INTERVAL, will.delayInterval(), 0);
        PublishCodec.writeProperties(will.properties(), out);
    }
}
