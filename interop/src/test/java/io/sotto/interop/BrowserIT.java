package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sotto.interop.Message.UserProperty;
import io.sotto.testkit.login.TestKeys;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pages with MQTT.js in Chromium, over WebSocket, with and without TLS.
class BrowserIT {
    @BeforeAll
    static void a_browser() {
        assumeFalse(Broker.isMosquitto(), "mosquitto has a port for each");
        Chromium.assumeThere();
    }

    @Nested
    class Version_3_1_1 extends SinceThreeOneOne {
        @Override
        Library open() {
            return new BrowserLibrary("3.1.1", Way.WEB_SOCKET);
        }
    }

    @Nested
    class Version_5_within_tls extends VersionFive {
        @Override
        Library open() {
            return new BrowserLibrary("5", Way.SECURE_WEB_SOCKET);
        }

        @Override
        List<UserProperty> userProperties() {
            return JavaScriptIT.PROPERTIES;
        }
    }

    @Test
    void a_session_and_its_messages_outlive_the_tab() {
        String name = EveryVersion.unique();
        String topic = "interop/" + name;
        Agent.Remote tab = Chromium.shared().client("5", Way.WEB_SOCKET);
        tab.connect(Login.kept(name));
        tab.subscribe(Subscription.to(topic, 2));
        Chromium.closeTab(tab);
        try (Client other = Chromium.shared().client("5", Way.WEB_SOCKET)) {
            other.connect(Login.clean(EveryVersion.unique()));
            other.publish(Message.of(topic, "while you were out", 2));
        }

        Agent.Remote again = Chromium.shared().client("5", Way.WEB_SOCKET);
        try (again) {
            assertThat(again.connect(Login.kept(name)).sessionPresent()).isTrue();
            assertThat(again.arrivals().next())
                    .isEqualTo(Message.of(topic, "while you were out", 2));
        }
    }

    @Test
    void a_picture_shows_the_page() throws IOException {
        String name = EveryVersion.unique();
        String topic = "interop/" + name;
        try (Agent.Remote tab = Chromium.shared().client("3.1.1", Way.WEB_SOCKET)) {
            tab.connect(Login.clean(name));
            Path before = Chromium.picture(tab, "connected");
            tab.subscribe(Subscription.to(topic, 1));
            tab.publish(Message.of(topic, "21.5", 1));
            tab.arrivals().next();

            Path after = Chromium.picture(tab, "a-message-came");

            assertThat(ink(after)).isGreaterThan(ink(before));
        }
    }

    @Test
    void a_page_of_another_origin_stays_outside(@TempDir Path folder) throws IOException {
        Path config = folder.resolve("sotto.yaml");
        String listener = "listeners: [{protocols: [ws], websocket: {origins: ['%s']}}]";
        Files.writeString(config, listener.formatted(Chromium.shared().origin()));
        Broker friendly = Broker.start("--config", config.toString());
        Files.writeString(config, listener.formatted("https://home.example"));
        Broker strict = Broker.start("--config", config.toString());
        try (Client welcome = connecting(friendly)) {
            assertThat(welcome.connect(Login.clean("page")).reason()).isZero();

            Client stranger = connecting(strict);
            assertThatThrownBy(() -> stranger.connect(Login.clean("page")))
                    .hasMessageContaining("closed before it was accepted");
        } finally {
            friendly.stop();
            strict.stop();
        }
    }

    @Test
    void a_browser_compresses_where_it_may(@TempDir Path folder) throws IOException {
        Path config = folder.resolve("sotto.yaml");
        String listener = "listeners: [{protocols: [ws], websocket: {%s}}]";
        Files.writeString(config, listener.formatted("compression: true, compression-contexts: 9"));
        Broker eager = Broker.start("--config", config.toString());
        Files.writeString(config, listener.formatted("compression: true"));
        Broker thrifty = Broker.start("--config", config.toString());
        Chromium browser = Chromium.shared();
        try {
            assertThat(browser.extensions(url(eager))).isEqualTo("permessage-deflate");
            assertThat(browser.extensions(url(thrifty)))
                    .isEqualTo(
                            "permessage-deflate; server_no_context_takeover;"
                                    + " client_no_context_takeover");
            assertThat(browser.extensions("ws://127.0.0.1:" + Broker.port() + "/mqtt")).isEmpty();
            for (String version : List.of("3.1.1", "5")) {
                readingsGoThrough(browser.client(version, url(eager)));
                readingsGoThrough(browser.client(version, url(thrifty)));
            }
        } finally {
            eager.stop();
            thrifty.stop();
        }
    }

    private static void readingsGoThrough(Client client) {
        try (Client page = client) {
            page.connect(Login.clean("page"));
            page.subscribe(Subscription.to("report", 2));
            for (int size : List.of(1, 60, 20_000, 60)) {
                Message report = Message.of("report", readings(size), 2);
                page.publish(report);
                assertThat(page.arrivals().next()).isEqualTo(report);
            }
        }
    }

    @Test
    void a_certificate_of_the_browser_is_a_login(@TempDir Path folder) throws IOException {
        Path config = folder.resolve("sotto.yaml");
        Files.writeString(
                config,
                """
                listeners:
                  - name: secure
                    protocols: [ws]
                    tls:
                      %s
                      client-certificate: required
                      client-ca: %s
                """
                        .formatted(
                                TestKeys.server().replace(", ", "\n      "),
                                TestKeys.file("ca.pem")));
        Broker broker = Broker.start("--config", config.toString());
        String site = "https://localhost:" + broker.ownPort();
        String url = "wss://localhost:" + broker.ownPort() + "/mqtt";
        try (Chromium known = Chromium.startWithCertificate("known", site)) {
            // A browser asks for no certificate when a WebSocket opens: it gives the one that a
            // page of the same host and port got.
            assertThat(known.visit(site)).isTrue();
            try (Client page = known.client("5", url)) {
                assertThat(page.connect(Login.clean("page")).reason()).isZero();
                assertThat(page.subscribe(Subscription.to("door", 1))).isEqualTo(1);
                page.publish(Message.of("door", "knock", 1));
                assertThat(page.arrivals().next()).isEqualTo(Message.of("door", "knock", 1));
            }

            assertThat(Chromium.shared().visit(site)).isFalse();
            Client unknown = Chromium.shared().client("5", url);
            assertThatThrownBy(() -> unknown.connect(Login.clean("page")))
                    .hasMessageContaining("closed before it was accepted");
        } finally {
            broker.stop();
        }
    }

    /// How many pixels of a picture are dark.
    private static long ink(Path file) throws IOException {
        BufferedImage picture = ImageIO.read(file.toFile());
        return IntStream.range(0, picture.getWidth() * picture.getHeight())
                .map(at -> picture.getRGB(at % picture.getWidth(), at / picture.getWidth()))
                .filter(colour -> (colour & 0xff) < 0x80)
                .count();
    }

    private static String readings(int count) {
        return IntStream.range(0, count)
                .mapToObj(at -> "sensor-" + at + " " + at * 31 % 977 + ", ")
                .collect(Collectors.joining());
    }

    private static Client connecting(Broker broker) {
        return Chromium.shared().client("5", url(broker));
    }

    private static String url(Broker broker) {
        return "ws://127.0.0.1:" + broker.ownPort() + "/mqtt";
    }
}
