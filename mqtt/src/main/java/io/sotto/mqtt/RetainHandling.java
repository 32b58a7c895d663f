package io.sotto.mqtt;

/// When a subscription is sent the retained messages; the order of the constants is that of the
/// values on the wire (5.0, section 3.8.3.1).
public enum RetainHandling {
    /// On every SUBSCRIBE [MQTT-3.3.1-9].
    SEND,
    /// Only when the subscription did not exist before [MQTT-3.3.1-10].
    SEND_IF_NEW,
    /// Never on SUBSCRIBE [MQTT-3.3.1-11].
    DO_NOT_SEND
}
