package io.sotto.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.MountPoint;
import io.sotto.broker.spi.Origin;
import io.sotto.broker.spi.Terms;
import io.sotto.broker.spi.Terms.ClientIds;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.ReasonCode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What a listener asks of its clients, beside who they are.
class TermsTest {
    private static final ProtocolVersion FIVE = ProtocolVersion.MQTT_5;

    private final TestBroker broker = new TestBroker(BrokerSettings.DEFAULT, Authorizer.ALLOW_ALL);

    private TestClient at(Terms terms, ProtocolVersion version) {
        return new TestClient(
                broker, version, new Origin("house", "10.0.0.7", 1, true, null, terms));
    }

    private static Terms named() {
        return new Terms(
                Terms.DEFAULT.versions(), ClientIds.USER_NAME, "auto-", MountPoint.NONE, List.of());
    }

    private static ConnAck connect(
            TestClient client, ProtocolVersion version, String id, @Nullable String user) {
        client.send(
                new Connect(
                        version,
                        false,
                        true,
                        0,
                        id,
                        null,
                        user,
                        user == null ? null : Payload.of("right"),
                        new Connect.Properties(
                                0, 65_535, 0, 0, false, true, List.of(), null, null)));
        List<Packet> got = client.take();
        assertThat(got).hasSize(1);
        return (ConnAck) got.getFirst();
    }

    @Test
    void a_version_that_is_not_served_is_refused() {
        Terms modern = new Terms(Set.of(FIVE), ClientIds.OWN, "auto-", MountPoint.NONE, List.of());
        Terms old =
                new Terms(
                        Set.of(ProtocolVersion.MQTT_3_1_1),
                        ClientIds.OWN,
                        "auto-",
                        MountPoint.NONE,
                        List.of());

        assertThat(connect(at(modern, FIVE), FIVE, "a", null).reason())
                .isEqualTo(ReasonCode.SUCCESS);
        assertThat(connect(at(old, FIVE), FIVE, "b", null).reason())
                .isEqualTo(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION);
        TestClient three = at(modern, ProtocolVersion.MQTT_3_1_1);
        assertThat(connect(three, ProtocolVersion.MQTT_3_1_1, "c", null).reason())
                .isEqualTo(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION);
        assertThat(three.isClosed()).isTrue();
    }

    @Test
    void the_user_name_is_the_client_id_whatever_the_client_says() {
        TestClient first = at(named(), FIVE);
        connect(first, FIVE, "somebody-else", "ann");
        TestClient second = at(named(), FIVE);

        ConnAck answer = connect(second, FIVE, "", "ann");

        assertThat(answer.reason()).isEqualTo(ReasonCode.SUCCESS);
        assertThat(answer.properties().assignedClientIdentifier()).isEqualTo("ann");
        assertThat(first.isClosed()).isTrue();
        assertThat(broker.shard().sessionCount()).isEqualTo(1);
    }

    @Test
    void without_a_user_name_there_is_no_client_id() {
        assertThat(connect(at(named(), FIVE), FIVE, "ann", null).reason())
                .isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
    }

    @Test
    void ids_that_the_broker_gives_begin_as_is_said() {
        Terms terms =
                new Terms(
                        Terms.DEFAULT.versions(),
                        ClientIds.OWN,
                        "house-",
                        MountPoint.NONE,
                        List.of());

        assertThat(connect(at(terms, FIVE), FIVE, "", null).properties().assignedClientIdentifier())
                .startsWith("house-");
    }

    @Test
    void an_id_that_begins_otherwise_is_refused_also_where_the_broker_gives_it() {
        Terms like = Terms.DEFAULT;
        List<String> beginnings = List.of("house-", "garden-");
        Terms terms =
                new Terms(like.versions(), ClientIds.OWN, "auto-", MountPoint.NONE, beginnings);
        Terms giving =
                new Terms(like.versions(), ClientIds.OWN, "house-", MountPoint.NONE, beginnings);
        ProtocolVersion old = ProtocolVersion.MQTT_3_1_1;

        assertThat(connect(at(terms, FIVE), FIVE, "garden-lamp", null).reason())
                .isEqualTo(ReasonCode.SUCCESS);
        assertThat(connect(at(giving, FIVE), FIVE, "", null).reason())
                .isEqualTo(ReasonCode.SUCCESS);
        assertThat(connect(at(terms, FIVE), FIVE, "lamp", null).reason())
                .isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
        assertThat(connect(at(terms, FIVE), FIVE, "", null).reason())
                .isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
        assertThat(connect(at(terms, old), old, "lamp", null).reason())
                .isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
    }
}
