package io.sotto.client;

import static io.sotto.client.ScriptedServer.async;
import static io.sotto.client.ScriptedServer.get;
import static io.sotto.client.ScriptedServer.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.client.ScriptedServer.Pair;
import io.sotto.client.ScriptedServer.Peer;
import io.sotto.mqtt.Auth;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.PubComp;
import io.sotto.mqtt.PubRec;
import io.sotto.mqtt.PubRel;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import java.io.IOException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the client says of itself beside what it has to: nothing, so that no packet of its becomes
/// larger than the server takes.
@Timeout(30)
class ClientWordsTest {
    private final ScriptedServer server;

    ClientWordsTest() throws IOException {
        server = new ScriptedServer();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @ClientSpec({
        "MQTT-3.4.2-1", "MQTT-3.4.2-2", "MQTT-3.4.2-3", "MQTT-3.5.2-1", "MQTT-3.5.2-2",
        "MQTT-3.5.2-3", "MQTT-3.6.2-1", "MQTT-3.6.2-2", "MQTT-3.6.2-3", "MQTT-3.7.2-1",
        "MQTT-3.7.2-2", "MQTT-3.7.2-3"
    })
    @Test
    void acknowledgements_have_codes_of_their_tables_and_no_words() throws IOException {
        try (Pair pair = server.connect(server.options(), new Offer().packetSize(20).done())) {
            Peer peer = pair.peer();
            peer.send(publish("a", QoS.AT_LEAST_ONCE, 7), publish("b", QoS.EXACTLY_ONCE, 8));
            pair.client().receive(ScriptedServer.PATIENCE);
            pair.client().receive(ScriptedServer.PATIENCE);

            assertThat(peer.expect(PubAck.class))
                    .isEqualTo(new PubAck(7, ReasonCode.SUCCESS, Diagnostics.NONE));
            assertThat(peer.expect(PubRec.class))
                    .isEqualTo(new PubRec(8, ReasonCode.SUCCESS, Diagnostics.NONE));
            peer.send(new PubRel(8), new PubRel(9), new PubRec(10));
            assertThat(peer.expect(PubComp.class))
                    .isEqualTo(new PubComp(8, ReasonCode.SUCCESS, Diagnostics.NONE));
            ReasonCode unknown = ReasonCode.PACKET_IDENTIFIER_NOT_FOUND;
            assertThat(peer.expect(PubComp.class))
                    .isEqualTo(new PubComp(9, unknown, Diagnostics.NONE));
            assertThat(peer.expect(PubRel.class))
                    .isEqualTo(new PubRel(10, unknown, Diagnostics.NONE));
        }
    }

    @ClientSpec({"MQTT-3.14.2-1", "MQTT-3.14.2-3", "MQTT-3.14.2-4"})
    @Test
    void disconnect_has_a_code_of_its_table_and_no_words() throws IOException {
        try (Pair pair = server.connect(server.options(), new Offer().packetSize(10).done())) {
            pair.peer().sendBytes("c0 00");

            assertThat(HexFormat.of().formatHex(pair.peer().raw())).isEqualTo("e00182");
        }
    }

    @ClientSpec({"MQTT-3.15.2-1", "MQTT-3.15.2-2", "MQTT-3.15.2-3", "MQTT-4.12.0-3"})
    @Test
    void auth_goes_on_with_0x18_and_no_words() throws IOException {
        CompletableFuture<Client> client =
                async(() -> Client.connect(server.options().authentication(new Word())));
        try (Peer peer = server.accept()) {
            peer.expect(Connect.class);

            peer.send(
                    new Auth(
                            ReasonCode.CONTINUE_AUTHENTICATION,
                            "WORD",
                            Payload.of("?"),
                            Diagnostics.NONE));

            assertThat(peer.expect(Auth.class))
                    .isEqualTo(
                            new Auth(
                                    ReasonCode.CONTINUE_AUTHENTICATION,
                                    "WORD",
                                    Payload.of("!"),
                                    Diagnostics.NONE));
        }
        assertThatThrownBy(() -> get(client)).isNotNull();
    }

    private static final class Word implements Authentication {
        @Override
        public String method() {
            return "WORD";
        }

        @Override
        public @Nullable Payload first() {
            return null;
        }

        @Override
        public @Nullable Payload answer(@Nullable Payload challenge) {
            return Payload.of("!");
        }
    }
}
