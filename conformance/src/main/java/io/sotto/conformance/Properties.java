package io.sotto.conformance;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The properties of a packet from the broker, checked against what that packet may carry.
///
/// Values are numbers, strings or [Bytes]; a user property is the string `key=value`.
public final class Properties {
    private static final int SUBSCRIPTION_ID = 0x0B;
    private static final int USER_PROPERTY = 0x26;

    private final Map<Integer, List<Object>> values = new LinkedHashMap<>();

    private Properties() {}

    static Properties none() {
        return new Properties();
    }

    static Properties read(PacketType type, Fields packet) {
        Properties properties = new Properties();
        Fields fields = new Fields(packet.bytes(packet.variableInteger()).toArray());
        while (!fields.isEmpty()) {
            int id = fields.octet();
            Unexpected.unless(type.mayCarry(id), "%s carries property 0x%02X", type, id);
            List<Object> sofar = properties.values.computeIfAbsent(id, _ -> new ArrayList<>());
            Unexpected.unless(
                    sofar.isEmpty() || id == USER_PROPERTY || id == SUBSCRIPTION_ID,
                    "%s repeats property 0x%02X",
                    type,
                    id);
            sofar.add(value(id, fields));
        }
        return properties;
    }

    private static Object value(int id, Fields fields) {
        return switch (id) {
            case 0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A -> (long) fields.octet();
            case 0x13, 0x21, 0x22, 0x23 -> (long) fields.twoBytes();
            case 0x02, 0x11, 0x18, 0x27 -> fields.fourBytes();
            case SUBSCRIPTION_ID -> (long) fields.variableInteger();
            case 0x09, 0x16 -> fields.binary();
            case USER_PROPERTY -> fields.string() + "=" + fields.string();
            case 0x03, 0x08, 0x12, 0x15, 0x1A, 0x1C, 0x1F -> fields.string();
            default -> throw new Unexpected("unknown property 0x%02X".formatted(id));
        };
    }

    public boolean has(int id) {
        return values.containsKey(id);
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /// All values of a property in their order, none if it is absent.
    public List<Object> all(int id) {
        return Collections.unmodifiableList(values.getOrDefault(id, List.of()));
    }

    /// The number of a property, or what stands for its absence.
    public long number(int id, long otherwise) {
        return has(id) ? (Long) all(id).getFirst() : otherwise;
    }

    public String text(int id) {
        return has(id) ? String.valueOf(all(id).getFirst()) : "";
    }

    public List<Object> userProperties() {
        return all(USER_PROPERTY);
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
