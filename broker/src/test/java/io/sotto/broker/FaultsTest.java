package io.sotto.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Authorizer;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Will;
import org.junit.jupiter.api.Test;

/// A fault of ours, seeded where a client's packet meets it.
class FaultsTest {
    private static final QoS ONE = QoS.AT_LEAST_ONCE;

    private final TestBroker broker = new TestBroker(BrokerSettings.DEFAULT, new Broken());

    /// Fails when it is asked about the topic `bomb`.
    private static final class Broken implements Authorizer {
        private static boolean answer(String topic) {
            if (topic.equals("bomb")) {
                throw new IllegalStateException("seeded");
            }
            return true;
        }

        @Override
        public boolean mayPublish(Subject subject, TopicName topic, QoS qos, boolean retain) {
            return answer(topic.toString());
        }

        @Override
        public boolean maySubscribe(Subject subject, TopicFilter filter, QoS qos) {
            return answer(filter.effective());
        }

        @Override
        public boolean mayReceive(Subject subject, TopicName topic) {
            return true;
        }

        @Override
        public int version() {
            return 0;
        }
    }

    @Test
    void h_cfg_04_a_packet_that_meets_a_fault_costs_its_own_connection_alone() {
        Will will =
                new Will(
                        TopicName.of("late"),
                        Payload.of("late"),
                        ONE,
                        false,
                        5,
                        PublishProperties.NONE);
        TestClient bystander = broker.modern().connect("b", true, 0).subscribe("#", ONE);
        broker.modern().connect("w", true, 100, will).lose();
        TestClient publisher = broker.modern().connect("p", true, 0);
        TestClient subscriber = broker.old().connect("s", true, 0);
        bystander.take();
        publisher.take();

        publisher.publish("bomb", "x", ONE);
        subscriber.subscribe("bomb", ONE);
        broker.sleep(6_000);
        broker.modern().connect("q", true, 0).publish("t", "on and on", ONE);

        assertThat(publisher.isClosed()).isTrue();
        assertThat(publisher.take())
                .singleElement()
                .isInstanceOfSatisfying(
                        Disconnect.class,
                        packet ->
                                assertThat(packet.reason())
                                        .isEqualTo(ReasonCode.UNSPECIFIED_ERROR));
        assertThat(subscriber.isClosed()).isTrue();
        assertThat(bystander.isClosed()).isFalse();
        assertThat(bystander.messages()).containsExactly("late", "on and on");
        assertThat(broker.shard().ledger().faults()).isEqualTo(2);
    }
}
