package io.sotto.testkit.table;

import io.sotto.mqtt.ProtocolVersion;
import java.util.List;
import java.util.Set;

/// Every first byte, and lengths in every wrong form, before and after the login.
final class FixedHeaders {
    /// The largest CONNECT and the largest later packet by default, in bytes with the header.
    private static final int CONNECT_LIMIT = 64 * 1024;

    private static final int PACKET_LIMIT = 1024 * 1024;
    private static final int CONNECT = 1;
    private static final int PUBLISH = 3;
    private static final int AUTH = 15;

    /// What only a server sends: CONNACK, SUBACK, UNSUBACK, PINGRESP.
    private static final Set<Integer> OF_SERVERS = Set.of(2, 9, 11, 13);

    private final Cases cases;
    private final boolean modern;
    private final List<Sample> samples;

    private FixedHeaders(Cases cases) {
        this.cases = cases;
        this.modern = Wire.is5(cases.version());
        Samples all = new Samples(cases.version());
        this.samples = cases.isFirst() ? all.first() : all.later();
    }

    static void addTo(Cases cases) {
        FixedHeaders headers = new FixedHeaders(cases);
        for (int first = 0; first < 256; first++) {
            if (cases.isFirst()) {
                headers.beforeLogin(first);
            } else {
                headers.afterLogin(first);
            }
        }
        headers.samples.forEach(headers::lengths);
        headers.sizes();
    }

    /// Nothing but CONNECT [MQTT-3.1.0-1], and nobody who starts otherwise is told anything.
    private void beforeLogin(int first) {
        byte[] packet = Wire.packet(first, samples.getFirst().body());
        if (first >> 4 != CONNECT) {
            cases.untold(title(first), packet, Cases.PROTOCOL_ERROR);
        } else if ((first & 0xF) != 0) {
            cases.untold(title(first), packet, Cases.MALFORMED);
        } else {
            cases.good(title(first), packet, Cases.welcome());
        }
    }

    private static String title(int first) {
        return "first byte %02X".formatted(first);
    }

    private void afterLogin(int first) {
        int type = first >> 4;
        if (type == 0 || type == AUTH && !modern) {
            // Reserved types [5.0, 2.1.2] [3.1.1, 2.2.1].
            cases.bad(title(first), Wire.packet(first, Wire.two(7)), Cases.MALFORMED);
        } else if (OF_SERVERS.contains(type)) {
            // The direction is wrong whatever the flags are.
            cases.bad(title(first), Wire.packet(first, Wire.two(7)), Cases.PROTOCOL_ERROR);
        } else if (type == CONNECT) {
            connectAgain(first);
        } else if (type == PUBLISH) {
            publish(first);
        } else {
            Sample sample = Samples.ofType(samples, type);
            byte[] packet = Wire.packet(first, sample.body());
            // [MQTT-2.1.3-1] [MQTT-3.6.1-1] [MQTT-3.8.1-1] [MQTT-3.10.1-1] [MQTT-3.14.1-1]
            if (first == sample.firstByte() || isSentAgain(first)) {
                cases.good(title(first), packet, sample.reaction());
            } else {
                cases.bad(title(first), packet, Cases.MALFORMED);
            }
        }
    }

    /// PUBREL, SUBSCRIBE and UNSUBSCRIBE of 3.1 carry DUP when they are sent again.
    private boolean isSentAgain(int first) {
        return cases.version() == ProtocolVersion.MQTT_3_1
                && (first == 0x6A || first == 0x8A || first == 0xAA);
    }

    private void connectAgain(int first) {
        byte[] packet = Wire.packet(first, new Samples(cases.version()).first().getFirst().body());
        if ((first & 0xF) == 0) {
            // [MQTT-3.1.0-2]
            cases.forbidden(title(first), packet, Cases.PROTOCOL_ERROR);
        } else {
            cases.bad(title(first), packet, Cases.MALFORMED);
        }
    }

    private void publish(int first) {
        int qos = first >> 1 & 3;
        boolean dup = (first & 8) != 0;
        if (qos == 3 || qos == 0 && dup) {
            // [MQTT-3.3.1-4] [MQTT-3.3.1-2]
            cases.bad(title(first), Wire.packet(first, Wire.text("a")), Cases.MALFORMED);
            return;
        }
        Sample sample =
                samples.stream()
                        .filter(each -> each.firstByte() == (0x30 | qos << 1))
                        .findFirst()
                        .orElseThrow();
        cases.good(title(first), Wire.packet(first, sample.body()), sample.reaction());
    }

    /// Remaining lengths in more bytes than needed [MQTT-1.5.5-1], or than there are.
    private void lengths(Sample sample) {
        if (sample.firstByte() == 0xF0 && !modern) {
            return;
        }
        byte[] body = sample.body();
        byte[] first = Wire.one(sample.firstByte());
        for (int size = 2; size <= 4; size++) {
            malformed(
                    sample.title() + " with a length of " + size + " bytes",
                    Wire.join(first, Wire.variable(body.length, size), body));
        }
        for (String length : List.of("80 80 80 80 01", "FF FF FF FF 7F", "FF FF FF FF")) {
            malformed(
                    sample.title() + " with the length " + length,
                    Wire.join(first, Wire.hex(length), body));
        }
        malformed(
                sample.title() + " with the length 0 in two bytes",
                Wire.join(first, Wire.hex("80 00")));
    }

    private void malformed(String title, byte[] bytes) {
        if (cases.isFirst()) {
            cases.untold(title, bytes, Cases.MALFORMED);
        } else {
            cases.bad(title, bytes, Cases.MALFORMED);
        }
    }

    /// Judged by the header alone, before anything is kept for the body [MQTT-3.2.2-15].
    private void sizes() {
        int limit = cases.isFirst() ? CONNECT_LIMIT : PACKET_LIMIT;
        for (Sample sample : samples) {
            if (sample.firstByte() == 0xF0 && !modern) {
                continue;
            }
            cases.partial(
                    sample.title() + " of the largest size", header(sample.firstByte(), limit));
            tooLarge(sample, limit + 1);
            tooLarge(sample, 5 + 268_435_455);
        }
    }

    private void tooLarge(Sample sample, int size) {
        String title = sample.title() + " of " + size + " bytes";
        byte[] header = header(sample.firstByte(), size);
        if (cases.isFirst()) {
            cases.untold(title, header, Cases.PACKET_TOO_LARGE);
        } else {
            cases.bad(title, header, Cases.PACKET_TOO_LARGE);
        }
    }

    /// The header of a packet of this whole size.
    private static byte[] header(int firstByte, int size) {
        int lengthBytes = size > 0x20_0000 ? 4 : 3;
        return Wire.join(Wire.one(firstByte), Wire.variable(size - 1 - lengthBytes, lengthBytes));
    }
}
