package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.interop.Message.Properties;
import io.sotto.interop.Message.UserProperty;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// MQTT.js on Node.
class JavaScriptIT {
    /// MQTT.js keeps the order of the values of one name only.
    static final List<UserProperty> PROPERTIES =
            List.of(
                    new UserProperty("room", "kitchen"),
                    new UserProperty("room", "pantry"),
                    new UserProperty("unit", "°C"));

    @Nested
    class Version_3_1 extends EveryVersion {
        @Override
        Library open() {
            return AgentLibrary.js("3.1");
        }
    }

    @Nested
    class Version_3_1_1 extends SinceThreeOneOne {
        @Override
        Library open() {
            return AgentLibrary.js("3.1.1");
        }
    }

    @Nested
    class Version_5 extends VersionFive {
        @Override
        Library open() {
            return AgentLibrary.js("5");
        }

        @Override
        List<UserProperty> userProperties() {
            return PROPERTIES;
        }

        @Test
        void a_topic_is_named_once_and_then_known_by_its_alias() {
            Client subscriber = subscribed(topic("alias"), 1);
            Client publisher = client();

            publisher.publish(Message.of(topic("alias"), "one", 1).with(Properties.topicAlias(3)));
            publisher.publish(Message.of("", "two", 1).with(Properties.topicAlias(3)));

            assertThat(subscriber.arrivals().next(2))
                    .containsExactly(
                            Message.of(topic("alias"), "one", 1),
                            Message.of(topic("alias"), "two", 1));
        }
    }
}
