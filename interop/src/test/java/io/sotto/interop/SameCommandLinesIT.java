package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sotto.testkit.login.TestKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The same command lines with mosquitto_pub, mosquitto_sub and mosquitto_rr and with `sotto pub`,
/// `sub` and `rr`: what they print and how they end has to be the same.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SameCommandLinesIT {
    /// The password is `secret`.
    private static final String LOCKED =
            """
            listeners: [{path: SOCKET}, {}]
            users:
              - name: anna
                password: '$argon2id$v=19$m=19456,t=2,p=1$b3m1An4li/yiTc2nLze/7w\
            $lOI7LyKd9CurYPZSsQ+xbXakp+vaiNz0VhEKrsRPYRg'
            """;

    /// What the lines may use. A kept session is made before something is published, so that nobody
    /// has to hurry.
    private static final String FUNCTIONS =
            """
            put() { $PUT "$@" 2> /dev/null; }
            see() { $SEE "$@" 2> /dev/null; }
            is() { echo "[$?]"; }
            timeless() { sed 's/"tst":"[^"]*"/"tst":""/'; }
            keep() { see -V 5 -c -x 60 -i $ID -q 2 -t "$T/#" -E; }
            kept() {
                see -V 5 -c -x 60 -i $ID -q 2 -t "$T/#" -C $1 -W 20 -F '%t|%p|%q|%r|%C|%D|%P|%R'
            }
            answer() {
                see -V 5 -c -x 60 -i $ID -q 1 -t $T/ask -E
                see -V 5 -c -x 60 -i $ID -q 1 -t $T/ask -C 1 -F '%R' | while read -r to; do
                    put -q 1 -t "$to" -m 21.5
                done &
            }
            """;

    private final List<Broker> brokers = new ArrayList<>();
    private Path folder = Path.of("");
    private int round;

    private record Ended(String printed, List<String> errors) {}

    @BeforeAll
    void start(@TempDir Path place) throws IOException {
        assumeFalse(Broker.isMosquitto(), "the configuration is Sotto's");
        folder = place;
        String config = LOCKED.replace("SOCKET", place.resolve("mqtt.sock").toString());
        Path file = Files.writeString(place.resolve("sotto.yaml"), config);
        brokers.add(Broker.start("--config", file.toString()));
    }

    @AfterAll
    void stop() {
        brokers.forEach(Broker::stop);
    }

    static Stream<String> lines() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(
                        SameCommandLinesIT.class.getResourceAsStream("command-lines.txt"))) {
            List<String> lines =
                    new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            return lines.stream().filter(line -> !line.isBlank() && !line.startsWith("#"));
        }
    }

    @ParameterizedTest
    @MethodSource("lines")
    void both_answer_alike(String line) {
        String script = line.substring(line.indexOf(": ") + 2);

        Ended theirs = run(script, mosquitto("pub"), mosquitto("sub"), mosquitto("rr"));
        Ended ours = run(script, sotto("pub"), sotto("sub"), sotto("rr"));

        assertThat(ours.printed()).as(line + "\n" + ours.errors()).isEqualTo(theirs.printed());
        assertThat(theirs.printed()).isNotEmpty();
        assertThat(ours.errors()).allMatch(error -> error.startsWith("sotto: ") || isHint(error));
    }

    private static boolean isHint(String error) {
        return error.startsWith("`sotto ") && error.endsWith(" --help` says what there is.");
    }

    private static String mosquitto(String tool) {
        return "mosquitto_" + tool + " -h 127.0.0.1 -p " + Broker.port();
    }

    private static String sotto(String command) {
        String jar = System.getProperty("sotto.jar", "../server/target/sotto.jar");
        return String.join(
                " ",
                Processes.javaBinary(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                jar,
                command,
                "-h 127.0.0.1 -p " + Broker.port());
    }

    private Ended run(String script, String pub, String sub, String rr) {
        // Of equal length, since widths are among what is compared.
        String id = "same%04d".formatted(round++);
        Map<String, String> variables =
                Map.ofEntries(
                        Map.entry("pub", pub),
                        Map.entry("sub", sub),
                        Map.entry("rr", rr),
                        Map.entry("PUT", mosquitto("pub")),
                        Map.entry("SEE", mosquitto("sub")),
                        Map.entry("ID", id),
                        Map.entry("T", "same/" + id),
                        Map.entry("D", folder.toString()),
                        Map.entry("PORT", Integer.toString(Broker.port())),
                        Map.entry("LOCKED", Integer.toString(brokers.getFirst().ownPort())),
                        Map.entry("SOCKET", folder.resolve("mqtt.sock").toString()),
                        Map.entry("CA", TestKeys.file("ca.pem").toString()),
                        Map.entry("OTHER_CA", TestKeys.file("other-ca.pem").toString()),
                        Map.entry("LC_ALL", "C.UTF-8"));
        try {
            Path errors = folder.resolve("errors");
            ProcessBuilder builder =
                    new ProcessBuilder("timeout", "60", "sh", "-c", FUNCTIONS + script)
                            .redirectError(errors.toFile());
            builder.environment().putAll(variables);
            Process process = builder.start();
            process.getOutputStream().close();
            byte[] printed = process.getInputStream().readAllBytes();
            process.waitFor();
            String text = new String(printed, StandardCharsets.ISO_8859_1);
            return new Ended(text.replace(id, "ID"), Files.readAllLines(errors));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
