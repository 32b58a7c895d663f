package io.sotto.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Authenticator.Accepted;
import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.Pass;
import io.sotto.broker.spi.Principal;
import io.sotto.mqtt.Auth;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.SubAck;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a login brought along: until when it holds, and rights of its own.
class PassTest {
    private static final QoS ONE = QoS.AT_LEAST_ONCE;

    private Pass pass = Pass.NONE;
    private final TestBroker broker =
            new TestBroker(
                    BrokerSettings.DEFAULT,
                    new ByPass(),
                    (login, answer) ->
                            answer.accept(new Accepted(new Principal("ann"), null, pass)));

    /// Asks what the login brought along, and allows everything where that is nothing.
    private static final class ByPass implements Authorizer {
        private static Authorizer of(Subject subject) {
            Authorizer own = subject.pass().rights();
            return own == null ? Authorizer.ALLOW_ALL : own;
        }

        @Override
        public boolean mayPublish(Subject subject, TopicName topic, QoS qos, boolean retain) {
            return of(subject).mayPublish(subject, topic, qos, retain);
        }

        @Override
        public boolean maySubscribe(Subject subject, TopicFilter filter, QoS qos) {
            return of(subject).maySubscribe(subject, filter, qos);
        }

        @Override
        public boolean mayReceive(Subject subject, TopicName topic) {
            return of(subject).mayReceive(subject, topic);
        }

        @Override
        public int version() {
            return 0;
        }
    }

    /// Allows one topic.
    private record Only(String topic) implements Authorizer {
        @Override
        public boolean mayPublish(Subject subject, TopicName name, QoS qos, boolean retain) {
            return name.toString().equals(topic);
        }

        @Override
        public boolean maySubscribe(Subject subject, TopicFilter filter, QoS qos) {
            return filter.toString().equals(topic);
        }

        @Override
        public boolean mayReceive(Subject subject, TopicName name) {
            return name.toString().equals(topic);
        }

        @Override
        public int version() {
            return 0;
        }
    }

    private TestClient enhanced() {
        TestClient client = new TestClient(broker, ProtocolVersion.MQTT_5);
        client.send(
                new Connect(
                        ProtocolVersion.MQTT_5,
                        false,
                        true,
                        0,
                        "lamp",
                        null,
                        null,
                        null,
                        new Connect.Properties(
                                0, 65_535, 0, 0, false, true, List.of(), "JWT", null)));
        client.take();
        return client;
    }

    private static Auth again() {
        return new Auth(ReasonCode.RE_AUTHENTICATE, "JWT", null, Diagnostics.NONE);
    }

    private static ReasonCode answer(TestClient client, String topic) {
        client.publish(topic, "x", ONE);
        return client.take().stream()
                .filter(PubAck.class::isInstance)
                .map(packet -> ((PubAck) packet).reason())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_connection_ends_when_its_login_does() {
        pass = new Pass("token", null, 5_000);
        TestClient five = new TestClient(broker, ProtocolVersion.MQTT_5).connect("a", true, 0);
        TestClient three = new TestClient(broker, ProtocolVersion.MQTT_3_1_1).connect("b", true, 0);
        five.take();
        three.take();

        broker.sleep(4_900);
        assertThat(five.isClosed() || three.isClosed()).isFalse();
        broker.sleep(200);

        assertThat(five.isClosed() && three.isClosed()).isTrue();
        assertThat(three.take()).isEmpty();
        assertThat(five.take())
                .singleElement()
                .isInstanceOfSatisfying(
                        Disconnect.class,
                        end -> assertThat(end.reason()).isEqualTo(ReasonCode.MAXIMUM_CONNECT_TIME));
    }

    @Test
    void a_new_token_in_time_moves_the_end() {
        pass = new Pass("token", null, 5_000);
        TestClient client = enhanced();
        broker.sleep(4_000);

        pass = new Pass("token", null, 6_000);
        client.send(again());
        List<Packet> told = client.take();
        broker.sleep(5_900);

        assertThat(told)
                .singleElement()
                .isInstanceOfSatisfying(
                        Auth.class,
                        auth -> assertThat(auth.reason()).isEqualTo(ReasonCode.SUCCESS));
        assertThat(client.isClosed()).isFalse();
        broker.sleep(200);
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void another_token_brings_other_rights() {
        pass = new Pass("token", new Only("a"), 0);
        TestClient client = enhanced();
        client.subscribe("a", ONE);
        assertThat(client.take()).hasAtLeastOneElementOfType(SubAck.class);
        assertThat(answer(client, "a")).isEqualTo(ReasonCode.SUCCESS);
        assertThat(answer(client, "b")).isEqualTo(ReasonCode.NOT_AUTHORIZED);

        pass = new Pass("token", new Only("b"), 0);
        client.send(again());
        client.take();
        TestClient other = new TestClient(broker, ProtocolVersion.MQTT_5);
        pass = Pass.NONE;
        other.connect("other", true, 0).publish("a", "unheard", ONE);

        assertThat(client.take()).noneMatch(Publish.class::isInstance);
        assertThat(answer(client, "b")).isNotEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(answer(client, "a")).isEqualTo(ReasonCode.NOT_AUTHORIZED);
    }
}
