package io.sotto.conformance;

import java.time.Duration;

/// A client that has nothing to do with what the test does to the broker, and must not notice it.
public final class Bystander {
    private static final Duration PROMPT = Duration.ofSeconds(3);

    private final Client client;
    private final String topic;

    Bystander(Broker broker) {
        client = broker.client();
        topic = broker.topic("bystander");
        client.subscribe(topic, 1);
    }

    /// Still connected, nothing unasked came, and a message goes through the broker promptly.
    public void noticesNothing() {
        client.expectNothing();
        long start = System.nanoTime();
        client.send(Publish.to(topic, "unharmed").qos(1));
        boolean acknowledged = false;
        boolean delivered = false;
        while (!acknowledged || !delivered) {
            Packet packet = client.receive();
            acknowledged |= packet.type() == PacketType.PUBACK;
            if (packet.type() == PacketType.PUBLISH) {
                client.acknowledge(packet);
                delivered = true;
            }
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        Unexpected.unless(
                took.compareTo(PROMPT) < 0, "a bystander's message took %d ms", took.toMillis());
    }
}
