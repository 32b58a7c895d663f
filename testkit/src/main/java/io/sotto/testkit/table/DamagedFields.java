package io.sotto.testkit.table;

import io.sotto.testkit.table.Sample.Ending;
import io.sotto.testkit.table.Sample.Field;
import io.sotto.testkit.table.Sample.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Every sample whole, cut at every byte, with too much at its end, and with each of its fields
/// broken in turn.
final class DamagedFields {
    private static final Map<String, byte[]> BAD_TEXTS =
            Map.of(
                    "an over-long NUL", Wire.hex("C080"),
                    "a surrogate", Wire.hex("61 EDA080"),
                    "a byte that is never there", Wire.hex("FF"),
                    "a cut character", Wire.hex("61 E282"),
                    "a lone continuation", Wire.hex("80 61"),
                    "a character beyond Unicode", Wire.hex("F4908080"),
                    "NUL", Wire.hex("61 00 62"));
    private static final List<String> BAD_FILTERS =
            List.of(
                    "",
                    "a#",
                    "a/#/b",
                    "#/",
                    "a+",
                    "+a",
                    "a/+b/c",
                    "$share",
                    "$share/",
                    "$share/g",
                    "$share//a",
                    "$share/g/",
                    "$share/g+/a",
                    "$share/#/a");

    /// Where the version of a first packet is known: after name and level.
    private static final int VERSION_FIELDS = 2;

    private final Cases cases;

    private DamagedFields(Cases cases) {
        this.cases = cases;
    }

    static void addTo(Cases cases) {
        Samples samples = new Samples(cases.version());
        DamagedFields damages = new DamagedFields(cases);
        for (Sample sample : cases.isFirst() ? samples.first() : samples.later()) {
            if (Wire.is5(cases.version()) || sample.firstByte() != 0xF0) {
                damages.add(sample);
            }
        }
    }

    private void add(Sample sample) {
        whole(sample);
        cuts(sample);
        trailing(sample);
        for (Field field : sample.fields()) {
            field(sample, field);
        }
    }

    private void whole(Sample sample) {
        byte[] packet = sample.packet();
        cases.good(sample.title(), packet, sample.reaction());
        for (int cut = 1; cut < packet.length; cut++) {
            cases.partial(
                    sample.title() + ", the first " + cut + " bytes", Arrays.copyOf(packet, cut));
        }
    }

    /// A packet that is whole by its length and ends too early.
    private void cuts(Sample sample) {
        byte[] body = sample.body();
        int start = 0;
        for (int i = 0; i < sample.fields().size(); i++) {
            Field field = sample.fields().get(i);
            for (int at = start; at < start + field.bytes().length; at++) {
                byte[] cut = Wire.packet(sample.firstByte(), Arrays.copyOf(body, at));
                String title = sample.title() + " that ends after " + at + " bytes";
                Ending ending = at == start ? sample.shorter().get(i) : null;
                if (ending != null) {
                    cases.ending(title, cut, ending);
                } else if (field.kind() == Kind.REST && at > start) {
                    cases.good(title, cut, sample.reaction());
                } else if (isUntold(i)) {
                    cases.untold(title, cut, Cases.MALFORMED);
                } else {
                    cases.bad(title, cut, Cases.MALFORMED);
                }
            }
            start += field.bytes().length;
        }
    }

    private boolean isUntold(int field) {
        return cases.isFirst() && field < VERSION_FIELDS;
    }

    /// A byte more [MQTT-4.13.1-1]; in SUBSCRIBE and UNSUBSCRIBE it begins another filter.
    private void trailing(Sample sample) {
        byte[] packet = Wire.packet(sample.firstByte(), sample.body(), Wire.one(0));
        String title = sample.title() + " with a byte too many";
        boolean open = !sample.fields().isEmpty() && sample.fields().getLast().kind() == Kind.REST;
        if (open) {
            cases.good(title, packet, sample.reaction());
        } else {
            cases.bad(title, packet, Cases.MALFORMED);
        }
    }

    private void field(Sample sample, Field field) {
        switch (field.kind()) {
            case NUMBER, REST -> {}
            case PACKET_ID ->
                    // [MQTT-2.2.1-3]
                    cases.bad(
                            sample.title() + " with packet id 0",
                            sample.with(field, Wire.two(0)),
                            Cases.PROTOCOL_ERROR);
            case TEXT -> text(sample, field);
            case TOPIC -> {
                text(sample, field);
                topic(sample, field);
            }
            case FILTER -> {
                text(sample, field);
                filter(sample, field);
            }
            case DATA -> length(sample, field);
            case PROPERTIES -> properties(sample, field);
        }
    }

    private void bad(Sample sample, String what, byte[] packet, Field field) {
        String title = sample.title() + ": " + field.name() + " with " + what;
        if (isUntold(sample.fields().indexOf(field))) {
            cases.untold(title, packet, Cases.MALFORMED);
        } else {
            cases.bad(title, packet, Cases.MALFORMED);
        }
    }

    private void text(Sample sample, Field field) {
        length(sample, field);
        // [MQTT-1.5.4-1] [MQTT-1.5.4-2]
        BAD_TEXTS.forEach(
                (what, bytes) -> bad(sample, what, sample.with(field, Wire.data(bytes)), field));
    }

    private void length(Sample sample, Field field) {
        byte[] bytes = field.bytes();
        byte[] value = Arrays.copyOfRange(bytes, 2, bytes.length);
        byte[] claimed = Wire.join(Wire.two(0xFFFF), value);
        bad(sample, "a length beyond the packet", sample.with(field, claimed), field);
    }

    private void properties(Sample sample, Field field) {
        byte[] bytes = field.bytes();
        byte[] value = Arrays.copyOfRange(bytes, 1, bytes.length);
        for (int size = 2; size <= 4; size++) {
            byte[] longer = Wire.join(Wire.variable(value.length, size), value);
            bad(sample, "a length of " + size + " bytes", sample.with(field, longer), field);
        }
        byte[] five = Wire.join(Wire.hex("80 80 80 80 01"), value);
        bad(sample, "a length of five bytes", sample.with(field, five), field);
        byte[] most = Wire.join(Wire.hex("FF FF FF 7F"), value);
        bad(sample, "the longest length", sample.with(field, most), field);
    }

    private void topic(Sample sample, Field field) {
        boolean will = cases.isFirst();
        // [MQTT-3.3.2-2] [MQTT-4.7.1-1]
        for (String topic : List.of("+", "#", "a/+", "a/#", "a+b", "a#")) {
            cases.bad(
                    sample.title() + ": topic " + topic,
                    sample.with(field, Wire.text(topic)),
                    Cases.TOPIC_NAME_INVALID);
        }
        // In a PUBLISH of 5.0 an alias could stand for the topic: 0x82 [MQTT-3.3.2-1], not 0x90.
        boolean alias = !will && Wire.is5(cases.version());
        cases.bad(
                sample.title() + ": empty topic",
                sample.with(field, Wire.text("")),
                alias ? Cases.PROTOCOL_ERROR : Cases.TOPIC_NAME_INVALID);
    }

    /// A bad filter is refused for itself in 5.0 and ends a connection of 3.x [MQTT-4.7.1-1]
    /// [MQTT3-4.7.1-2].
    private void filter(Sample sample, Field field) {
        boolean second = field.name().startsWith("second");
        boolean subscribe = sample.firstByte() == 0x82;
        String good = subscribe ? second ? "01" : "00" : "11";
        String codes = second ? good + "8F" : "8F" + good;
        Reaction answer =
                Wire.is5(cases.version())
                        ? Cases.answer((subscribe ? "90 05 0007 00" : "B0 05 0007 00") + codes)
                        : Cases.end();
        for (String filter : BAD_FILTERS) {
            cases.good(
                    sample.title() + ": " + field.name() + " '" + filter + "'",
                    sample.with(field, Wire.text(filter)),
                    answer);
        }
    }
}
