package io.sotto.mqtt.codec;

/// The fifteen types of control packets: number, flags, and who may send them (5.0, table 2-1).
enum PacketType {
    CONNECT(1, 0, By.CLIENT),
    CONNACK(2, 0, By.SERVER),
    PUBLISH(3, 0, By.BOTH),
    PUBACK(4, 0, By.BOTH),
    PUBREC(5, 0, By.BOTH),
    PUBREL(6, 0b0010, By.BOTH),
    PUBCOMP(7, 0, By.BOTH),
    SUBSCRIBE(8, 0b0010, By.CLIENT),
    SUBACK(9, 0, By.SERVER),
    UNSUBSCRIBE(10, 0b0010, By.CLIENT),
    UNSUBACK(11, 0, By.SERVER),
    PINGREQ(12, 0, By.CLIENT),
    PINGRESP(13, 0, By.SERVER),
    DISCONNECT(14, 0, By.BOTH),
    AUTH(15, 0, By.BOTH);

    /// Who may send a packet.
    private enum By {
        CLIENT,
        SERVER,
        BOTH
    }

    private static final PacketType[] BY_NUMBER = values();

    private final int firstByte;
    private final By by;

    PacketType(int number, int flags, By by) {
        this.firstByte = number << 4 | flags;
        this.by = by;
    }

    /// The type with this number, 1 to 15.
    static PacketType of(int number) {
        return BY_NUMBER[number - 1];
    }

    /// The type in the high four bits, the flags that the standard fixes in the low four; PUBLISH
    /// adds its own.
    int firstByte() {
        return firstByte;
    }

    boolean isSentBy(Sender sender) {
        return by == By.BOTH || by == (sender == Sender.CLIENT ? By.CLIENT : By.SERVER);
    }
}
