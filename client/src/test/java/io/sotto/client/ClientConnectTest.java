package io.sotto.client;

import static io.sotto.client.ScriptedServer.async;
import static io.sotto.client.ScriptedServer.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sotto.client.ScriptedServer.Pair;
import io.sotto.client.ScriptedServer.Peer;
import io.sotto.mqtt.Auth;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.PingResp;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Will;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class ClientConnectTest {
    private final ScriptedServer server;

    ClientConnectTest() throws IOException {
        server = new ScriptedServer();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @ClientSpec({
        "MQTT-3.1.0-1",
        "MQTT-3.1.3-1",
        "MQTT-3.1.2-9",
        "MQTT-3.1.2-17",
        "MQTT-3.1.2-19",
        "MQTT3-3.1.0-1",
        "MQTT3-3.1.2-9",
        "MQTT3-3.1.2-19",
        "MQTT3-3.1.2-21"
    })
    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void connect_comes_first_and_says_who_connects(ProtocolVersion version) throws IOException {
        Will will =
                new Will(
                        TopicName.of("gone"),
                        Payload.of("bye"),
                        QoS.AT_LEAST_ONCE,
                        true,
                        0,
                        PublishProperties.NONE);
        ClientOptions options =
                server.options()
                        .version(version)
                        .will(will)
                        .login("user", Payload.of("secret"))
                        .keepAlive(Duration.ofMillis(59_500));

        try (Pair pair = server.connect(options)) {
            assertThat(pair.connect().version()).isEqualTo(version);
            assertThat(pair.connect().clientId()).isEqualTo("c");
            assertThat(pair.connect().cleanStart()).isTrue();
            assertThat(pair.connect().keepAlive()).isEqualTo(60);
            assertThat(pair.connect().will()).isEqualTo(will);
            assertThat(pair.connect().userName()).isEqualTo("user");
            assertThat(pair.connect().password()).isEqualTo(Payload.of("secret"));
            assertThat(pair.client().isConnected()).isTrue();
        }
    }

    @ClientSpec({"MQTT3-3.1.3-7", "MQTT3-3.1.2-22"})
    @Test
    void what_a_version_does_not_allow_is_not_sent() {
        ClientOptions older = server.options().version(ProtocolVersion.MQTT_3_1_1);

        assertThatThrownBy(() -> Client.connect(older.clientId("").cleanStart(false)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Client.connect(older.login(null, Payload.of("secret"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_assigned_identifier_is_the_clients() throws IOException {
        ConnAck.Properties assigned = new Offer().assigned("given").done();

        try (Pair pair = server.connect(server.options().clientId(""), assigned)) {
            assertThat(pair.client().clientId()).isEqualTo("given");
        }
    }

    @Test
    void a_refusal_carries_the_servers_reason() throws IOException {
        CompletableFuture<Client> client = async(() -> Client.connect(server.options()));
        Peer peer = server.accept();
        peer.expect(Connect.class);

        peer.send(ConnAck.refused(ReasonCode.BANNED, "go\naway"));

        CompletionException thrown =
                catchThrowableOfType(CompletionException.class, () -> get(client));
        assertThat(thrown.getCause())
                .isInstanceOfSatisfying(
                        ClientException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(ReasonCode.BANNED))
                .hasMessageContaining("go?away");
        peer.expectEnd();
    }

    @Test
    void a_server_that_says_nothing_is_left() throws IOException {
        ClientOptions options =
                server.options().limits(ClientLimits.DEFAULT.timeout(Duration.ofMillis(50)));

        assertThatThrownBy(() -> Client.connect(options)).hasMessageContaining("no CONNACK");

        Peer peer = server.accept();
        peer.expect(Connect.class);
        peer.expectEnd();
    }

    @Test
    void nobody_there_is_said_so() throws IOException {
        server.close();

        assertThatThrownBy(() -> Client.connect(server.options()))
                .isInstanceOf(ClientException.class)
                .hasMessageContaining("cannot reach the server");
    }

    @ClientSpec({"MQTT-3.14.4-1", "MQTT-3.14.4-2"})
    @Test
    void disconnect_is_the_last_packet() throws IOException {
        Pair pair = server.connect(server.options());

        CompletableFuture<Boolean> closed =
                async(() -> {
                    pair.client().close();
                    return true;
                });

        assertThat(pair.peer().expect(Disconnect.class).reason()).isEqualTo(ReasonCode.SUCCESS);
        pair.peer().expectEnd();
        pair.peer().close();
        assertThat(get(closed)).isTrue();
        assertThat(pair.client().ended()).isCompleted();
        assertThatThrownBy(() -> pair.client().receive(Duration.ZERO))
                .hasMessageContaining("closed");
    }

    @Test
    void closing_ends_within_its_bound_when_the_server_does_not() throws IOException {
        Pair pair = server.connect(server.options());

        pair.client().close();

        assertThat(pair.client().ended()).isCompleted();
        pair.peer().close();
    }

    @Test
    void aborting_says_nothing() throws IOException {
        Pair pair = server.connect(server.options());

        pair.client().abort();

        pair.peer().expectEnd();
    }

    @Test
    void the_servers_disconnect_is_told_with_its_reason() throws IOException {
        try (Pair pair = server.connect(server.options())) {
            CompletableFuture<?> waiting =
                    async(() -> pair.client().receive(ScriptedServer.PATIENCE));

            pair.peer().send(Disconnect.because(ReasonCode.ADMINISTRATIVE_ACTION, "maintenance"));

            assertThatThrownBy(() -> get(waiting)).hasMessageContaining("maintenance");
            assertThatThrownBy(() -> get(pair.client().ended()))
                    .cause()
                    .isInstanceOfSatisfying(
                            ClientException.class,
                            end ->
                                    assertThat(end.reason())
                                            .isEqualTo(ReasonCode.ADMINISTRATIVE_ACTION));
        }
    }

    @ClientSpec({"MQTT-3.1.2-20", "MQTT3-3.1.2-23"})
    @Test
    void a_silent_client_pings() throws IOException {
        try (Pair pair = server.connect(server.options().keepAlive(Duration.ofMillis(40)))) {
            assertThat(pair.connect().keepAlive()).isEqualTo(1);
            pair.peer().expect(PingReq.class);
            pair.peer().send(PingResp.INSTANCE);
            pair.peer().expect(PingReq.class);
            pair.peer().send(PingResp.INSTANCE);
            assertThat(pair.client().isConnected()).isTrue();
        }
    }

    @Test
    void a_server_without_pingresp_is_left() throws IOException {
        try (Pair pair = server.connect(server.options().keepAlive(Duration.ofMillis(40)))) {
            pair.peer().expect(PingReq.class);

            assertThatThrownBy(() -> get(pair.client().ended()))
                    .hasMessageContaining("no PINGRESP");
        }
    }

    @ClientSpec({"MQTT-3.1.2-21", "MQTT-3.2.2-21"})
    @Test
    void the_servers_keep_alive_holds() throws IOException {
        ClientOptions options = server.options().keepAlive(Duration.ofHours(1));

        try (Pair pair = server.connect(options, new Offer().keepAlive(1).done())) {
            pair.peer().expect(PingReq.class);
        }
    }

    @ClientSpec({"MQTT-4.12.0-3", "MQTT-4.12.0-5", "MQTT-3.1.2-30"})
    @Test
    void a_challenge_is_answered_with_the_same_method() throws IOException {
        CompletableFuture<Client> client =
                async(() -> Client.connect(server.options().authentication(new Echo())));
        Peer peer = server.accept();
        Connect connect = peer.expect(Connect.class);
        assertThat(connect.properties().authenticationMethod()).isEqualTo("ECHO");

        peer.send(challenge("ECHO"));
        Auth answer = peer.expect(Auth.class);
        assertThat(answer.reason()).isEqualTo(ReasonCode.CONTINUE_AUTHENTICATION);
        assertThat(answer.authenticationMethod()).isEqualTo("ECHO");
        assertThat(answer.authenticationData()).isEqualTo(Payload.of("challenge"));
        peer.send(challenge("OTHER"));

        assertThatThrownBy(() -> get(client)).hasMessageContaining("MQTT-4.12.0-5");
        peer.expectEnd();
    }

    @ClientSpec("MQTT-4.12.0-7")
    @Test
    void without_a_method_auth_is_not_answered() throws IOException {
        CompletableFuture<Client> client = async(() -> Client.connect(server.options()));
        Peer peer = server.accept();
        peer.expect(Connect.class);

        peer.send(challenge("ECHO"));

        assertThatThrownBy(() -> get(client)).hasMessageContaining("AUTH");
        peer.expectEnd();
    }

    private static Auth challenge(String method) {
        return new Auth(
                ReasonCode.CONTINUE_AUTHENTICATION,
                method,
                Payload.of("challenge"),
                Diagnostics.NONE);
    }

    private static final class Echo implements Authentication {
        @Override
        public String method() {
            return "ECHO";
        }

        @Override
        public @Nullable Payload first() {
            return null;
        }

        @Override
        public @Nullable Payload answer(@Nullable Payload challenge) {
            return challenge;
        }
    }
}
