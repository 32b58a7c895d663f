package io.sotto.interop;

import java.util.LinkedHashMap;
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

    /// A command to connect, with where to.
    Map<String, Object> to(int port, Map<String, ?> command) {
        Map<String, Object> whole = new LinkedHashMap<>(command);
        whole.put("port", port);
        if (this != TCP) {
            whole.put("url", url.formatted(port));
            whole.put("ca", TestCertificates.file("ca.pem").toString());
        }
        return whole;
    }
}
