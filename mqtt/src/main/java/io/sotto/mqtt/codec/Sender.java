package io.sotto.mqtt.codec;

/// Whose packets are read: the two sides may not send the same types, codes and properties.
public enum Sender {
    /// What a server receives.
    CLIENT,
    /// What a client receives.
    SERVER
}
