package io.sotto.mqtt;

/// The answer to PINGREQ [MQTT-3.12.4-1].
public record PingResp() implements Packet {
    public static final PingResp INSTANCE = new PingResp();
}
