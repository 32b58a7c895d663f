package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a broker promises to clients of any version, as a foreign library sees it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EveryVersion {
    private static final int MANY = 10_000;
    private static final int LARGE = 200 * 1024;
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    // One broker may serve several runs: names of one run are not those of another.
    private static final String RUN =
            Integer.toString(ThreadLocalRandom.current().nextInt(46_656), 36);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private Library library = NoLibrary.YET;
    private String root = "";

    /// The library that is on trial.
    abstract Library open();

    /// The keep alive, in seconds, in which the library still pings in time.
    int shortKeepAlive() {
        return 2;
    }

    @BeforeAll
    void open_the_library() {
        library = open();
    }

    @AfterAll
    void close_the_library() {
        library.close();
    }

    @BeforeEach
    void find_a_place() {
        root = "interop/" + unique();
    }

    @AfterEach
    void close_what_was_opened() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        opened.clear();
    }

    @Test
    void a_message_comes_at_the_lower_qos_of_the_two() {
        Client publisher = client();
        for (int granted = 0; granted <= 2; granted++) {
            Client subscriber = client();
            assertThat(subscriber.subscribe(Subscription.to(topic("qos/" + granted), granted)))
                    .isEqualTo(granted);
            for (int qos = 0; qos <= 2; qos++) {
                publisher.publish(Message.of(topic("qos/" + granted), "from " + qos, qos));

                Message arrived = subscriber.arrivals().next();

                assertThat(arrived.payload()).isEqualTo("from " + qos);
                assertThat(arrived.qos()).isEqualTo(Math.min(qos, granted));
                assertThat(arrived.retain()).isFalse();
            }
        }
    }

    @Test
    void a_plus_stands_for_one_level_and_a_hash_for_the_rest() {
        Client publisher = client();
        Client plus = subscribed(topic("home/+/temperature"), 1);
        Client hash = subscribed(topic("home/#"), 1);

        Stream.of(
                        "home",
                        "home/kitchen",
                        "home/kitchen/temperature",
                        "home/kitchen/oven/temperature",
                        "home//temperature",
                        "homes/kitchen/temperature",
                        "home/temperature")
                .forEach(level -> publisher.publish(Message.of(topic(level), level, 1)));
        publisher.publish(Message.of(topic("home/last/temperature"), "last", 1));

        assertThat(plus.arrivals().nextPayloads(3))
                .containsExactly("home/kitchen/temperature", "home//temperature", "last");
        assertThat(hash.arrivals().nextPayloads(7))
                .containsExactly(
                        "home",
                        "home/kitchen",
                        "home/kitchen/temperature",
                        "home/kitchen/oven/temperature",
                        "home//temperature",
                        "home/temperature",
                        "last");
    }

    @Test
    void every_byte_of_a_payload_arrives() {
        String bytes =
                IntStream.range(0, 256)
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
        Client subscriber = subscribed(topic("bytes"), 1);

        client().publish(Message.of(topic("bytes"), bytes, 1));

        assertThat(subscriber.arrivals().next().payload()).isEqualTo(bytes);
    }

    @Test
    void a_retained_message_waits_for_who_comes_later() {
        Client publisher = client();
        publisher.publish(Message.retained(topic("status/lamp"), "off", 1));
        publisher.publish(Message.retained(topic("status/lamp"), "on", 1));
        publisher.publish(Message.retained(topic("status/oven"), "cold", 1));

        Client late = subscribed(topic("status/+"), 1);

        assertThat(late.arrivals().next(2))
                .allMatch(Message::retain)
                .extracting(Message::payload)
                .containsExactlyInAnyOrder("on", "cold");
    }

    @Test
    void an_empty_retained_message_takes_the_old_one_away() {
        Client publisher = client();
        publisher.publish(Message.retained(topic("gone"), "was here", 1));
        publisher.publish(Message.retained(topic("gone"), "", 1));

        Client late = subscribed(topic("gone"), 1);

        publisher.publish(Message.of(topic("gone"), "first", 1));
        assertThat(late.arrivals().next().payload()).isEqualTo("first");
    }

    @Test
    void the_will_goes_out_when_the_client_is_killed() {
        Client observer = subscribed(topic("status"), 2);
        Message will = Message.retained(topic("status"), "died", 2);
        Library.Mortal mortal = mortal(Login.clean(unique()).will(will));

        mortal.kill();

        Message arrived = observer.arrivals().next();
        assertThat(arrived.payload()).isEqualTo("died");
        assertThat(arrived.qos()).isEqualTo(2);
        assertThat(subscribed(topic("status"), 1).arrivals().next().retain()).isTrue();
    }

    @Test
    void the_will_of_who_says_goodbye_is_forgotten() {
        Client observer = subscribed(topic("status"), 1);
        Client polite = client(Login.clean(unique()).will(Message.of(topic("status"), "died", 1)));

        polite.disconnect();

        observer.arrivals().nothingFor(Duration.ofMillis(300));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void what_came_while_a_client_was_away_waits_for_it_in_order(int qos) {
        String id = unique();
        Client before = client(Login.kept(id));
        before.subscribe(Subscription.to(topic("queue"), qos));
        before.disconnect();
        client().flood(topic("queue"), qos, 300);

        Client after = client(Login.kept(id));

        assertThat(after.arrivals().nextPayloads(300)).isEqualTo(numbers(300));
        client().publish(Message.of(topic("queue"), "live", qos));
        assertThat(after.arrivals().next()).isEqualTo(Message.of(topic("queue"), "live", qos));
    }

    @Test
    void a_clean_session_has_forgotten_everything() {
        String id = unique();
        Client before = client(Login.kept(id));
        before.subscribe(Subscription.to(topic("queue"), 1));
        before.disconnect();
        client().publish(Message.of(topic("queue"), "missed", 1));

        Client after = client(Login.clean(id));
        after.subscribe(Subscription.to(topic("other"), 1));

        client().publish(Message.of(topic("queue"), "missed too", 1));
        client().publish(Message.of(topic("other"), "seen", 1));
        assertThat(after.arrivals().next().payload()).isEqualTo("seen");
    }

    @Test
    void each_message_goes_to_one_member_of_a_shared_subscription() {
        String filter = "$share/crew/" + topic("jobs/#");
        Client one = subscribed(filter, 1);
        Client two = subscribed(filter, 1);
        Client all = subscribed(topic("jobs/#"), 1);

        client().flood(topic("jobs/mow"), 1, 100);

        List<List<Message>> parts = Arrivals.together(100, one.arrivals(), two.arrivals());
        assertThat(parts).allMatch(part -> part.size() >= 10);
        assertThat(parts.stream().flatMap(List::stream).map(Message::payload))
                .containsExactlyInAnyOrderElementsOf(numbers(100));
        assertThat(all.arrivals().nextPayloads(100)).isEqualTo(numbers(100));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void a_large_message_arrives_whole(int qos) {
        String large = "0123456789abcdef".repeat(LARGE / 16);
        Client subscriber = subscribed(topic("large"), qos);

        client().publish(Message.of(topic("large"), large, qos));

        assertThat(subscriber.arrivals().next().payload().equals(large)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void ten_thousand_messages_come_in_order_none_lost_none_doubled(int qos) {
        Client subscriber = subscribed(topic("many"), qos);
        Client publisher = client();

        publisher.flood(topic("many"), qos, MANY);

        publisher.publish(Message.of(topic("many"), "last", qos));
        List<String> arrived = subscriber.arrivals().nextPayloads(MANY + 1);
        assertThat(arrived.getLast()).isEqualTo("last");
        assertThat(arrived.subList(0, MANY).equals(numbers(MANY))).isTrue();
    }

    @Test
    void nothing_comes_after_unsubscribing() {
        Client subscriber = subscribed(topic("left"), 1);
        subscriber.subscribe(Subscription.to(topic("stayed"), 1));
        Client publisher = client();
        publisher.publish(Message.of(topic("left"), "before", 1));
        assertThat(subscriber.arrivals().next().payload()).isEqualTo("before");

        assertThat(subscriber.unsubscribe(topic("left"))).isZero();

        publisher.publish(Message.of(topic("left"), "after", 1));
        publisher.publish(Message.of(topic("stayed"), "still", 1));
        assertThat(subscriber.arrivals().next().payload()).isEqualTo("still");
    }

    @Test
    void subscribing_again_brings_the_retained_message_again() {
        client().publish(Message.retained(topic("again"), "kept", 1));
        Client subscriber = subscribed(topic("again"), 0);
        assertThat(subscriber.arrivals().next().qos()).isZero();

        assertThat(subscriber.subscribe(Subscription.to(topic("again"), 1))).isEqualTo(1);

        assertThat(subscriber.arrivals().next())
                .extracting(Message::payload, Message::retain, Message::qos)
                .containsExactly("kept", true, 1);
    }

    @Test
    void who_comes_with_the_same_client_id_takes_over() {
        String id = unique();
        Client first = client(Login.clean(id));

        Client second = client(Login.clean(id));

        closedByTakeover(first.arrivals().awaitClosed());
        second.subscribe(Subscription.to(topic("mine"), 1));
        second.publish(Message.of(topic("mine"), "here", 1));
        assertThat(second.arrivals().next().payload()).isEqualTo("here");
    }

    /// What the client that was taken over saw.
    void closedByTakeover(int reason) {
        // Before 5.0 a broker cannot say why.
    }

    @Test
    void a_silent_client_is_kept_alive_by_its_pings() {
        Client silent = client(Login.clean(unique()).keepAlive(shortKeepAlive()));
        silent.subscribe(Subscription.to(topic("ping"), 1));

        silent.arrivals().staysOpenFor(Duration.ofSeconds(2L * shortKeepAlive()));

        client().publish(Message.of(topic("ping"), "still there", 1));
        assertThat(silent.arrivals().next().payload()).isEqualTo("still there");
    }

    /// A connected client with a clean session and a name of its own.
    final Client client() {
        return client(Login.clean(unique()));
    }

    final Client client(Login login) {
        Client client = unconnected();
        assertThat(client.connect(login).reason()).as("reason of the CONNACK").isZero();
        return client;
    }

    final Client unconnected() {
        Client client = library.client();
        opened.add(client);
        return client;
    }

    final Client subscribed(String filter, int qos) {
        return subscribed(Subscription.to(filter, qos));
    }

    final Client subscribed(Subscription subscription) {
        Client client = client();
        assertThat(client.subscribe(subscription)).isEqualTo(subscription.qos());
        return client;
    }

    final Library.Mortal mortal(Login login) {
        Library.Mortal mortal = library.mortal(login);
        opened.add(mortal);
        return mortal;
    }

    /// A topic or filter that no other test uses.
    final String topic(String levels) {
        return root + "/" + levels;
    }

    /// A name that no other test uses, short enough for 3.1.
    static String unique() {
        return RUN + "-" + NUMBERS.incrementAndGet();
    }

    static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    private enum NoLibrary implements Library {
        YET;

        @Override
        public Client client() {
            throw new IllegalStateException("not yet opened");
        }

        @Override
        public Mortal mortal(Login login) {
            throw new IllegalStateException("not yet opened");
        }

        @Override
        public void close() {}
    }
}
