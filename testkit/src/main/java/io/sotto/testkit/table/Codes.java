package io.sotto.testkit.table;

import java.util.List;

/// Every reason code of every packet of 5.0 that a client sends one in, and every byte of
/// subscription options.
final class Codes {
    private final Cases cases;

    private Codes(Cases cases) {
        this.cases = cases;
    }

    static void addTo(Cases cases) {
        if (cases.isFirst()) {
            return;
        }
        Codes codes = new Codes(cases);
        for (int value = 0; value < 256; value++) {
            if (Wire.is5(cases.version())) {
                codes.acknowledgements(value);
                codes.disconnect(value);
                codes.auth(value);
                codes.options(value, false);
                codes.options(value, true);
            } else {
                codes.requestedQos(value);
            }
        }
    }

    private static String named(String packet, int value) {
        return "%s with %02X".formatted(packet, value);
    }

    /// Tables 3-4 to 3-7 of 5.0 [MQTT-3.4.2-1] [MQTT-3.5.2-1] [MQTT-3.6.2-1] [MQTT-3.7.2-1].
    private void acknowledgements(int code) {
        boolean received =
                List.of(0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99).contains(code);
        boolean released = code == 0x00 || code == 0x92;
        byte[] body = Wire.join(Wire.two(7), Wire.one(code));
        code("PUBACK", 0x40, body, received, Cases.silence());
        // No PUBREL for a message that was refused [MQTT-4.3.3-4].
        Reaction pubRel = code < 0x80 ? Cases.answer("62 03 0007 92") : Cases.silence();
        code("PUBREC", 0x50, body, received, pubRel);
        code("PUBREL", 0x62, body, released, Cases.answer("70 03 0007 92"));
        code("PUBCOMP", 0x70, body, released, Cases.silence());
    }

    private void code(String packet, int firstByte, byte[] body, boolean known, Reaction reaction) {
        cases.judged(
                named(packet, body[body.length - 1] & 0xFF),
                Wire.packet(firstByte, body),
                known ? 0 : Cases.PROTOCOL_ERROR,
                reaction);
    }

    /// Table 3-10 of 5.0, the rows of clients [MQTT-3.14.2-1].
    private void disconnect(int code) {
        boolean known =
                List.of(
                                0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96,
                                0x97, 0x98, 0x99)
                        .contains(code);
        code("DISCONNECT", 0xE0, Wire.one(code), known, Cases.end());
    }

    /// Table 3-11 of 5.0, the rows of clients [MQTT-3.15.2-1]; without a method of authentication
    /// none of them may be sent [MQTT-4.12.0-7].
    private void auth(int code) {
        byte[] packet = Wire.packet(0xF0, Wire.one(code), Wire.properties(Wire.hex("15 0001 78")));
        if (code == 0x18 || code == 0x19) {
            cases.forbidden(named("AUTH", code), packet, Cases.PROTOCOL_ERROR);
        } else {
            cases.bad(named("AUTH", code), packet, Cases.PROTOCOL_ERROR);
        }
    }

    /// Section 3.8.3.1 of 5.0: reserved bits are malformed [MQTT-3.8.3-5]; QoS 3, retain handling 3
    /// and No Local on a shared subscription [MQTT-3.8.3-4] are protocol errors.
    private void options(int options, boolean shared) {
        int qos = options & 3;
        boolean wrong = qos == 3 || (options >> 4 & 3) == 3 || shared && (options & 4) != 0;
        int code = (options & 0xC0) != 0 ? Cases.MALFORMED : wrong ? Cases.PROTOCOL_ERROR : 0;
        cases.judged(
                named("SUBSCRIBE " + (shared ? "to a share" : "to a topic"), options),
                Wire.packet(
                        0x82,
                        Wire.two(7),
                        Wire.properties(),
                        Wire.text(shared ? "$share/g/a" : "a"),
                        Wire.one(options)),
                code,
                Cases.answer("90 04 0007 00 0" + qos));
    }

    /// Figure 3.22 of 3.1.1: six reserved bits, and no QoS 3 [MQTT3-3-8.3-4].
    private void requestedQos(int options) {
        cases.judged(
                named("SUBSCRIBE", options),
                Wire.packet(0x82, Wire.two(7), Wire.text("a"), Wire.one(options)),
                options > 2 ? Cases.MALFORMED : 0,
                Cases.answer("90 03 0007 0" + (options & 3)));
    }
}
