package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.net.httpserver.HttpServer;
import io.sotto.testkit.login.Tokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// mosquitto_pub and mosquitto_sub with a token as the password, and with a user whom somebody else
/// knows who is asked over HTTP.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenIT {
    private static final String SECRET = "a secret that only the issuer and the broker have";

    private final List<Broker> brokers = new ArrayList<>();
    private final List<HttpServer> servers = new ArrayList<>();

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        assumeFalse(Broker.isMosquitto(), "the configuration is Sotto's");
        servers.add(loginServer());
        Path secret = Files.writeString(folder.resolve("secret"), SECRET + "\n");
        String config =
                """
                jwt:
                  algorithms: [HS256]
                  key-file: %s
                  leeway: 0s
                http-login:
                  url: http://127.0.0.1:%d/login
                """
                        .formatted(secret, servers.getFirst().getAddress().getPort());
        Path file = Files.writeString(folder.resolve("sotto.yaml"), config);
        brokers.add(Broker.start("--config", file.toString()));
    }

    /// Lets anna in with the password `secret`, for the topic `door` alone.
    private static HttpServer loginServer() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/login",
                exchange -> {
                    String asked =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    boolean known = asked.contains("\"userName\":\"anna\",\"password\":\"secret\"");
                    byte[] answer =
                            (known
                                            ? "{\"allow\":true,\"publish\":[\"door\"]}"
                                            : "{\"allow\":false,\"reason\":\"not known\"}")
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        server.start();
        return server;
    }

    @AfterAll
    void stop() {
        brokers.forEach(Broker::stop);
        servers.forEach(server -> server.stop(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqttv31", "mqttv311", "mqttv5"})
    void who_has_a_token_comes_in(String version) {
        Running knock = publish(version, "door", "-u", "ann", "-P", Tokens.of("ann", 60, SECRET));

        assertThat(knock.awaitSuccess()).anyMatch(line -> line.contains("CONNACK (0)"));
    }

    @ParameterizedTest
    @CsvSource({"mqttv31,4", "mqttv311,4", "mqttv5,134"})
    void a_token_that_does_not_count_opens_nothing(String version, int reason) {
        String expired = Tokens.of("ann", -1, SECRET);
        String forged = Tokens.of("ann", 60, SECRET.replace('a', 'b'));
        String another = Tokens.of("bob", 60, SECRET);

        for (String token : List.of(expired, forged, another)) {
            Running knock = publish(version, "door", "-u", "ann", "-P", token);

            assertThat(knock.awaitExit()).isNotZero();
            knock.awaitLine("CONNACK (" + reason + ")");
        }
    }

    @Test
    void a_token_may_say_what_its_client_may_do() {
        String token = Tokens.of("ann", 60, SECRET, ",\"publish\":[\"door/%u\"]");

        Running own = publish("mqttv5", "door/ann", "-u", "ann", "-P", token);
        Running other = publish("mqttv5", "door/bob", "-u", "ann", "-P", token);

        own.awaitSuccess();
        other.awaitExit();
        assertThat(own.lines()).anyMatch(line -> line.matches(".*PUBACK.*RC:(0|16)\\).*"));
        assertThat(other.lines()).anyMatch(line -> line.contains("RC:135"));
    }

    @Test
    void the_connection_ends_with_the_token() {
        List<String> command =
                new ArrayList<>(
                        List.of("stdbuf", "-oL", "mosquitto_sub", "-d", "-V", "mqttv5", "-p"));
        command.addAll(List.of(port(), "-t", "door", "-u", "ann"));
        command.addAll(List.of("-P", Tokens.of("ann", 3, SECRET)));
        try (Running door = Running.start(command)) {
            door.awaitLine("Subscribed (mid: ");

            door.awaitLine("Received DISCONNECT (160)");
        }
    }

    @ParameterizedTest
    @CsvSource({"mqttv31,4", "mqttv311,4", "mqttv5,134"})
    void somebody_else_may_say_who_comes_in(String version, int reason) {
        Running known = publish(version, "door", "-u", "anna", "-P", "secret");
        Running unknown = publish(version, "door", "-u", "anna", "-P", "guessed");

        assertThat(known.awaitSuccess()).anyMatch(line -> line.contains("CONNACK (0)"));
        assertThat(unknown.awaitExit()).isNotZero();
        unknown.awaitLine("CONNACK (" + reason + ")");
    }

    @Test
    void somebody_else_may_say_what_a_client_may_do() {
        Running other = publish("mqttv5", "window", "-u", "anna", "-P", "secret");

        other.awaitExit();
        assertThat(other.lines()).anyMatch(line -> line.contains("RC:135"));
    }

    private String port() {
        return Integer.toString(brokers.getFirst().ownPort());
    }

    private Running publish(String version, String topic, String... credentials) {
        List<String> command = new ArrayList<>(List.of("mosquitto_pub", "-d", "-V", version));
        command.addAll(List.of("-p", port(), "-q", "1", "-t", topic, "-m", "knock"));
        command.addAll(List.of(credentials));
        return Running.start(command);
    }
}
