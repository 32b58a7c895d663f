package io.sotto.server.config;

import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.MountPoint;
import io.sotto.broker.spi.Terms;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.transport.Carriers;
import io.sotto.transport.Compression;
import io.sotto.transport.Endpoint;
import io.sotto.transport.Endpoint.Port;
import io.sotto.transport.Endpoint.UnixSocket;
import io.sotto.transport.Networks;
import io.sotto.transport.ProxySettings;
import io.sotto.transport.TlsSettings;
import io.sotto.transport.TlsSettings.Engine;
import io.sotto.transport.TlsSettings.Handshakes;
import io.sotto.transport.TlsSettings.Identity;
import io.sotto.transport.TlsSettings.Need;
import io.sotto.transport.TlsSettings.Pair;
import io.sotto.transport.TlsSettings.Upkeep;
import io.sotto.transport.WebSocketSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// The listeners that the tests of the configuration expect.
final class EveryListener {
    private EveryListener() {}

    /// One that has only a place.
    static ListenerConfig open(String name, Endpoint endpoint, int line) {
        return new ListenerConfig(
                name,
                endpoint,
                true,
                Carriers.PLAIN,
                0,
                null,
                null,
                LoginWay.ALL,
                Terms.DEFAULT,
                line);
    }

    /// Those of the configuration in which every key stands.
    static List<ListenerConfig> read() {
        return List.of(
                new ListenerConfig(
                        "house",
                        new Port("0.0.0.0", 1884),
                        false,
                        new Carriers(
                                true,
                                new WebSocketSettings(
                                        List.of("/a", "/b"),
                                        List.of("https://page.example"),
                                        false,
                                        Networks.of(List.of("10.0.0.0/8")),
                                        1 << 10,
                                        2 << 10,
                                        3,
                                        new Compression(true, 4, 5)),
                                new TlsSettings(
                                        List.of(
                                                new Pair(
                                                        Path.of("/c"),
                                                        Path.of("/k"),
                                                        Path.of("/p"),
                                                        Path.of("/chain")),
                                                new Pair(
                                                        Path.of("/c2"),
                                                        Path.of("/k2"),
                                                        Path.of("/p2"))),
                                        new TlsSettings.Clients(
                                                Need.REQUIRED,
                                                List.of(Path.of("/ca"), Path.of("/ca2")),
                                                List.of(Path.of("/crl")),
                                                Identity.SAN_DNS),
                                        true,
                                        false,
                                        Engine.JDK,
                                        new Handshakes(4, 5),
                                        new Upkeep(6, 7),
                                        List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")),
                                new ProxySettings(Networks.of(List.of("10.0.0.0/8", "::1")), true)),
                        41,
                        "src/test/acl/mosquitto.acl",
                        Durability.ASYNC,
                        LoginWay.ALL,
                        new Terms(
                                Set.of(ProtocolVersion.MQTT_3_1_1, ProtocolVersion.MQTT_5),
                                Terms.ClientIds.USER_NAME,
                                "id-",
                                new MountPoint("house/"),
                                List.of("id-", "k-")),
                        2),
                open("here", new Port("localhost", 0), 45),
                open("socket", new UnixSocket(Path.of("/run/sotto.sock"), 0600), 49));
    }
}
