package io.sotto.mqtt.codec;

import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ReasonCode;

/// The reason codes that a packet may carry, by the tables of 5.0.
enum ReasonSet {
    CONNACK(
            "this code is none of CONNACK [MQTT-3.2.2-8]",
            0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99,
            0x9A, 0x9B, 0x9C, 0x9D, 0x9F),
    PUBACK("this code is none of PUBACK [MQTT-3.4.2-1]", 0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99),
    PUBREC("this code is none of PUBREC [MQTT-3.5.2-1]", 0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99),
    PUBREL("this code is none of PUBREL [MQTT-3.6.2-1]", 0x00, 0x92),
    PUBCOMP("this code is none of PUBCOMP [MQTT-3.7.2-1]", 0x00, 0x92),
    SUBACK(
            "this code is none of SUBACK [MQTT-3.9.3-2]",
            0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2),
    SUBACK_3("this code is none of SUBACK [MQTT3-3.9.3-2]", 0x00, 0x01, 0x02, 0x80),
    UNSUBACK("this code is none of UNSUBACK [MQTT-3.11.3-2]", 0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91),
    DISCONNECT_OF_CLIENT(
            "this code is none of a client's DISCONNECT [MQTT-3.14.2-1]",
            0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99),
    /// With 0x8C, which section 2.4 gives to DISCONNECT, but its own table does not list.
    DISCONNECT_OF_SERVER(
            "this code is none of a server's DISCONNECT [MQTT-3.14.2-1]",
            0x00, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95, 0x96,
            0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2),
    AUTH_OF_CLIENT("this code is none of a client's AUTH [MQTT-3.15.2-1]", 0x18, 0x19),
    AUTH_OF_SERVER("this code is none of a server's AUTH [MQTT-3.15.2-1]", 0x00, 0x18);

    private final String sentence;
    private final boolean[] codes = new boolean[256];

    ReasonSet(String sentence, int... codes) {
        this.sentence = sentence;
        for (int code : codes) {
            this.codes[code] = true;
        }
    }

    /// The reason code of this byte.
    ///
    /// @throws ProtocolException with 0x82 when the packet may not carry it
    ReasonCode of(int code) {
        ReasonCode reason = codes[code] ? ReasonCode.of(code) : null;
        if (reason == null) {
            throw ProtocolException.protocolError(sentence);
        }
        return reason;
    }
}
