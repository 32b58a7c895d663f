package io.sotto.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sotto.testkit.TemporaryFolders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The tools of the jar against a Sotto from the jar, over each way in.
@Timeout(120)
@TestInstance(Lifecycle.PER_CLASS)
class ToolsIT {
    private final Path jar = Path.of(System.getProperty("sotto.jar"));
    private final Path certificates =
            Path.of(
                    System.getProperty("sotto.home"),
                    "transport/src/test/resources/io/sotto/transport/tls");
    private @Nullable BrokerProcess broker;
    private int secure;
    private Path socket = Path.of("");

    @BeforeAll
    void start() throws Exception {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            secure = probe.getLocalPort();
        }
        socket = TemporaryFolders.untilTheEnd("sotto").resolve("s");
        broker =
                BrokerProcess.start(
                        jar,
                        """
                        listeners:
                          - protocols: [mqtt, ws]
                          - port: %d
                            protocols: [mqtt, ws]
                            tls:
                              certificate: %s/server.pem
                              key: %s/server.key
                          - path: %s
                        """
                                .formatted(secure, certificates, certificates, socket));
    }

    @AfterAll
    void stop() throws Exception {
        requireNonNull(broker).stop();
    }

    /// What a command wrote, and how it ended.
    private record Ended(int status, String output) {}

    private Ended sotto(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(BrokerProcess.command(jar));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    /// The options that lead to the broker.
    private List<String> way(String scheme) {
        int port = requireNonNull(broker).address().getPort();
        return switch (scheme) {
            case "mqtt", "ws" -> List.of("-L", scheme + "://127.0.0.1:" + port);
            case "unix" -> List.of("-L", "unix:" + socket);
            default ->
                    List.of(
                            "-L",
                            scheme + "://127.0.0.1:" + secure,
                            "--cafile",
                            certificates.resolve("ca.pem").toString());
        };
    }

    private static String[] line(List<String> way, String before, String after) {
        List<String> all = new ArrayList<>(List.of(before.split(" ")));
        all.addAll(way);
        all.addAll(List.of(after.split(" ")));
        return all.toArray(String[]::new);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqtt", "mqtts", "ws", "wss", "unix"})
    void a_message_goes_both_ways(String scheme, @TempDir Path folder) throws Exception {
        List<String> way = way(scheme);
        Path file = Files.writeString(folder.resolve("payload"), "x".repeat(300_000));

        Ended sent = sotto(line(way, "pub", "-q 2 -r -t way/" + scheme + " -f " + file));
        Ended got = sotto(line(way, "sub", "-q 2 -C 1 -W 20 -t way/" + scheme));

        assertThat(sent).isEqualTo(new Ended(0, ""));
        assertThat(got).isEqualTo(new Ended(0, "x".repeat(300_000) + "\n"));
    }

    @Test
    void a_path_without_a_websocket_is_told() throws Exception {
        String url = "ws://127.0.0.1:" + requireNonNull(broker).address().getPort() + "/elsewhere";

        Ended ended = sotto("pub", "-L", url, "-t", "a", "-m", "b");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output())
                .contains("no WebSocket at /elsewhere, the server says: HTTP/1.1 404");
    }

    @Test
    void a_certificate_of_nobody_is_refused_by_wss_too() throws Exception {
        Ended ended = sotto("pub", "-L", "wss://127.0.0.1:" + secure, "-t", "a", "-m", "b");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output()).startsWith("sotto: cannot reach the server: ");
    }

    @Test
    void what_was_retained_is_removed() throws Exception {
        List<String> way = way("mqtt");
        for (int i = 0; i < 3; i++) {
            sotto(line(way, "pub", "-q 1 -r -t gone/" + i + " -m " + i));
        }

        Ended first = sotto(line(way, "sub", "-t gone/# -C 3 -W 20 --remove-retained -v"));
        Ended second = sotto(line(way, "sub", "-t gone/# -W 1"));

        assertThat(first.output().lines())
                .containsExactlyInAnyOrder("gone/0 0", "gone/1 1", "gone/2 2");
        assertThat(second).isEqualTo(new Ended(27, "sotto: timed out\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pair mqtt -c 2 -q 1 --rate 500",
                "pair wss -q 2 --rate 200",
                "pair wss -q 1 --rate 120 -s 20000 -V 5",
                "fanin mqtts -q 1 --rate 120 -s 20000 --tls-version tlsv1.2",
                "fanout mqtts --rate max --window 20 --threads 2",
                "fanin unix --publishers 4 --subscribers 2 -q 1 --rate 500",
                "fanout ws --subscribers 5 --rate 100",
                "pub mqtts -q 1 --rate 300"
            })
    void a_measurement_finds_nothing_wrong(String what) throws Exception {
        String[] parts = what.split(" ", 3);
        List<String> way = new ArrayList<>(way(parts[1]));
        way.removeFirst();

        Ended ended =
                sotto(
                        line(
                                way,
                                "bench " + parts[0],
                                parts[2] + " -d 1 --warmup 0.5 --json --quiet"));

        JsonNode report = new ObjectMapper().readTree(ended.output());
        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(report.get("ok").asBoolean()).isTrue();
        assertThat(report.get("sent").asInt()).isGreaterThan(100);
    }

    @Test
    void subscribers_alone_see_what_others_publish() throws Exception {
        String address = "127.0.0.1:" + requireNonNull(broker).address().getPort();
        CompletableFuture<Ended> subscribing =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return sotto(
                                "bench",
                                "sub",
                                address,
                                "-t",
                                "alone/#",
                                "-c",
                                "2",
                                "-d",
                                "6",
                                "--warmup",
                                "0",
                                "--json",
                                "--quiet");
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });

        Ended publishing =
                sotto("bench", "pub", address, "--prefix", "alone", "-d", "3", "--rate", "200");

        JsonNode report = new ObjectMapper().readTree(subscribing.join().output());
        assertThat(publishing.status()).as(publishing.output()).isZero();
        assertThat(report.get("ok").asBoolean()).as(report.toString()).isTrue();
        assertThat(report.get("received").asInt()).isGreaterThan(100);
        assertThat(report.get("latency_us").get("count").asInt()).isPositive();
    }

    @Test
    void the_doctor_knows_a_sotto_that_runs_from_another_program(@TempDir Path folder)
            throws Exception {
        BrokerProcess other = requireNonNull(broker);

        Ended beside =
                sotto(
                        "doctor",
                        "--port",
                        Integer.toString(other.address().getPort()),
                        "--data",
                        folder.resolve("data").toString(),
                        "--json");

        JsonNode report = new ObjectMapper().readTree(beside.output());
        assertThat(beside.status()).as(beside.output()).isZero();
        assertThat(report.get("ok").asBoolean()).isTrue();
        assertThat(beside.output())
                .contains("is held by a Sotto that runs, process " + other.pid());
    }

    @Test
    void the_doctor_finds_the_store_of_a_broker_that_runs_in_use_and_whole() throws Exception {
        Ended ended =
                sotto("doctor", "--port", "0", "--data", requireNonNull(broker).data().toString());

        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(ended.output())
                .contains("is in use by a Sotto that runs, process " + requireNonNull(broker).pid())
                .contains("is whole")
                .contains("0 problems");
    }

    @Test
    void tree_and_top_show_what_was_published() throws Exception {
        List<String> way = way("mqtt");
        sotto(line(way, "pub", "-q 1 -r -t shown/a/b -m 21.5"));

        Ended tree = sotto(line(way, "tree", "-t shown/# --once -W 1"));
        Ended top = sotto(line(way, "top", "-t shown/# --once -W 1"));

        assertThat(tree)
                .isEqualTo(new Ended(0, "1 topic, 0 messages, -\nshown\n└─ a\n   └─ b  21.5\n"));
        assertThat(top.output())
                .containsPattern("(?m)^broker  .*clients.*\\n.*\\nseen    1 topic")
                .endsWith("  shown/a/b\n");
    }

    @Test
    void top_knows_the_clients_of_a_broker_of_the_same_user() throws Exception {
        BrokerProcess here = requireNonNull(broker);
        List<String> way = way("mqtt");
        String[] talk = line(way, "pub", "-i talker -t talk -m x --repeat 40 --repeat-delay 0.1");

        CompletableFuture<Ended> talking = CompletableFuture.supplyAsync(() -> ended(talk));
        sotto(line(way, "sub", "-t talk -C 1 -W 60"));
        Ended top = sotto(line(way, "top", "--once -W 1 -n 3 --data " + here.data()));

        assertThat(top.output())
                .contains(" client, of ")
                .containsPattern(
                        "(?m)^ +[0-9.]+/s +- +[0-9.]+ B/s   talker from 127.0.0.1:[0-9]+$");
        assertThat(talking.get().status()).isZero();
    }

    private Ended ended(String... arguments) {
        try {
            return sotto(arguments);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
