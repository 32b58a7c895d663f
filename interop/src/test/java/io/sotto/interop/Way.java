package io.sotto.interop;

import io.sotto.testkit.login.TestKeys;
import java.util.Map;

/// What carries MQTT to the broker.
enum Way {
    TCP(""),
    WEB_SOCKET("ws://127.0.0.1:%d/mqtt"),
    SECURE_WEB_SOCKET("wss://localhost:%d/mqtt");

    private final String url;

    Way(String url) {
        this.url = url;
    }

    /// Where a client is told to connect to, as a part of a command.
    Map<String, Object> to(int port) {
        return this == TCP
                ? Map.of("port", port)
                : Map.of("url", url.formatted(port), "ca", TestKeys.file("ca.pem").toString());
    }
}
