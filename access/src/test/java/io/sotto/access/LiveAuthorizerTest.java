package io.sotto.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.Origin;
import io.sotto.broker.spi.Principal;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveAuthorizerTest {
    private static final Subject ANN =
            new Subject(new Principal("ann"), "lamp", new Origin("tcp", "127.0.0.1", 1, false));
    private static final TopicName TOPIC = TopicName.of("t");

    private static boolean mayAnything(Authorizer rules) {
        return rules.mayPublish(ANN, TOPIC, QoS.AT_MOST_ONCE, false)
                || rules.maySubscribe(ANN, TopicFilter.of("t"), QoS.AT_MOST_ONCE)
                || rules.mayReceive(ANN, TOPIC);
    }

    @Test
    void other_rules_have_another_version() {
        LiveAuthorizer live = new LiveAuthorizer(Authorizer.ALLOW_ALL);
        int before = live.version();
        assertThat(mayAnything(live)).isTrue();

        live.replace(new Rules(List.of()));

        assertThat(mayAnything(live)).isFalse();
        assertThat(live.version()).isNotEqualTo(before);
    }
}
