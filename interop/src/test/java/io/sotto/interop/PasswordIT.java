package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A broker that knows its users: who comes in, and what the others are told.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PasswordIT {
    /// The password is `secret`.
    private static final List<String> CONFIGURATION =
            List.of(
                    "users:",
                    "  - name: anna",
                    "    password: '$argon2id$v=19$m=19456,t=2,p=1$b3m1An4li/yiTc2nLze/7w"
                            + "$lOI7LyKd9CurYPZSsQ+xbXakp+vaiNz0VhEKrsRPYRg'");

    private final List<Broker> brokers = new ArrayList<>();

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        assumeFalse(Broker.isMosquitto(), "the configuration is Sotto's");
        Path file = Files.write(folder.resolve("sotto.yaml"), CONFIGURATION);
        brokers.add(Broker.start("--config", file.toString()));
    }

    @AfterAll
    void stop() {
        brokers.forEach(Broker::stop);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqttv31", "mqttv311", "mqttv5"})
    void who_has_the_password_comes_in(String version) {
        Running publisher = publish(version, "-u", "anna", "-P", "secret");

        assertThat(publisher.awaitSuccess()).anyMatch(line -> line.contains("CONNACK (0)"));
    }

    @ParameterizedTest
    @CsvSource({"mqttv31,4", "mqttv311,4", "mqttv5,134"})
    void who_has_a_wrong_password_is_told_so(String version, int reason) {
        Running publisher = publish(version, "-u", "anna", "-P", "guessed");

        assertThat(publisher.awaitExit()).isNotZero();
        publisher.awaitLine("CONNACK (" + reason + ")");
    }

    @ParameterizedTest
    @CsvSource({"mqttv31,5", "mqttv311,5", "mqttv5,135"})
    void who_has_no_name_is_not_authorized(String version, int reason) {
        Running publisher = publish(version);

        assertThat(publisher.awaitExit()).isNotZero();
        publisher.awaitLine("CONNACK (" + reason + ")");
    }

    private Running publish(String version, String... credentials) {
        String port = Integer.toString(brokers.getFirst().ownPort());
        List<String> command = new ArrayList<>(List.of("mosquitto_pub", "-d", "-V", version));
        command.addAll(List.of("-p", port, "-q", "1", "-t", "door", "-m", "knock"));
        command.addAll(List.of(credentials));
        return Running.start(command);
    }
}
