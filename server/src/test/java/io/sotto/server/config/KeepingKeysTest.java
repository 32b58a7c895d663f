package io.sotto.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.broker.Keeping;
import io.sotto.broker.Keeping.OfTopic;
import io.sotto.broker.spi.Durability;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicLimits;
import io.sotto.server.config.SottoConfig.Overrides;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeepingKeysTest {
    /// What stands in the example of [SottoConfigTest].
    static Keeping keeping() {
        return new Keeping(
                Durability.ASYNC,
                Map.of("house", Durability.ASYNC),
                List.of(of("a/#", Durability.MEMORY), of("b", Durability.MEMORY)));
    }

    private static OfTopic of(String filter, Durability durability) {
        return new OfTopic(TopicFilter.of(filter, TopicLimits.NONE), durability);
    }

    private static Keeping read(String text) throws ConfigException {
        return SottoConfig.read("sotto.yaml", text, Overrides.NONE).broker().keeping();
    }

    @Test
    void where_nothing_differs_nothing_is_asked() throws ConfigException {
        assertThat(read("durability: async\n")).isSameAs(Keeping.AS_USUAL);
    }

    @Test
    void what_is_no_topic_filter_is_refused() {
        assertThatThrownBy(() ->
                        read(
                                """
                                durability-by-topic:
                                  - {topics: [a/#/b, $share/g/t], durability: memory}
                                  - {durability: memory}
                                  - {topics: a}
                                """))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("sotto.yaml:2: durability-by-topic[].topics 'a/#/b'")
                .hasMessageContaining("'$share/g/t' names a group")
                .hasMessageContaining("sotto.yaml:3: durability-by-topic[].topics is missing")
                .hasMessageContaining("sotto.yaml:4: durability-by-topic[].durability is missing");
    }
}
