package io.sotto.client;

import static io.sotto.client.ScriptedServer.async;
import static io.sotto.client.ScriptedServer.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.client.ScriptedServer.Pair;
import io.sotto.client.ScriptedServer.Peer;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.TopicName;
import java.io.IOException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// H-BRG-01: a malicious server ends its client and nothing else.
@Timeout(30)
class HostileServerTest {
    private final ScriptedServer server;

    HostileServerTest() throws IOException {
        server = new ScriptedServer();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "a reserved flag in CONNACK, 20 03 02 00 00",
        "an unknown reason code, 20 03 00 7F 00",
        "a session in a refusal, 20 03 01 80 00",
        "an endless length, 20 FF FF FF FF",
        "a length in too many bytes, 20 83 00 00 00 00",
        "a packet beyond the maximum, 20 FF FF FF 7F",
        "PUBLISH first, 30 04 00 01 61 00",
        "packet type 0, 00 00",
        "a CONNECT, 10 00",
        "PINGRESP first, D0 00",
        "CONNACK with bytes left over, 20 04 00 00 00 00",
        "HTTP, 48 54 54 50 2F 31 2E 31"
    })
    void a_bad_answer_to_connect_is_refused(String what, String bytes) throws IOException {
        CompletableFuture<Client> client = async(() -> Client.connect(server.options()));
        Peer peer = server.accept();
        peer.expect(Connect.class);

        peer.sendBytes(bytes);

        assertThatThrownBy(() -> get(client))
                .as(what)
                .cause()
                .isInstanceOf(ClientException.class)
                .hasMessageContaining("broke a rule");
        peer.expectEnd();
    }

    @ClientSpec({"MQTT-3.3.1-4", "MQTT-3.3.2-2", "MQTT-1.5.4-1", "MQTT-3.14.2-1"})
    @ParameterizedTest
    @CsvSource({
        "a topic with a wildcard, 30 06 00 03 61 2F 23 00, 144",
        "a topic that is no UTF-8, 30 05 00 02 C0 80 00, 129",
        "QoS 3, 36 06 00 01 61 00 01 00, 129",
        "QoS 0 with DUP, 38 04 00 01 61 00, 129",
        "QoS 1 with packet identifier 0, 32 06 00 01 61 00 00 00, 130",
        "neither topic nor alias, 30 03 00 00 00, 130",
        "an unknown alias, 30 06 00 00 03 23 00 01, 148",
        "SUBACK to no request, 90 04 00 01 00 00, 130",
        "SUBACK without codes, 90 03 00 01 00, 130",
        "UNSUBACK to no request, B0 04 00 01 00 00, 130",
        "SUBSCRIBE, 82 07 00 01 00 00 01 61 00, 130",
        "PINGREQ, C0 00, 130",
        "a second CONNACK, 20 03 00 00 00, 130",
        "AUTH unasked, F0 00, 130",
        "DISCONNECT with a client's code, E0 01 04, 130",
        "an endless length, 30 FF FF FF FF, 129",
        "a packet beyond the maximum, 30 FF FF FF 7F, 149"
    })
    void a_broken_rule_ends_the_connection_with_its_code(String what, String bytes, int code)
            throws IOException {
        try (Pair pair = server.connect(server.options())) {
            pair.peer().sendBytes(bytes);

            assertThat(pair.peer().expect(Disconnect.class).reason().code())
                    .as(what)
                    .isEqualTo(code);
            pair.peer().expectEnd();
            assertThatThrownBy(() -> get(pair.client().ended()))
                    .hasMessageContaining("broke a rule");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"90 03 00 01 00", "90 05 00 01 00 00 00", "90 04 00 01 00 03"})
    void suback_without_the_right_codes_breaks_the_promise(String bytes) throws IOException {
        try (Pair pair = server.connect(server.options())) {
            CompletableFuture<?> granted =
                    async(() -> pair.client().subscribe("a", QoS.AT_MOST_ONCE));
            assertThat(pair.peer().expect(Subscribe.class).packetId()).isEqualTo(1);

            pair.peer().sendBytes(bytes);

            assertThatThrownBy(() -> get(granted)).hasMessageContaining("broke a rule");
        }
    }

    @Test
    void puback_for_qos_2_breaks_a_rule() throws IOException {
        try (Pair pair = server.connect(server.options())) {
            CompletableFuture<?> outcome =
                    async(() ->
                            pair.client()
                                    .publish(
                                            TopicName.of("a"),
                                            Payload.EMPTY,
                                            QoS.EXACTLY_ONCE,
                                            false));
            pair.peer().expect(Publish.class);

            pair.peer().sendBytes("40 02 00 01");

            assertThatThrownBy(() -> get(outcome)).hasMessageContaining("MQTT-3.3.4-1");
        }
    }

    @Test
    void before_5_0_a_broken_rule_just_ends_the_connection() throws IOException {
        ClientOptions options = server.options().version(ProtocolVersion.MQTT_3_1_1);
        try (Pair pair = server.connect(options)) {
            pair.peer().sendBytes("E0 00");

            pair.peer().expectEnd();
        }
    }

    @Test
    void an_announced_length_costs_no_memory_before_it_arrives() throws IOException {
        try (Pair pair = server.connect(server.options())) {
            // 16 MiB less a few, of which ten bytes come.
            pair.peer().sendBytes("30 F0 FF FF 07 00 01 61 00 00 00 00 00 00 00");
            pair.peer().close();

            assertThatThrownBy(() -> get(pair.client().ended())).hasMessageContaining("connection");
        }
    }

    @Test
    void random_bytes_end_the_client_with_an_exception_and_no_fault() throws IOException {
        long seed = System.nanoTime();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int i = 0; i < 100; i++) {
            Pair pair = server.connect(server.options());
            byte[] bytes = new byte[1 + random.nextInt(60)];
            random.nextBytes(bytes);

            pair.peer().sendBytes(HexFormat.of().formatHex(bytes));
            pair.peer().close();

            assertThatThrownBy(() -> get(pair.client().ended()))
                    .as("seed %d round %d", seed, i)
                    .cause()
                    .isInstanceOf(ClientException.class)
                    .hasMessageNotContaining("fault of the client");
        }
    }
}
