package io.sotto.broker;

import static io.sotto.broker.spi.Durability.ASYNC;
import static io.sotto.broker.spi.Durability.MEMORY;
import static io.sotto.broker.spi.Durability.SYNC;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.Keeping.OfTopic;
import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Principal;
import io.sotto.broker.spi.Recovery.Copy;
import io.sotto.broker.spi.Recovery.KeptSession;
import io.sotto.broker.spi.SessionStore.Owner;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PubRec;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeepingTest {
    private static final Keeping KEEPING =
            new Keeping(
                    SYNC,
                    Map.of("fast", ASYNC, "loose", MEMORY, "sure", SYNC),
                    List.of(of("t/#", MEMORY), of("t/+/log", ASYNC), of("bank/#", SYNC)));

    private static OfTopic of(String filter, Durability durability) {
        return new OfTopic(TopicFilter.of(filter, TopicLimits.NONE), durability);
    }

    /// What becomes of a message on a topic from a client of a listener.
    private static @Nullable Durability message(String topic, String listener) {
        return KEEPING.of(TopicName.of(topic), KEEPING.of(listener));
    }

    @Test
    void a_listener_says_how_its_sessions_and_messages_are_kept() {
        assertThat(KEEPING.of("fast")).isEqualTo(ASYNC);
        assertThat(KEEPING.of("loose")).isEqualTo(MEMORY);
        assertThat(message("x", "fast")).isEqualTo(ASYNC);
        // As usual is said by nothing.
        assertThat(KEEPING.of("sure")).isNull();
        assertThat(KEEPING.of("another")).isNull();
        assertThat(message("x", "another")).isNull();
    }

    @Test
    void a_topic_stands_above_the_listener_and_the_strictest_filter_counts() {
        assertThat(message("t/1", "another")).isEqualTo(MEMORY);
        assertThat(message("t/1/log", "loose")).isEqualTo(ASYNC);
        assertThat(message("bank/1", "loose")).isNull();
    }

    private static TestBroker broker(Keeping keeping) {
        BrokerSettings like = BrokerSettings.DEFAULT;
        return new TestBroker(
                new BrokerSettings(
                        like.decoder(),
                        like.queue(),
                        like.clients(),
                        like.capabilities(),
                        like.quotas(),
                        keeping,
                        0),
                Authorizer.ALLOW_ALL);
    }

    private static boolean isPresent(TestBroker broker, String listener) {
        TestClient client = broker.modern().at(listener).connect("c", false, 100);
        boolean present = client.connAck().sessionPresent();
        client.lose();
        return present;
    }

    @Test
    void a_session_in_memory_is_not_promised_to_outlive_the_process_by_a_stricter_listener() {
        TestBroker broker = broker(KEEPING);

        assertThat(isPresent(broker, "loose")).isFalse();
        assertThat(isPresent(broker, "loose")).isTrue();
        assertThat(isPresent(broker, "sure")).isFalse();
        assertThat(isPresent(broker, "fast")).isTrue();
        // One that is on the disk stays there.
        assertThat(isPresent(broker, "loose")).isTrue();
        assertThat(isPresent(broker, "sure")).isTrue();
    }

    @Test
    void
            a_message_that_its_publisher_may_repeat_is_not_sent_to_a_session_in_memory_that_is_resumed() {
        TestBroker broker = broker(KEEPING);
        TestClient publisher = broker.modern().connect("p", true, 1000);
        TestClient reader =
                broker.modern()
                        .at("loose")
                        .connect("r", true, 1000)
                        .subscribe("a", QoS.EXACTLY_ONCE);
        broker.journal().stalled(true);
        publisher.publish("a", "x", QoS.EXACTLY_ONCE);
        reader.lose();

        TestClient again = broker.modern().at("loose").connect("r", false, 1000);

        assertThat(again.take()).hasExactlyElementsOfTypes(ConnAck.class);
        broker.journal().stalled(false);
        broker.settle();
        assertThat(again.messages()).containsExactly("x");
    }

    @Test
    void the_identifier_of_a_message_from_the_store_is_kept_as_surely_as_its_topic() {
        TestBroker broker = broker(new Keeping(ASYNC, Map.of(), List.of(of("bank/#", SYNC))));
        Message stored =
                new Message(
                        9,
                        TopicName.of("bank/1"),
                        Payload.of("x"),
                        QoS.EXACTLY_ONCE,
                        false,
                        PublishProperties.NONE,
                        "p",
                        broker.now(),
                        null,
                        null);
        Owner owner = new Owner("r", Principal.ANONYMOUS);
        broker.restore(listener -> {
            listener.session(
                    new KeptSession(1, owner, 1000, null, Long.MAX_VALUE, Long.MAX_VALUE, false));
            listener.queued(new Copy(1, stored, QoS.EXACTLY_ONCE, false, Via.PLAIN));
        });

        TestClient reader = broker.modern().connect("r", false, 1000);
        reader.send(new PubRec(1));

        assertThat(broker.journal().exact()).containsExactly("sent SYNC", "received SYNC");
    }

    @Test
    void what_is_usually_kept_nowhere_is_always_said() {
        Keeping loose = new Keeping(MEMORY, Map.of("sure", SYNC), List.of());

        assertThat(loose.of("another")).isEqualTo(MEMORY);
        assertThat(loose.of("sure")).isEqualTo(SYNC);
        assertThat(loose.isFleeting()).isFalse();
        assertThat(Keeping.AS_USUAL.of("another")).isNull();
    }
}
