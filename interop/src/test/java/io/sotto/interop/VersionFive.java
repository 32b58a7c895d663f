package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.interop.Message.Properties;
import io.sotto.interop.Message.UserProperty;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a broker promises beyond that to clients of 5.0.
abstract class VersionFive extends SinceThreeOneOne {
    /// User properties in an order that the library can keep.
    List<UserProperty> userProperties() {
        return List.of(
                new UserProperty("room", "kitchen"),
                new UserProperty("unit", "°C"),
                new UserProperty("room", "pantry"));
    }

    @Test
    void the_properties_of_a_message_arrive_unchanged() {
        Properties properties =
                new Properties(
                        userProperties(),
                        "text/plain; charset=utf-8",
                        topic("answers"),
                        "\u0000\u0001\u00fe\u00ff",
                        null,
                        1,
                        null,
                        null);
        Client subscriber = subscribed(topic("properties"), 1);

        client().publish(Message.of(topic("properties"), "21.5", 1).with(properties));

        assertThat(subscriber.arrivals().next().properties()).isEqualTo(properties);
    }

    @Test
    void a_request_finds_its_answer() {
        Client requester = subscribed(topic("answers"), 1);
        Client responder = subscribed(topic("questions"), 1);

        requester.publish(
                Message.of(topic("questions"), "how warm?", 1)
                        .with(Properties.request(topic("answers"), "no. 7")));
        Properties request = responder.arrivals().next().properties();
        assertThat(request.responseTopic()).isEqualTo(topic("answers"));
        responder.publish(
                Message.of(topic("answers"), "21.5", 1)
                        .with(Properties.correlation("" + request.correlation())));

        Message answer = requester.arrivals().next();
        assertThat(answer.payload()).isEqualTo("21.5");
        assertThat(answer.properties().correlation()).isEqualTo("no. 7");
    }

    @Test
    void the_remaining_life_of_a_message_is_told() {
        Client subscriber = subscribed(topic("short-lived"), 1);

        client().publish(Message.of(topic("short-lived"), "x", 1).with(Properties.expiry(100)));

        assertThat(subscriber.arrivals().next().properties().expiry()).isBetween(90L, 100L);
    }

    @Test
    void an_expired_message_is_not_delivered() {
        String id = unique();
        Client absent = client(Login.kept(id));
        absent.subscribe(Subscription.to(topic("short-lived"), 1));
        absent.disconnect();
        Client publisher = client();
        publisher.publish(Message.of(topic("short-lived"), "old", 1).with(Properties.expiry(1)));
        publisher.publish(Message.of(topic("short-lived"), "new", 1));
        publisher.arrivals().nothingFor(Duration.ofSeconds(2));

        Client back = client(Login.kept(id));

        assertThat(back.arrivals().next().payload()).isEqualTo("new");
    }

    @Test
    void topics_come_right_where_both_sides_use_aliases() {
        List<String> topics = List.of(topic("alias/a"), topic("alias/b"), topic("alias/c"));
        Client subscriber = client(Login.clean(unique()).topicAliasMaximum(2));
        subscriber.subscribe(Subscription.to(topic("alias/#"), 1));
        Client publisher = client(Login.clean(unique()).topicAliasMaximum(2));

        for (int i = 0; i < 30; i++) {
            publisher.publish(Message.of(topics.get(i % 3), Integer.toString(i), i % 2));
        }

        List<Message> arrived = subscriber.arrivals().next(30);
        assertThat(arrived).allMatch(its -> its.topic().equals(topics.get(number(its) % 3)));
        assertThat(arrived.stream().map(Message::payload))
                .containsExactlyInAnyOrderElementsOf(numbers(30));
    }

    private static int number(Message message) {
        return Integer.parseInt(message.payload());
    }

    @Test
    void one_that_wants_no_echo_hears_only_others() {
        Client subscriber = subscribed(Subscription.to(topic("echo"), 1).withoutOwn());

        subscriber.publish(Message.of(topic("echo"), "own", 1));
        client().publish(Message.of(topic("echo"), "other", 1));

        assertThat(subscriber.arrivals().next().payload()).isEqualTo("other");
    }

    @Test
    void the_retain_flag_stays_where_it_is_asked_for() {
        Client asks = subscribed(Subscription.to(topic("flag"), 1).retainedAsPublished());
        Client other = subscribed(topic("flag"), 1);

        client().publish(Message.retained(topic("flag"), "kept", 1));

        assertThat(asks.arrivals().next().retain()).isTrue();
        assertThat(other.arrivals().next().retain()).isFalse();
    }

    @Test
    void retained_messages_come_once_or_never_as_asked() {
        Client publisher = client();
        publisher.publish(Message.retained(topic("kept"), "retained", 1));
        Client never = subscribed(Subscription.to(topic("kept"), 1).retainHandling(2));
        Client once = subscribed(Subscription.to(topic("kept"), 1).retainHandling(1));
        assertThat(once.arrivals().next().payload()).isEqualTo("retained");

        once.subscribe(Subscription.to(topic("kept"), 1).retainHandling(1));

        publisher.publish(Message.of(topic("kept"), "live", 1));
        assertThat(once.arrivals().next().payload()).isEqualTo("live");
        assertThat(never.arrivals().next().payload()).isEqualTo("live");
    }

    @Test
    void a_message_names_the_subscriptions_that_it_matched() {
        Client subscriber = client();
        subscriber.subscribe(Subscription.to(topic("id/#"), 1).id(7));
        subscriber.subscribe(Subscription.to(topic("id/a"), 1).id(200_000_000));
        Client publisher = client();

        publisher.publish(Message.of(topic("id/b"), "one", 1));
        publisher.publish(Message.of(topic("id/a"), "both", 1));

        assertThat(subscriber.arrivals().next().properties().subscriptionIds())
                .isEqualTo(List.of(7));
        if (Broker.isMosquitto()) {
            return; // It sends a copy for each subscription.
        }
        assertThat(subscriber.arrivals().next().properties().subscriptionIds())
                .containsExactlyInAnyOrder(7, 200_000_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void a_small_receive_maximum_delays_but_loses_nothing(int qos) {
        Client subscriber = client(Login.clean(unique()).receiveMaximum(2));
        subscriber.subscribe(Subscription.to(topic("slowly"), qos));

        client().flood(topic("slowly"), qos, 300);

        assertThat(subscriber.arrivals().nextPayloads(300)).isEqualTo(numbers(300));
    }

    @Test
    void a_message_beyond_the_maximum_packet_size_is_left_out() {
        Client subscriber = client(Login.clean(unique()).maximumPacketSize(1000));
        subscriber.subscribe(Subscription.to(topic("size"), 1));
        Client publisher = client();

        publisher.publish(Message.of(topic("size"), "x".repeat(2000), 1));
        publisher.publish(Message.of(topic("size"), "fits", 1));

        assertThat(subscriber.arrivals().next().payload()).isEqualTo("fits");
    }

    @Test
    void the_broker_names_the_nameless() {
        Client one = unconnected();
        Client two = unconnected();

        String first = one.connect(Login.clean("")).clientId();
        String second = two.connect(Login.clean("")).clientId();

        assertThat(List.of(first, second)).doesNotContain("").doesNotHaveDuplicates();
    }

    @Test
    void a_session_without_expiry_ends_with_its_connection() {
        String id = unique();
        client(Login.kept(id).sessionExpiry(0)).disconnect();

        assertThat(unconnected().connect(Login.kept(id)).sessionPresent()).isFalse();
    }

    @Test
    void an_expired_session_takes_its_will_out_and_is_gone() {
        String id = unique();
        Client observer = subscribed(topic("status"), 1);
        Message will = Message.of(topic("status"), "session over", 1);
        Library.Mortal mortal = mortal(Login.kept(id).sessionExpiry(1).will(will).willDelay(60));

        mortal.kill();

        assertThat(observer.arrivals().next().payload()).isEqualTo("session over");
        assertThat(unconnected().connect(Login.kept(id)).sessionPresent()).isFalse();
    }

    @Test
    void a_delayed_will_goes_out_late() {
        Client observer = subscribed(topic("status"), 1);
        Message will = Message.of(topic("status"), "late", 1);
        Library.Mortal mortal = mortal(Login.kept(unique()).will(will).willDelay(1));

        long killed = System.nanoTime();
        mortal.kill();

        assertThat(observer.arrivals().next().payload()).isEqualTo("late");
        assertThat(Duration.ofNanos(System.nanoTime() - killed))
                .isGreaterThan(Duration.ofMillis(700));
    }

    @Test
    void who_returns_in_time_has_no_will() {
        String id = unique();
        Client observer = subscribed(topic("status"), 1);
        Message will = Message.of(topic("status"), "too late", 1);
        Library.Mortal mortal = mortal(Login.kept(id).will(will).willDelay(2));

        mortal.kill();
        client(Login.kept(id));

        observer.arrivals().nothingFor(Duration.ofSeconds(3));
    }

    @Test
    void reason_codes_tell_what_happened() {
        Client client = client();

        assertThat(
                        IntStream.rangeClosed(0, 2)
                                .map(qos ->
                                        client.subscribe(
                                                Subscription.to(topic("code/" + qos), qos))))
                .containsExactly(0, 1, 2);
        assertThat(client.unsubscribe(topic("code/0"))).isZero();
        assertThat(client.unsubscribe(topic("code/0")))
                .as("no subscription existed")
                .isEqualTo(0x11);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void a_publisher_learns_that_nobody_listens(int qos) {
        Client publisher = client();

        assertThat(publisher.publish(Message.of(topic("desert"), "hello?", qos)))
                .as("no matching subscribers")
                .isEqualTo(0x10);
    }

    @Override
    void closedByTakeover(int reason) {
        assertThat(reason).as("session taken over").isEqualTo(0x8E);
    }
}
