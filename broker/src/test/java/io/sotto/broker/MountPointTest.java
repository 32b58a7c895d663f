package io.sotto.broker;

import static io.sotto.mqtt.QoS.AT_LEAST_ONCE;
import static io.sotto.mqtt.QoS.AT_MOST_ONCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.DropReason;
import io.sotto.broker.spi.MountPoint;
import io.sotto.broker.spi.Origin;
import io.sotto.broker.spi.Terms;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.SubAck;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.UnsubAck;
import io.sotto.mqtt.Unsubscribe;
import io.sotto.mqtt.Will;
import io.sotto.mqtt.codec.DecoderLimits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MountPointTest {
    private final TestBroker broker = new TestBroker();

    private static TestClient at(TestBroker broker, String prefix, ProtocolVersion version) {
        Terms like = Terms.DEFAULT;
        Terms terms =
                new Terms(
                        like.versions(),
                        like.clientIds(),
                        like.idPrefix(),
                        new MountPoint(prefix),
                        List.of());
        return new TestClient(broker, version, new Origin("l", "10.0.0.7", 1, true, null, terms));
    }

    private TestClient at(String prefix, String clientId) {
        return at(broker, prefix, ProtocolVersion.MQTT_5).connect(clientId, true, 100);
    }

    private static List<String> topics(TestClient client) {
        return client.take().stream()
                .filter(Publish.class::isInstance)
                .map(packet -> ((Publish) packet).topic().toString())
                .toList();
    }

    private static Publish aliased(String topic, int alias) {
        return new Publish(
                topic.isEmpty() ? TopicName.ABSENT : TopicName.of(topic),
                Payload.of("x"),
                AT_MOST_ONCE,
                false,
                false,
                0,
                alias,
                List.of(),
                PublishProperties.NONE);
    }

    @Test
    void a_client_says_and_is_told_topics_without_the_prefix() {
        TestClient inside = at("house/", "in").subscribe("lamp", AT_LEAST_ONCE);
        TestClient neighbour = at("garden/", "n").subscribe("#", AT_LEAST_ONCE);
        TestClient outside = at("", "out").subscribe("#", AT_LEAST_ONCE);

        outside.publish("house/lamp", "on", AT_LEAST_ONCE);
        inside.publish("lamp", "off", AT_LEAST_ONCE);
        outside.publish("lamp", "another", AT_LEAST_ONCE);

        assertThat(topics(inside)).containsExactly("lamp", "lamp");
        assertThat(topics(outside)).containsExactly("house/lamp", "house/lamp", "lamp");
        assertThat(topics(neighbour)).isEmpty();
    }

    @Test
    void of_one_message_everybody_gets_the_name_of_his_own_mount_point() {
        List<TestClient> clients = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (ProtocolVersion version :
                List.of(ProtocolVersion.MQTT_5, ProtocolVersion.MQTT_3_1_1)) {
            for (QoS qos : List.of(AT_MOST_ONCE, AT_LEAST_ONCE)) {
                for (String prefix : List.of("", "a/", "a/b", "a/", "", "a/b/", "a/b/")) {
                    clients.add(
                            at(broker, prefix, version)
                                    .connect("c" + clients.size(), true, 0)
                                    .subscribe("a/b/c".substring(prefix.length()), qos));
                    expected.add("a/b/c".substring(prefix.length()));
                }
            }
        }

        at("", "p").publish("a/b/c", "x", AT_LEAST_ONCE);

        assertThat(clients)
                .extracting(client -> String.join(" ", topics(client)))
                .containsExactlyElementsOf(expected);
    }

    @Test
    void a_topic_alias_stands_for_the_name_in_both_directions() {
        TestClient outside = at("", "out").subscribe("house/#", AT_MOST_ONCE);
        TestClient inside = at(broker, "house/", ProtocolVersion.MQTT_5);
        inside.send(
                new Connect(
                        ProtocolVersion.MQTT_5,
                        false,
                        true,
                        0,
                        "in",
                        null,
                        null,
                        null,
                        new Connect.Properties(0, 100, 0, 5, false, true, List.of(), null, null)));
        inside.subscribe("#", AT_MOST_ONCE).take();

        inside.send(aliased("lamp", 3)).send(aliased("", 3));

        assertThat(topics(outside)).containsExactly("house/lamp", "house/lamp");
        assertThat(inside.take())
                .map(Publish.class::cast)
                .extracting(publish -> publish.topic() + ":" + publish.topicAlias())
                .containsExactly("lamp:1", ":1");
    }

    @Test
    void a_will_is_below_the_prefix_too() {
        TestClient outside = at("", "out").subscribe("#", AT_MOST_ONCE);
        Will will =
                new Will(
                        TopicName.of("gone"),
                        Payload.of("x"),
                        AT_MOST_ONCE,
                        false,
                        0,
                        PublishProperties.NONE);

        at(broker, "house/", ProtocolVersion.MQTT_5).connect("in", true, 0, will).lose();

        assertThat(topics(outside)).containsExactly("house/gone");
    }

    @Test
    void retained_messages_and_share_groups_are_below_the_prefix() {
        TestClient outside = at("", "out");
        outside.publish("house/r", "x", AT_LEAST_ONCE, true);
        outside.publish("r", "x", AT_LEAST_ONCE, true);
        TestClient inside = at("house/", "in").subscribe("+", AT_LEAST_ONCE);
        TestClient member = at("house/", "m").subscribe("$share/g/s", AT_LEAST_ONCE);

        outside.publish("house/s", "x", AT_LEAST_ONCE);

        assertThat(topics(inside)).containsExactly("r", "s");
        assertThat(topics(member)).containsExactly("s");
    }

    @Test
    void a_subscription_ends_by_the_filter_by_which_it_began() {
        TestClient inside = at("house/", "in").subscribe("lamp", AT_LEAST_ONCE);
        inside.take();

        inside.send(new Unsubscribe(2, List.of(), List.of("lamp", "house/lamp")));

        assertThat(((UnsubAck) inside.take().getFirst()).reasons())
                .containsExactly(ReasonCode.SUCCESS, ReasonCode.NO_SUBSCRIPTION_EXISTED);
        at("", "out").publish("house/lamp", "x", AT_LEAST_ONCE);
        assertThat(topics(inside)).isEmpty();
    }

    @Test
    void a_filter_is_judged_as_the_client_wrote_it() {
        TestClient inside = at("house/", "in");
        inside.take();

        inside.subscribe("a#", AT_LEAST_ONCE);

        assertThat(((SubAck) inside.take().getFirst()).reasons())
                .containsExactly(ReasonCode.TOPIC_FILTER_INVALID);
    }

    @Test
    void what_has_no_name_at_the_mount_point_is_not_handed_out() {
        TestClient inside = at("house/", "in").subscribe("#", AT_LEAST_ONCE);

        at("", "out").publish("house", "x", AT_LEAST_ONCE);

        assertThat(topics(inside)).isEmpty();
        assertThat(broker.shard().ledger().drops(DropReason.NOT_AUTHORIZED)).isEqualTo(1);
    }

    @Test
    void a_session_keeps_whole_topics_and_shows_them_where_its_client_comes_back() {
        at("house/", "in").subscribe("#", AT_LEAST_ONCE).lose();
        at("", "out").publish("house/lamp", "x", AT_LEAST_ONCE);

        TestClient back = at(broker, "", ProtocolVersion.MQTT_5).connect("in", false, 100);
        List<String> whole = topics(back);
        back.lose();
        TestClient elsewhere =
                at(broker, "garden/", ProtocolVersion.MQTT_5).connect("in", false, 100);

        assertThat(whole).containsExactly("house/lamp");
        assertThat(topics(elsewhere)).isEmpty();
    }

    @Test
    void nobody_speaks_for_the_broker_to_the_others_at_the_mount_point() {
        TestClient other = at("house/", "other").subscribe("$SYS/#", AT_LEAST_ONCE);
        TestClient inside = at("house/", "in");
        Will will =
                new Will(
                        TopicName.of("$SYS/broker/version"),
                        Payload.of("x"),
                        AT_MOST_ONCE,
                        false,
                        0,
                        PublishProperties.NONE);
        TestClient willing = at(broker, "house/", ProtocolVersion.MQTT_5);

        inside.publish("$SYS/broker/version", "x", AT_LEAST_ONCE);
        willing.connect("w", true, 0, will);

        assertThat(((PubAck) inside.take().getLast()).reason())
                .isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(willing.connAck().reason()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(topics(other)).isEmpty();
    }

    @Test
    void what_becomes_too_long_is_refused() {
        BrokerSettings like = BrokerSettings.DEFAULT;
        DecoderLimits limits = like.decoder();
        TestBroker narrow =
                new TestBroker(
                        new BrokerSettings(
                                new DecoderLimits(
                                        limits.connectSize(),
                                        limits.packetSize(),
                                        limits.userProperties(),
                                        limits.filters(),
                                        new TopicLimits(10, 128, false)),
                                like.queue(),
                                like.clients(),
                                like.capabilities(),
                                like.quotas(),
                                like.keeping(),
                                0),
                        Authorizer.ALLOW_ALL);
        TestClient inside = at(narrow, "house/", ProtocolVersion.MQTT_5).connect("in", true, 0);
        Will will =
                new Will(
                        TopicName.of("seven.."),
                        Payload.of("x"),
                        AT_MOST_ONCE,
                        false,
                        0,
                        PublishProperties.NONE);

        inside.subscribe("seven..", AT_MOST_ONCE);
        SubAck subAck = (SubAck) inside.take().getLast();
        inside.publish("seven..", "x", AT_MOST_ONCE);
        TestClient willing = at(narrow, "house/", ProtocolVersion.MQTT_5);
        willing.connect("w", true, 0, will);

        assertThat(subAck.reasons()).containsExactly(ReasonCode.TOPIC_FILTER_INVALID);
        assertThat(((Disconnect) inside.take().getFirst()).reason())
                .isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
        assertThat(willing.connAck().reason()).isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
    }

    @Test
    void rights_are_about_whole_topics() {
        List<String> asked = new ArrayList<>();
        TestBroker judged = new TestBroker(BrokerSettings.DEFAULT, new Judge(asked));
        TestClient inside = at(judged, "house/", ProtocolVersion.MQTT_5).connect("in", true, 0);

        inside.subscribe("lamp", AT_LEAST_ONCE).publish("lamp", "x", AT_LEAST_ONCE);
        inside.publish("safe", "x", AT_LEAST_ONCE);

        assertThat(asked).contains("house/lamp", "house/safe").doesNotContain("lamp", "safe");
        assertThat(((PubAck) inside.take().getLast()).reason())
                .isEqualTo(ReasonCode.NOT_AUTHORIZED);
    }

    /// Allows everything but `house/safe`, and remembers what it was asked about.
    private record Judge(List<String> asked) implements Authorizer {
        private boolean answer(@Nullable Object about) {
            asked.add(String.valueOf(about));
            return !String.valueOf(about).equals("house/safe");
        }

        @Override
        public boolean mayPublish(Subject subject, TopicName topic, QoS qos, boolean retain) {
            return answer(topic);
        }

        @Override
        public boolean maySubscribe(Subject subject, TopicFilter filter, QoS qos) {
            return answer(filter);
        }

        @Override
        public boolean mayReceive(Subject subject, TopicName topic) {
            return answer(topic);
        }

        @Override
        public int version() {
            return 0;
        }
    }
}
