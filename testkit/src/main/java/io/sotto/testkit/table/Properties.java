package io.sotto.testkit.table;

import io.sotto.testkit.table.PropertyRow.Form;
import java.util.Arrays;
import java.util.List;

/// Every property in every packet of 5.0: where it may be and where not, once and twice, cut at
/// every byte, of another form, and with values that it may not have.
final class Properties {
    private static final List<String> BAD_TEXTS =
            List.of("0002 C080", "0003 EDA080", "0001 FF", "0001 00");

    private final Cases cases;
    private final List<PropertyRow> table = PropertyRow.table();

    private Properties(Cases cases) {
        this.cases = cases;
    }

    static void addTo(Cases cases) {
        if (!Wire.is5(cases.version())) {
            return;
        }
        Properties properties = new Properties(cases);
        for (PropertyHost host : cases.isFirst() ? PropertyHost.first() : PropertyHost.later()) {
            for (PropertyRow row : properties.table) {
                if (row.packets().contains(host.name())) {
                    properties.allowed(host, row);
                } else {
                    properties.misplaced(host, row);
                }
            }
            properties.unknown(host);
        }
        properties.dependent();
    }

    private static String title(PropertyHost host, PropertyRow row) {
        return host.name() + " with " + row.name();
    }

    /// An identifier that is not one of its packet is malformed (2.2.2.2).
    private void misplaced(PropertyHost host, PropertyRow row) {
        cases.bad(title(host, row), host.with(row.bytes()), Cases.MALFORMED);
    }

    private void allowed(PropertyHost host, PropertyRow row) {
        String title = title(host, row);
        boolean needed = host.needs(row.id());
        byte[] once = row.bytes();
        if (isOfServer(host, row)) {
            cases.bad(title, host.with(once), Cases.PROTOCOL_ERROR);
            return;
        }
        if (needed) {
            // It stands there already.
            cases.bad(title + " twice", host.with(once), Cases.PROTOCOL_ERROR);
        } else if (!isDependent(host, row)) {
            cases.good(title, host.with(once), host.reaction());
            twice(host, row);
        }
        cut(host, row);
        byte[] extended = Wire.join(once, Wire.one(0));
        cases.bad(title + " and a byte", alone(host, extended), Cases.MALFORMED);
        row.bad()
                .forEach((value, code) ->
                        cases.bad(title + " of " + value, host.with(row.with(value)), code));
        form(host, row);
    }

    /// Table 2-4 gives the identifier to PUBLISH, but only servers send it there [MQTT-3.3.4-6].
    private static boolean isOfServer(PropertyHost host, PropertyRow row) {
        return row.id() == 0x0B && host.name().equals("PUBLISH");
    }

    /// What a property does that only makes sense beside another is told apart.
    private static boolean isDependent(PropertyHost host, PropertyRow row) {
        return host.name().equals("CONNECT") && (row.id() == 0x15 || row.id() == 0x16);
    }

    /// Only user properties stand there twice.
    private void twice(PropertyHost host, PropertyRow row) {
        byte[] packet = host.with(row.bytes(), row.bytes());
        int code = row.form() == Form.PAIR ? 0 : Cases.PROTOCOL_ERROR;
        cases.judged(title(host, row) + " twice", packet, code, host.reaction());
    }

    /// The property length ends within the value: what follows is not a part of it.
    private void cut(PropertyHost host, PropertyRow row) {
        byte[] whole = row.bytes();
        for (int size = 1; size < whole.length; size++) {
            cases.bad(
                    title(host, row) + " cut to " + size + " bytes",
                    alone(host, Arrays.copyOf(whole, size)),
                    Cases.MALFORMED);
        }
    }

    /// These properties last, behind those that the packet needs: whatever is wrong with them comes
    /// before anything that is missing.
    private static byte[] alone(PropertyHost host, byte[] properties) {
        return host.needs(properties[0])
                ? host.withSet(Wire.properties(properties))
                : host.with(properties);
    }

    private void form(PropertyHost host, PropertyRow row) {
        String title = title(host, row);
        switch (row.form()) {
            case NUMBER -> {}
            case VARIABLE -> {
                for (String value :
                        List.of("8100", "838000", "83808000", "8080808001", "FFFFFFFF")) {
                    cases.bad(title + " of " + value, host.with(row.with(value)), Cases.MALFORMED);
                }
                cases.good(
                        title + " of the largest",
                        host.with(row.with("FFFFFF7F")),
                        host.reaction());
            }
            case TEXT -> {
                for (String value : BAD_TEXTS) {
                    byte[] bad = alone(host, row.with(value));
                    cases.bad(title + " of " + value, bad, Cases.MALFORMED);
                }
                longer(host, row);
            }
            case DATA -> longer(host, row);
            case PAIR -> {
                for (String value : BAD_TEXTS) {
                    cases.bad(
                            title + " named " + value,
                            host.with(row.with(value + "0001 76")),
                            Cases.MALFORMED);
                    cases.bad(
                            title + " of " + value,
                            host.with(row.with("0001 6B" + value)),
                            Cases.MALFORMED);
                }
                longer(host, row);
            }
        }
    }

    /// A length beyond the property length, and beyond the packet.
    private void longer(PropertyHost host, PropertyRow row) {
        for (String length : List.of("FFFF", "0100")) {
            cases.bad(
                    title(host, row) + " of the length " + length,
                    alone(host, row.with(length + "78")),
                    Cases.MALFORMED);
        }
    }

    private void unknown(PropertyHost host) {
        for (int id = 0; id < 0x80; id++) {
            int candidate = id;
            if (table.stream().noneMatch(row -> row.id() == candidate)) {
                cases.bad(
                        "%s with property %02X".formatted(host.name(), id),
                        host.with(Wire.hex("%02X 00000000".formatted(id))),
                        Cases.MALFORMED);
            }
        }
        // Identifiers of two bytes and more: none is known, and 0x26 does not need them.
        for (String id : List.of("8001", "FF7F", "FFFFFF7F", "A600", "8080808001", "FFFFFFFF")) {
            cases.bad(
                    host.name() + " with property " + id,
                    host.with(Wire.hex(id + "0001 6B 0001 76")),
                    Cases.MALFORMED);
        }
        byte[] needed = Wire.hex(host.needed());
        byte[] one = Wire.hex("26 0001 6B 0001 76");
        cases.bad(
                host.name() + " with a property length that is one too short",
                host.withSet(Wire.join(Wire.one(needed.length + one.length - 1), needed, one)),
                Cases.MALFORMED);
    }

    /// Data need a method [5.0, 3.1.2.11.10], and this server knows none [MQTT-4.12.0-1]. A session
    /// that ends with its connection is not prolonged at the end [MQTT-3.14.2-2], and an alias is
    /// of use only when it was set [MQTT-3.3.2-7] and is not too large [MQTT-3.3.2-9].
    private void dependent() {
        if (cases.isFirst()) {
            PropertyHost connect = PropertyHost.first().getFirst();
            cases.bad(
                    "CONNECT with authentication data alone",
                    connect.with(Wire.hex("16 0001 64")),
                    Cases.PROTOCOL_ERROR);
            cases.forbidden(
                    "CONNECT with a method that is not known",
                    connect.with(Wire.hex("15 0001 78")),
                    0x8C);
            cases.forbidden(
                    "CONNECT with a method that is not known, and data",
                    connect.with(Wire.hex("15 0001 78 16 0001 64")),
                    0x8C);
            return;
        }
        cases.forbidden(
                "DISCONNECT that prolongs the session",
                Wire.packet(0xE0, Wire.one(0), Wire.properties(Wire.hex("11 00000001"))),
                Cases.PROTOCOL_ERROR);
        cases.bad(
                "AUTH without a method",
                Wire.packet(0xF0, Wire.one(0x18), Wire.properties()),
                Cases.PROTOCOL_ERROR);
        alias("an alias that was never set", "0001", Cases.PROTOCOL_ERROR);
        alias("the alias after the largest", "0021", Cases.TOPIC_ALIAS_INVALID);
        alias("the alias 65,535", "FFFF", Cases.TOPIC_ALIAS_INVALID);
    }

    private void alias(String title, String alias, int code) {
        cases.forbidden(
                "PUBLISH by " + title,
                Wire.packet(0x30, Wire.text(""), Wire.properties(Wire.hex("23" + alias))),
                code);
    }
}
