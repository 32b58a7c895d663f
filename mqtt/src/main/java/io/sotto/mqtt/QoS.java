package io.sotto.mqtt;

/// How surely a message is delivered; the order of the constants is the order of the levels.
public enum QoS {
    AT_MOST_ONCE(0),
    AT_LEAST_ONCE(1),
    EXACTLY_ONCE(2);

    private static final QoS[] LEVELS = values();

    private final int level;

    QoS(int level) {
        this.level = level;
    }

    /// The level with this number.
    ///
    /// @throws ProtocolException with 0x81 when it is not 0, 1 or 2 [MQTT-3.3.1-4]
    public static QoS of(int level) {
        if (level < 0 || level > 2) {
            throw new ProtocolException(
                    ReasonCode.MALFORMED_PACKET, "QoS must be 0, 1 or 2 [MQTT-3.3.1-4]");
        }
        return LEVELS[level];
    }

    /// The number on the wire: 0, 1 or 2.
    public int level() {
        return level;
    }

    /// The lower of two levels: what a subscriber gets of a message [MQTT-3.8.4-8].
    public QoS min(QoS other) {
        return level <= other.level ? this : other;
    }

    /// The higher of two levels.
    public QoS max(QoS other) {
        return level >= other.level ? this : other;
    }
}
