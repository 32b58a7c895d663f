package io.sotto.broker;

import static io.sotto.broker.spi.Durability.ASYNC;
import static io.sotto.broker.spi.Durability.MEMORY;
import static io.sotto.broker.spi.Durability.SYNC;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.Keeping.OfTopic;
import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.Durability;
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

    private static boolean isPresent(TestBroker broker, String listener) {
        TestClient client = broker.modern().at(listener).connect("c", false, 100);
        boolean present = client.connAck().sessionPresent();
        client.lose();
        return present;
    }

    @Test
    void a_session_in_memory_is_not_promised_to_outlive_the_process_by_a_stricter_listener() {
        BrokerSettings like = BrokerSettings.DEFAULT;
        TestBroker broker =
                new TestBroker(
                        new BrokerSettings(
                                like.decoder(),
                                like.queue(),
                                like.clients(),
                                like.capabilities(),
                                like.quotas(),
                                KEEPING,
                                0),
                        Authorizer.ALLOW_ALL);

        assertThat(isPresent(broker, "loose")).isFalse();
        assertThat(isPresent(broker, "loose")).isTrue();
        assertThat(isPresent(broker, "sure")).isFalse();
        assertThat(isPresent(broker, "fast")).isTrue();
        // One that is on the disk stays there.
        assertThat(isPresent(broker, "loose")).isTrue();
        assertThat(isPresent(broker, "sure")).isTrue();
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
