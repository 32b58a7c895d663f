package io.sotto.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.session.QueueLimits;
import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.DropReason;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.PubComp;
import io.sotto.mqtt.PubRec;
import io.sotto.mqtt.PubRel;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Will;
import java.util.List;
import org.junit.jupiter.api.Test;

class BrokerTest {
    private static final QoS ONE = QoS.AT_LEAST_ONCE;
    private static final QoS TWO = QoS.EXACTLY_ONCE;

    private static Will will(long delay) {
        return new Will(
                TopicName.of("wills"),
                Payload.of("gone"),
                QoS.AT_MOST_ONCE,
                false,
                delay,
                PublishProperties.NONE);
    }

    @Test
    void a_message_reaches_whoever_subscribed_and_nobody_else() {
        TestBroker broker = new TestBroker();
        TestClient subscriber =
                broker.modern().connect("s", true, 0).subscribe("home/+/temperature", ONE);
        TestClient other = broker.old().connect("o", true, 0).subscribe("garden/#", ONE);

        TestClient publisher =
                broker.old().connect("p", true, 0).publish("home/attic/temperature", "21", ONE);

        assertThat(subscriber.messages()).containsExactly("21");
        assertThat(other.messages()).isEmpty();
        assertThat(publisher.take()).contains(new PubAck(7));
    }

    @Test
    void a_publisher_learns_that_nobody_subscribed() {
        TestBroker broker = new TestBroker();

        TestClient publisher = broker.modern().connect("p", true, 0).publish("nowhere", "x", ONE);

        assertThat(publisher.take())
                .contains(new PubAck(7, ReasonCode.NO_MATCHING_SUBSCRIBERS, Diagnostics.NONE));
    }

    @Test
    void a_stranger_with_a_wrong_password_changes_nothing() {
        TestBroker broker = new TestBroker();
        TestClient victim = broker.modern().connect("id", true, 100).subscribe("t", ONE);
        Connect stranger =
                new Connect(
                        ProtocolVersion.MQTT_5,
                        false,
                        true,
                        0,
                        "id",
                        null,
                        "victim",
                        Payload.of("wrong"),
                        Connect.Properties.DEFAULT);

        TestClient refused = broker.modern().send(stranger);

        assertThat(refused.connAck().reason()).isEqualTo(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
        assertThat(refused.isClosed()).isTrue();
        broker.modern().connect("p", true, 0).publish("t", "still here", ONE);
        assertThat(victim.messages()).containsExactly("still here");
    }

    @Test
    void a_session_belongs_to_the_user_who_began_it() {
        TestBroker broker = new TestBroker();
        broker.modern().connect("id", true, 100).lose();
        Connect thief =
                new Connect(
                        ProtocolVersion.MQTT_5,
                        false,
                        false,
                        0,
                        "id",
                        null,
                        "thief",
                        Payload.of("right"),
                        Connect.Properties.DEFAULT);

        TestClient refused = broker.modern().send(thief);

        assertThat(refused.connAck().reason()).isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
    }

    @Test
    void a_second_connection_takes_the_session_over_and_the_first_is_told() {
        TestBroker broker = new TestBroker();
        TestClient first = broker.modern().connect("id", true, 100).subscribe("t", ONE);

        TestClient second = broker.modern().connect("id", false, 100);

        assertThat(first.take())
                .last()
                .isInstanceOfSatisfying(
                        Disconnect.class,
                        disconnect ->
                                assertThat(disconnect.reason())
                                        .isEqualTo(ReasonCode.SESSION_TAKEN_OVER));
        assertThat(first.isClosed()).isTrue();
        assertThat(second.connAck().sessionPresent()).isTrue();
    }

    @Test
    void a_delayed_will_is_cancelled_by_coming_back_and_published_by_starting_clean() {
        TestBroker broker = new TestBroker();
        TestClient watcher = broker.modern().connect("w", true, 0).subscribe("wills", ONE);

        broker.modern().connect("a", true, 100, will(5)).lose();
        broker.sleep(3000);
        TestClient back = broker.modern().connect("a", false, 100, will(5));
        broker.sleep(10_000);
        assertThat(watcher.messages()).isEmpty();

        back.lose();
        broker.modern().connect("a", true, 100);
        assertThat(watcher.messages()).containsExactly("gone");
    }

    @Test
    void a_will_is_published_at_the_earlier_of_its_delay_and_the_end_of_the_session() {
        TestBroker broker = new TestBroker();
        TestClient watcher = broker.modern().connect("w", true, 0).subscribe("wills", ONE);

        broker.modern().connect("a", true, 3, will(1000)).lose();
        broker.modern().connect("b", true, 0, will(1000)).lose();
        assertThat(watcher.messages()).hasSize(1);

        broker.sleep(4000);
        assertThat(watcher.messages()).hasSize(1);
        broker.sleep(2_000_000);
        assertThat(watcher.messages()).isEmpty();
    }

    @Test
    void disconnecting_in_good_order_leaves_no_will_and_0x04_does() {
        TestBroker broker = new TestBroker();
        TestClient watcher = broker.modern().connect("w", true, 0).subscribe("wills", ONE);

        broker.modern().connect("a", true, 0, will(0)).send(Disconnect.NORMAL);
        assertThat(watcher.messages()).isEmpty();

        broker.modern()
                .connect("a", true, 0, will(0))
                .send(new Disconnect(ReasonCode.DISCONNECT_WITH_WILL, -1, Diagnostics.NONE, null));
        assertThat(watcher.messages()).containsExactly("gone");
    }

    @Test
    void what_was_not_acknowledged_comes_again_first_and_in_order() {
        TestBroker broker = new TestBroker();
        TestClient subscriber =
                broker.modern().connect("s", true, 100, null, 2).subscribe("#", TWO);
        TestClient publisher = broker.modern().connect("p", true, 0);
        for (String payload : List.of("1", "2", "3")) {
            publisher.publish("t", payload, ONE);
        }
        assertThat(subscriber.messages()).containsExactly("1", "2");
        subscriber.lose();
        publisher.publish("t", "4", ONE);

        TestClient back = broker.modern().connect("s", false, 100, null, 65_535);

        List<Packet> packets = back.take();
        assertThat(packets.stream().skip(1).map(packet -> ((Publish) packet).dup()))
                .containsExactly(true, true, false, false);
        assertThat(packets.stream().skip(1).map(packet -> ((Publish) packet).payload()))
                .containsExactly(
                        Payload.of("1"), Payload.of("2"), Payload.of("3"), Payload.of("4"));
    }

    @Test
    void a_released_message_is_never_published_again() {
        TestBroker broker = new TestBroker();
        TestClient subscriber = broker.modern().connect("s", true, 100).subscribe("#", TWO);
        broker.modern().connect("p", true, 0).publish("t", "once", TWO);
        int id = ((Publish) subscriber.take().getLast()).packetId();
        subscriber.send(new PubRec(id));
        assertThat(subscriber.take()).containsExactly(new PubRel(id));
        subscriber.lose();

        TestClient back = broker.modern().connect("s", false, 100);

        assertThat(back.take().stream().skip(1)).containsExactly(new PubRel(id));
        back.send(new PubComp(id));
        assertThat(broker.shard().ledger().queuedNow()).isZero();
    }

    @Test
    void a_message_that_grew_too_large_for_its_client_keeps_its_identifier_until_released() {
        TestBroker broker = new TestBroker();
        TestClient subscriber = broker.modern().connect("s", true, 100).subscribe("#", TWO);
        broker.modern().connect("p", true, 0).publish("t", "x".repeat(100), TWO);
        int id = ((Publish) subscriber.take().getLast()).packetId();
        subscriber.lose();
        Connect.Properties small =
                new Connect.Properties(100, 65_535, 50, 0, false, true, List.of(), null, null);

        TestClient back =
                broker.modern()
                        .send(
                                new Connect(
                                        ProtocolVersion.MQTT_5,
                                        false,
                                        false,
                                        0,
                                        "s",
                                        null,
                                        null,
                                        null,
                                        small));

        assertThat(back.take().stream().skip(1)).containsExactly(new PubRel(id));
        assertThat(broker.shard().ledger().drops(DropReason.TOO_LARGE)).isEqualTo(1);
        back.send(new PubComp(id, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND, Diagnostics.NONE));
        assertThat(broker.shard().ledger().acknowledgements()).isZero();
        assertThat(broker.shard().ledger().queuedNow()).isZero();
    }

    @Test
    void a_repeated_qos_2_publish_is_answered_and_not_delivered_again() {
        TestBroker broker = new TestBroker();
        TestClient subscriber =
                broker.modern().connect("s", true, 0).subscribe("#", QoS.AT_MOST_ONCE);
        TestClient publisher = broker.modern().connect("p", true, 100);
        publisher.publish("t", "x", TWO).publish("t", "x", TWO).lose();
        TestClient back = broker.modern().connect("p", false, 100).publish("t", "x", TWO);

        back.send(new PubRel(7)).publish("t", "y", TWO);

        assertThat(subscriber.messages()).containsExactly("x", "y");
    }

    @Test
    void members_of_a_share_group_take_turns_and_inherit_what_another_left() {
        TestBroker broker = new TestBroker();
        TestClient a = broker.modern().connect("a", true, 0).subscribe("$share/g/t", ONE);
        TestClient b = broker.modern().connect("b", true, 0).subscribe("$share/g/t", ONE);
        TestClient publisher = broker.modern().connect("p", true, 0);
        for (int i = 0; i < 4; i++) {
            publisher.publish("t", "m" + i, ONE);
        }
        assertThat(a.messages()).hasSize(2);
        assertThat(b.messages()).hasSize(2);

        a.lose();

        assertThat(b.messages()).hasSize(2);
        b.lose();
        assertThat(broker.shard().ledger().drops(DropReason.NO_MEMBER)).isEqualTo(4);
    }

    @Test
    void a_full_queue_drops_by_its_policy_and_says_so() {
        for (QueueLimits.Overflow overflow :
                List.of(QueueLimits.Overflow.DROP_NEW, QueueLimits.Overflow.DROP_OLD)) {
            QueueLimits limits =
                    new QueueLimits(
                            3,
                            1 << 20,
                            overflow,
                            1024,
                            Long.MAX_VALUE,
                            false,
                            64,
                            QueueLimits.Together.UNBOUNDED);
            BrokerSettings settings =
                    new BrokerSettings(
                            BrokerSettings.DEFAULT.decoder(),
                            limits,
                            BrokerSettings.DEFAULT.clients(),
                            BrokerSettings.DEFAULT.capabilities(),
                            BrokerSettings.DEFAULT.quotas(),
                            BrokerSettings.DEFAULT.keeping(),
                            0);
            TestBroker broker = new TestBroker(settings, Authorizer.ALLOW_ALL);
            broker.modern().connect("s", true, 100).subscribe("t", ONE).lose();
            TestClient publisher = broker.modern().connect("p", true, 0);
            for (int i = 0; i < 5; i++) {
                publisher.publish("t", "m" + i, ONE);
            }

            TestClient back = broker.modern().connect("s", false, 100);

            assertThat(back.messages())
                    .containsExactly(
                            overflow == QueueLimits.Overflow.DROP_NEW
                                    ? new String[] {"m0", "m1", "m2"}
                                    : new String[] {"m2", "m3", "m4"});
            assertThat(broker.recorder().decisions())
                    .hasSize(2)
                    .allSatisfy(decision -> {
                        assertThat(decision.clientId()).isEqualTo("s");
                        assertThat(decision.reason()).contains("queue.messages");
                    });
        }
    }

    @Test
    void retained_messages_are_streamed_to_a_slow_reader_without_loss_or_stale_values() {
        TestBroker broker = new TestBroker();
        TestClient publisher = broker.old().connect("p", true, 0);
        for (int i = 0; i < 1000; i++) {
            publisher.publish("r/" + i, "old" + i, QoS.AT_MOST_ONCE, true);
        }
        TestClient subscriber = broker.modern().connect("s", true, 0);
        subscriber.writableFor(11);
        subscriber.subscribe("r/#", QoS.AT_MOST_ONCE);
        assertThat(subscriber.messages()).hasSize(10);
        for (int i = 0; i < 1000; i++) {
            publisher.publish("r/" + i, "new" + i, QoS.AT_MOST_ONCE, true);
        }
        subscriber.messages();

        subscriber.writableFor(10_000);

        assertThat(subscriber.messages())
                .hasSize(990)
                .allMatch(payload -> payload.startsWith("new"));
    }

    @Test
    void an_expired_message_is_not_delivered_and_a_waiting_one_counts_down() {
        TestBroker broker = new TestBroker();
        broker.modern().connect("s", true, 1000).subscribe("t", ONE).lose();
        TestClient publisher = broker.modern().connect("p", true, 0);
        for (int expiry : new int[] {2, 10}) {
            publisher.send(
                    new Publish(
                            TopicName.of("t"),
                            Payload.of("" + expiry),
                            ONE,
                            false,
                            false,
                            expiry,
                            0,
                            List.of(),
                            new PublishProperties(-1, expiry, null, null, null, List.of())));
        }
        broker.sleep(4000);

        TestClient back = broker.modern().connect("s", false, 1000);

        Publish only = (Publish) back.take().getLast();
        assertThat(only.payload()).isEqualTo(Payload.of("10"));
        assertThat(only.properties().messageExpiryInterval()).isEqualTo(6);
        assertThat(broker.shard().ledger().drops(DropReason.EXPIRED)).isEqualTo(1);
    }

    @Test
    void a_broken_packet_ends_its_own_connection_only() {
        TestBroker broker = new TestBroker();
        TestClient bystander = broker.modern().connect("b", true, 0).subscribe("t", ONE);
        TestClient offender = broker.modern().connect("o", true, 0);

        offender.send(new PubAck(9, ReasonCode.SUCCESS, Diagnostics.NONE))
                .send(
                        new Connect(
                                ProtocolVersion.MQTT_5,
                                false,
                                true,
                                0,
                                "o",
                                null,
                                null,
                                null,
                                Connect.Properties.DEFAULT));

        assertThat(offender.take())
                .last()
                .isInstanceOfSatisfying(
                        Disconnect.class,
                        disconnect ->
                                assertThat(disconnect.reason())
                                        .isEqualTo(ReasonCode.PROTOCOL_ERROR));
        assertThat(offender.isClosed()).isTrue();
        broker.modern().connect("p", true, 0).publish("t", "x", ONE);
        assertThat(bystander.messages()).containsExactly("x");
    }

    @Test
    void a_silent_connection_is_closed_at_the_connect_deadline_and_a_silent_client_at_keep_alive() {
        TestBroker broker = new TestBroker();
        TestClient silent = broker.modern();
        Connect connect =
                new Connect(
                        ProtocolVersion.MQTT_5,
                        false,
                        true,
                        2,
                        "k",
                        null,
                        null,
                        null,
                        Connect.Properties.DEFAULT);
        TestClient client = broker.modern().send(connect);

        broker.sleep(2900);
        assertThat(client.isClosed()).isFalse();
        broker.sleep(200);
        assertThat(client.isClosed()).isTrue();
        assertThat(silent.isClosed()).isFalse();
        broker.sleep(7000);
        assertThat(silent.isClosed()).isTrue();
    }

    @Test
    void stopping_tells_5_0_clients_and_publishes_only_wills_of_sessions_that_end() {
        TestBroker broker = new TestBroker();
        TestClient watcher = broker.modern().connect("w", true, 100).subscribe("wills", ONE);
        TestClient passing = broker.modern().connect("a", true, 0, will(0));
        broker.modern().connect("b", true, 100, will(0));

        broker.shard().shutDown(broker.now());
        broker.settle();

        List<Packet> told = watcher.take();
        assertThat(told.stream().filter(Publish.class::isInstance)).hasSize(1);
        assertThat(told)
                .last()
                .isInstanceOfSatisfying(
                        Disconnect.class,
                        disconnect ->
                                assertThat(disconnect.reason())
                                        .isEqualTo(ReasonCode.SERVER_SHUTTING_DOWN));
        assertThat(passing.isClosed()).isTrue();
    }
}
