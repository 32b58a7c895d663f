package io.sotto.broker;

import static io.sotto.mqtt.QoS.AT_LEAST_ONCE;
import static io.sotto.mqtt.QoS.EXACTLY_ONCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.session.QueueLimits;
import io.sotto.broker.spi.Authorizer;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.PubComp;
import io.sotto.mqtt.PubRec;
import io.sotto.mqtt.PubRel;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Topics of one byte and payloads of four, within a window of ten.
class InflightBytesTest {
    private final TestBroker broker = broker(10);
    private final TestClient publisher = broker.modern();

    private static TestBroker broker(long windowBytes) {
        BrokerSettings like = BrokerSettings.DEFAULT;
        QueueLimits queue = like.queue();
        return new TestBroker(
                new BrokerSettings(
                        like.decoder(),
                        new QueueLimits(
                                queue.messages(),
                                queue.bytes(),
                                queue.overflow(),
                                queue.window(),
                                windowBytes,
                                false,
                                queue.resident(),
                                queue.together()),
                        like.clients(),
                        like.capabilities(),
                        like.quotas(),
                        like.keeping(),
                        0),
                Authorizer.ALLOW_ALL);
    }

    @BeforeEach
    void connect() {
        publisher.connect("p", true, 0);
    }

    private TestClient reader(QoS qos) {
        return broker.modern().connect("r", true, 100).subscribe("t", qos);
    }

    private void publish(String... payloads) {
        for (String payload : payloads) {
            publisher.publish("t", payload, AT_LEAST_ONCE);
        }
    }

    private static List<Publish> publishes(TestClient client) {
        return client.take().stream()
                .filter(Publish.class::isInstance)
                .map(Publish.class::cast)
                .toList();
    }

    @Test
    void what_is_beyond_the_bytes_waits_for_an_acknowledgement() {
        TestClient reader = reader(AT_LEAST_ONCE);

        publish("1111", "2222", "3333", "4444");
        List<Publish> first = publishes(reader);
        reader.send(new PubAck(first.getFirst().packetId()));

        assertThat(first).hasSize(2);
        assertThat(reader.messages()).containsExactly("3333");
    }

    @Test
    void one_message_always_goes_however_large() {
        TestClient reader = reader(AT_LEAST_ONCE);

        publish("larger than ten", "2222");
        List<Publish> first = publishes(reader);
        reader.send(new PubAck(first.getFirst().packetId()));

        assertThat(first).hasSize(1);
        assertThat(reader.messages()).containsExactly("2222");
    }

    @Test
    void at_qos_2_the_bytes_are_free_when_the_exchange_is_at_its_end() {
        TestClient reader = reader(EXACTLY_ONCE);
        publisher.publish("t", "1111", EXACTLY_ONCE);
        publisher.send(new PubRel(7));
        publisher.publish("t", "2222", EXACTLY_ONCE);
        publisher.send(new PubRel(7));
        publisher.publish("t", "3333", EXACTLY_ONCE);
        List<Publish> first = publishes(reader);
        int id = first.getFirst().packetId();

        reader.send(new PubRec(id));
        List<String> released = reader.messages();
        reader.send(new PubComp(id));

        assertThat(first).hasSize(2);
        assertThat(released).isEmpty();
        assertThat(reader.messages()).containsExactly("3333");
    }

    @Test
    void what_is_sent_again_is_within_the_bytes_too_and_nothing_overtakes() {
        TestClient reader = reader(AT_LEAST_ONCE);
        publish("1111", "2222", "3333");
        reader.take();
        reader.lose();
        publish("a message that is longer than that");

        TestClient back = broker.modern().connect("r", false, 100);
        List<Publish> again = publishes(back);
        back.send(new PubAck(again.getFirst().packetId()));
        List<String> next = back.messages();
        back.send(new PubAck(again.getLast().packetId()));

        assertThat(again).hasSize(2).allMatch(Publish::dup);
        assertThat(next).containsExactly("3333");
    }

    @Test
    void retained_messages_go_out_at_the_same_pace() {
        for (String topic : List.of("t/1", "t/2", "t/3")) {
            publisher.publish(topic, "12", AT_LEAST_ONCE, true);
        }

        TestClient reader = broker.modern().connect("r", true, 100).subscribe("t/#", AT_LEAST_ONCE);
        List<Publish> first = publishes(reader);
        reader.send(new PubAck(first.getFirst().packetId()));

        assertThat(first).hasSize(2);
        assertThat(reader.messages()).hasSize(1);
    }

    @Test
    void without_a_bound_all_go_at_once() {
        TestBroker unbounded = broker(Long.MAX_VALUE);
        TestClient reader = unbounded.modern().connect("r", true, 0).subscribe("t", AT_LEAST_ONCE);
        TestClient from = unbounded.modern().connect("p", true, 0);

        from.publish("t", "1".repeat(9), AT_LEAST_ONCE).publish("t", "2", AT_LEAST_ONCE);

        assertThat(reader.messages()).hasSize(2);
    }
}
