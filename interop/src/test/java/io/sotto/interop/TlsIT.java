package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sotto.testkit.login.TestKeys;
import java.io.IOException;
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

/// mosquitto_pub and mosquitto_sub with `--cafile`, `--cert` and `--key`, with each engine: one
/// broker that wants client certificates of its authority and a revocation list.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsIT {
    private final List<Broker> brokers = new ArrayList<>();

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        assumeFalse(Broker.isMosquitto(), "the configuration is Sotto's");
        for (String engine : List.of("jdk", "boringssl")) {
            String config =
                    """
                    listeners:
                      - name: secure
                        tls:
                          %s
                          engine: %s
                          client-certificate: required
                          client-ca: %s
                          crl: %s
                    """
                            .formatted(
                                    TestKeys.server().replace(", ", "\n      "),
                                    engine,
                                    TestKeys.file("ca.pem"),
                                    TestKeys.file("revoked.crl"));
            Path file = Files.writeString(folder.resolve(engine + ".yaml"), config);
            brokers.add(Broker.start("--config", file.toString()));
        }
    }

    @AfterAll
    void stop() {
        brokers.forEach(Broker::stop);
    }

    private static List<String> tool(String name, Broker broker, String... more) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "stdbuf",
                                "-oL",
                                name,
                                "-h",
                                "localhost",
                                "-p",
                                Integer.toString(broker.ownPort()),
                                "-d",
                                "-q",
                                "1",
                                "-t",
                                "door",
                                "--cafile",
                                TestKeys.file("ca.pem").toString()));
        command.addAll(List.of(more));
        return command;
    }

    private static String[] certificate(String name, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--cert",
                                TestKeys.file(name + ".pem").toString(),
                                "--key",
                                TestKeys.file(name + ".key").toString()));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    @ParameterizedTest
    @CsvSource({"mqttv31,tlsv1.2", "mqttv311,tlsv1.2", "mqttv311,tlsv1.3", "mqttv5,tlsv1.3"})
    void who_has_a_certificate_is_heard(String version, String tls) {
        for (Broker broker : brokers) {
            String[] own = certificate("client", "-V", version, "--tls-version", tls);
            try (Running door = Running.start(tool("mosquitto_sub", broker, own))) {
                door.awaitLine("Subscribed (mid: ");

                Running knock =
                        Running.start(
                                tool(
                                        "mosquitto_pub",
                                        broker,
                                        certificate("client", "-m", "knock")));

                assertThat(knock.awaitSuccess()).anyMatch(line -> line.contains("CONNACK (0)"));
                door.awaitLine("knock");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"revoked", "expired", "stranger", "self", "server-only", "slash"})
    void a_certificate_that_does_not_count_opens_nothing(String name) {
        for (Broker broker : brokers) {
            Running knock =
                    Running.start(tool("mosquitto_pub", broker, certificate(name, "-m", "knock")));

            assertThat(knock.awaitExit()).isNotZero();
            assertThat(knock.lines()).noneMatch(line -> line.contains("CONNACK"));
        }
    }

    @Test
    void without_a_certificate_nobody_is_heard() {
        for (Broker broker : brokers) {
            Running knock = Running.start(tool("mosquitto_pub", broker, "-m", "knock"));

            assertThat(knock.awaitExit()).isNotZero();
            assertThat(knock.lines()).noneMatch(line -> line.contains("CONNACK"));
        }
    }
}
