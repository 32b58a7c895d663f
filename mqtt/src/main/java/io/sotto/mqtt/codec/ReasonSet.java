package io.sotto.mqtt.codec;

import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ReasonCode;

/// The reason codes that a packet may carry, by the tables of 5.0; the codes are in hex.
enum ReasonSet {
    CONNACK(
            "this code is none of CONNACK [MQTT-3.2.2-8]",
            "00 80 81 82 83 84 85 86 87 88 89 8A 8C 90 95 97 99 9A 9B 9C 9D 9F"),
    /// As PUBREC, with 0x10, which only a server has reason to send, allowed to clients too.
    PUBACK("this code is none of PUBACK [MQTT-3.4.2-1]", "00 10 80 83 87 90 91 97 99"),
    PUBREC("this code is none of PUBREC [MQTT-3.5.2-1]", "00 10 80 83 87 90 91 97 99"),
    PUBREL("this code is none of PUBREL [MQTT-3.6.2-1]", "00 92"),
    PUBCOMP("this code is none of PUBCOMP [MQTT-3.7.2-1]", "00 92"),
    SUBACK("this code is none of SUBACK [MQTT-3.9.3-2]", "00 01 02 80 83 87 8F 91 97 9E A1 A2"),
    SUBACK_3("this code is none of SUBACK [MQTT3-3.9.3-2]", "00 01 02 80"),
    UNSUBACK("this code is none of UNSUBACK [MQTT-3.11.3-2]", "00 11 80 83 87 8F 91"),
    DISCONNECT_OF_CLIENT(
            "this code is none of a client's DISCONNECT [MQTT-3.14.2-1]",
            "00 04 80 81 82 83 90 93 94 95 96 97 98 99"),
    /// With 0x8C, which section 2.4 gives to DISCONNECT, but the table of DISCONNECT does not list.
    DISCONNECT_OF_SERVER(
            "this code is none of a server's DISCONNECT [MQTT-3.14.2-1]",
            "00 80 81 82 83 87 89 8B 8C 8D 8E 8F 90 93 94 95 96 97 98 99 9A 9B 9C 9D 9E 9F A0 A1 A2"),
    AUTH_OF_CLIENT("this code is none of a client's AUTH [MQTT-3.15.2-1]", "18 19"),
    AUTH_OF_SERVER("this code is none of a server's AUTH [MQTT-3.15.2-1]", "00 18");

    private static final int FAILURES = 0x80;
    private static final int HEX = 16;

    private final String sentence;
    private final long successes;
    private final long failures;

    ReasonSet(String sentence, String codes) {
        this.sentence = sentence;
        long below = 0;
        long above = 0;
        for (String hex : codes.split(" ", -1)) {
            int code = Integer.parseInt(hex, HEX);
            if (code < FAILURES) {
                below |= 1L << code;
            } else {
                above |= 1L << code - FAILURES;
            }
        }
        this.successes = below;
        this.failures = above;
    }

    /// The reason code of this byte.
    ///
    /// @throws ProtocolException with 0x82 when the packet may not carry it
    ReasonCode of(int code) {
        ReasonCode reason = contains(code) ? ReasonCode.of(code) : null;
        if (reason == null) {
            throw ProtocolException.protocolError(sentence);
        }
        return reason;
    }

    /// The tables end within the 64 codes above 0 and above 0x80.
    private boolean contains(int code) {
        long half = code < FAILURES ? successes : failures;
        int bit = code & FAILURES - 1;
        return bit < Long.SIZE && (half >>> bit & 1) != 0;
    }
}
