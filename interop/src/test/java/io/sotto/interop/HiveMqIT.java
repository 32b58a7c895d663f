package io.sotto.interop;

import org.junit.jupiter.api.Nested;

/// The HiveMQ MQTT client for Java.
class HiveMqIT {
    @Nested
    class Version_3_1_1 extends SinceThreeOneOne {
        @Override
        Library open() {
            return JvmLibrary.HIVEMQ_3.open();
        }
    }

    @Nested
    class Version_5 extends VersionFive {
        @Override
        Library open() {
            return JvmLibrary.HIVEMQ_5.open();
        }

        @Override
        void a_message_names_the_subscriptions_that_it_matched() {
            // No test here: the library keeps subscription identifiers to itself.
        }
    }
}
