package io.sotto.server.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.broker.session.QueueLimits.Bound;
import io.sotto.broker.session.QueueLimits.Overflow;
import io.sotto.broker.session.QueueLimits.PrefixBound;
import io.sotto.broker.session.QueueLimits.Together;
import io.sotto.server.config.SottoConfig.Overrides;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueueKeysTest {
    /// What stands in the example of [SottoConfigTest].
    static Together together() {
        return new Together(
                new Bound(42, 43 << 10, Overflow.REFUSE),
                List.of(
                        new PrefixBound("ab", new Bound(Long.MAX_VALUE, 46 << 10, Overflow.BLOCK)),
                        new PrefixBound("a", new Bound(45, Long.MAX_VALUE, Overflow.DROP_NEW))),
                44);
    }

    @Test
    void a_prefix_is_given_once() {
        assertThatThrownBy(() ->
                        SottoConfig.read(
                                "sotto.yaml",
                                "queue.prefixes: [{prefix: a}, {prefix: a}, {messages: 5}]\n",
                                Overrides.NONE))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("queue.prefixes[].prefix 'a' is given twice")
                .hasMessageContaining("queue.prefixes[].prefix is missing");
    }
}
