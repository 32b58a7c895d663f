package io.sotto.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sotto.conformance.Target.Login;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;

/// `sotto check` from the jar, against a Sotto from the jar.
@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
class CheckIT {
    private static final Login ADA = new Login("ada", "secret");

    private final Path jar = Path.of(System.getProperty("sotto.jar"));
    private @Nullable BrokerProcess broker;

    @BeforeAll
    void start() throws Exception {
        String users =
                BrokerProcess.user(jar, ADA)
                        + BrokerProcess.user(
                                jar, new Login("ann", "tea"), "--scram", "--iterations=4096");
        broker = BrokerProcess.start(jar, "users:\n" + users);
    }

    @AfterAll
    void stop() throws Exception {
        requireNonNull(broker).stop();
    }

    /// What a command wrote, and how it ended.
    private record Ended(int status, String output) {}

    private Ended check(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(BrokerProcess.command(jar));
        command.add("check");
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    private String address() {
        return "127.0.0.1:" + requireNonNull(broker).address().getPort();
    }

    @Test
    void a_broker_that_keeps_the_rules_passes() throws Exception {
        Ended ended = check(address(), "-u=ada", "-P=secret", "--only=UnsubscribeTest", "--strict");

        assertThat(ended.output()).contains("UnsubscribeTest").contains("14 passed, in");
        assertThat(ended.status()).isZero();
    }

    @Test
    void scram_is_tested_where_a_user_has_it() throws Exception {
        Ended ended =
                check(
                        address(),
                        "-u=ann",
                        "-P=tea",
                        "--scram=SCRAM-SHA-512",
                        "--only=MQTT-4.12.0-2",
                        "--json");

        JsonNode report = new ObjectMapper().readTree(ended.output());
        assertThat(report).isNotEmpty();
        assertThat(report)
                .allSatisfy(test -> {
                    assertThat(test.get("outcome").asText()).isEqualTo("passed");
                    assertThat(test.get("test").asText()).startsWith("ScramTest.");
                });
        assertThat(ended.status()).isZero();
    }

    @Test
    void who_is_not_let_in_is_told_what_went_over_the_wire() throws Exception {
        Ended ended = check(address(), "--only=every_ping_is_answered");

        assertThat(ended.output())
                .contains("FAILED  KeepAliveTest.every_ping_is_answered [5.0]")
                .contains("CONNECT was refused")
                .contains("→ 10 ")
                .contains("← 20 ");
        assertThat(ended.status()).isEqualTo(1);
    }

    @Test
    void nobody_there_is_one_plain_sentence() throws Exception {
        int free;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = probe.getLocalPort();
        }

        Ended ended = check("127.0.0.1:" + free);

        assertThat(ended.output())
                .isEqualTo(
                        "sotto: cannot reach 127.0.0.1:%d: Connection refused\n".formatted(free));
        assertThat(ended.status()).isEqualTo(2);
    }
}
