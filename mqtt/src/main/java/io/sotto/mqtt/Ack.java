package io.sotto.mqtt;

/// One of the four packets that carry a QoS 1 or 2 exchange on: alike in layout, so alike in code.
/// They repeat the packet identifier of the PUBLISH [MQTT-2.2.1-5].
public sealed interface Ack extends Packet permits PubAck, PubRec, PubRel, PubComp {
    int packetId();

    ReasonCode reason();

    Diagnostics diagnostics();
}
