package io.sotto.mqtt.codec;

import java.util.Set;

/// The fifteen types of control packets: number, flags, and who may send them (5.0, table 2-1).
enum PacketType {
    CONNECT(1, 0, Sender.CLIENT),
    CONNACK(2, 0, Sender.SERVER),
    PUBLISH(3, 0, Sender.CLIENT, Sender.SERVER),
    PUBACK(4, 0, Sender.CLIENT, Sender.SERVER),
    PUBREC(5, 0, Sender.CLIENT, Sender.SERVER),
    PUBREL(6, 0b0010, Sender.CLIENT, Sender.SERVER),
    PUBCOMP(7, 0, Sender.CLIENT, Sender.SERVER),
    SUBSCRIBE(8, 0b0010, Sender.CLIENT),
    SUBACK(9, 0, Sender.SERVER),
    UNSUBSCRIBE(10, 0b0010, Sender.CLIENT),
    UNSUBACK(11, 0, Sender.SERVER),
    PINGREQ(12, 0, Sender.CLIENT),
    PINGRESP(13, 0, Sender.SERVER),
    DISCONNECT(14, 0, Sender.CLIENT, Sender.SERVER),
    AUTH(15, 0, Sender.CLIENT, Sender.SERVER);

    private static final PacketType[] BY_NUMBER = values();

    private final int firstByte;
    private final Set<Sender> senders;

    PacketType(int number, int flags, Sender... senders) {
        this.firstByte = number << 4 | flags;
        this.senders = Set.of(senders);
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
        return senders.contains(sender);
    }
}
