package io.sotto.server;

import io.sotto.conformance.Carrier;
import io.sotto.testkit.login.TestKeys;
import java.net.InetSocketAddress;

/// What carries MQTT to a broker.
enum Ways {
    TCP,
    TLS,
    WEB_SOCKET,
    WEB_SOCKET_WITHIN_TLS;

    /// The lines of a configuration whose one listener takes this way and no other.
    String listener() {
        String tls = "tls: {%s}".formatted(TestKeys.server());
        return switch (this) {
            case TCP -> "listeners: [{}]\n";
            case TLS -> "listeners: [{%s}]\n".formatted(tls);
            case WEB_SOCKET -> "listeners: [{protocols: [ws]}]\n";
            case WEB_SOCKET_WITHIN_TLS -> "listeners: [{protocols: [ws], %s}]\n".formatted(tls);
        };
    }

    /// The way to that broker.
    Carrier to(InetSocketAddress address) {
        return switch (this) {
            case TCP -> Carrier.tcp(address);
            case TLS -> Carrier.tls(address, TestKeys.client(null), false);
            case WEB_SOCKET -> Carrier.webSocket(Carrier.tcp(address));
            case WEB_SOCKET_WITHIN_TLS ->
                    Carrier.webSocket(Carrier.tls(address, TestKeys.client(null), false));
        };
    }
}
