package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.interop.Message.Properties;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Eclipse Paho for Python, as Debian has it.
class PythonPahoIT {
    /// The library looks at its clock once a second, so a ping may be a second late.
    private static final int KEEP_ALIVE = 4;

    @Nested
    class Version_3_1 extends EveryVersion {
        @Override
        Library open() {
            return AgentLibrary.python("3.1");
        }

        @Override
        int shortKeepAlive() {
            return KEEP_ALIVE;
        }
    }

    @Nested
    class Version_3_1_1 extends SinceThreeOneOne {
        @Override
        Library open() {
            return AgentLibrary.python("3.1.1");
        }

        @Override
        int shortKeepAlive() {
            return KEEP_ALIVE;
        }
    }

    @Nested
    class Version_5 extends VersionFive {
        @Override
        Library open() {
            return AgentLibrary.python("5");
        }

        @Override
        int shortKeepAlive() {
            return KEEP_ALIVE;
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

        @Override
        void a_publisher_learns_that_nobody_listens(int qos) {
            // No test here: the library does not hand out the reason code.
        }
    }
}
