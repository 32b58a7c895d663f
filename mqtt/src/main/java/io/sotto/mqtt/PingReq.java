package io.sotto.mqtt;

/// A client that shows it is alive.
public record PingReq() implements Packet {
    public static final PingReq INSTANCE = new PingReq();
}
