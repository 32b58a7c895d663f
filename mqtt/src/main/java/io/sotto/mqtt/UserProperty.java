package io.sotto.mqtt;

/// A name with a value that applications send along; order and repetitions are kept
/// [MQTT-3.3.2-18].
public record UserProperty(String name, String value) {}
