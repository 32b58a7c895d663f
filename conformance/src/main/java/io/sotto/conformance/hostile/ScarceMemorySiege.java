package io.sotto.conformance.hostile;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Client;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;

/// For a broker that has little memory for what is on its way to clients: some 64 MiB.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class ScarceMemorySiege {
    @Spec(
            value = {"H-LOD-02", "H-TCP-10"},
            says = "when there is no memory for those who do not read, they pay, and nobody else")
    public void those_who_do_not_read_pay_for_it(Broker broker) {
        String topic = broker.topic("news");
        for (int i = 0; i < 300; i++) {
            Client deaf = broker.connect().keepAlive(0).receiveBuffer(4_096).open();
            deaf.subscribe(topic, i % 2);
        }
        Client reader = broker.subscriber(topic, 1);
        Client publisher = broker.client();
        String filler = "x".repeat(7_000);

        for (int i = 0; i < Sieges.many(600); i++) {
            publisher.publish(Publish.to(topic, "%d %s".formatted(i, filler)).qos(1));
            reader.take(topic, "%d %s".formatted(i, filler));
        }

        publisher.expectNothing();
    }
}
