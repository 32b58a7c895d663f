package io.sotto.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Principal;
import io.sotto.broker.spi.Recovery;
import io.sotto.broker.spi.SessionStore.Grant;
import io.sotto.broker.spi.SessionStore.Owner;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.RetainHandling;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Will;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The will of a client whose session ends with its connection, over the end of the process.
class KeptWillTest {
    private static final Will WILL =
            new Will(
                    TopicName.of("will"),
                    Payload.of("gone"),
                    QoS.AT_LEAST_ONCE,
                    false,
                    0,
                    PublishProperties.NONE);

    private final TestBroker broker = new TestBroker();

    @Test
    void it_is_kept_while_the_client_is_connected_and_no_longer() {
        TestClient leaves = broker.modern().connect("leaves", true, 0, WILL);
        TestClient vanishes = broker.modern().connect("vanishes", true, 0, WILL);
        broker.modern().connect("without", true, 0);
        assertThat(broker.journal().sessions()).containsExactly("leaves", "vanishes");

        leaves.send(Disconnect.NORMAL);
        assertThat(broker.journal().sessions()).containsExactly("vanishes");
        vanishes.lose();

        assertThat(broker.journal().sessions()).isEmpty();
    }

    @Test
    void it_goes_out_at_the_next_start() {
        broker.restore(listener -> {
            listener.session(session(1, "reader", 1000, null, false));
            listener.subscribed(
                    1,
                    new Grant(
                            TopicFilter.of("will", TopicLimits.NONE),
                            QoS.AT_LEAST_ONCE,
                            false,
                            false,
                            RetainHandling.SEND,
                            0));
            listener.session(session(2, "vanished", 0, WILL, true));
        });

        TestClient reader = broker.modern().connect("reader", false, 1000);

        assertThat(reader.messages()).containsExactly("gone");
        assertThat(broker.modern().connect("vanished", false, 1000).connAck().sessionPresent())
                .isFalse();
    }

    private static Recovery.KeptSession session(
            long number, String clientId, long expiry, @Nullable Will will, boolean isOpen) {
        return new Recovery.KeptSession(
                number,
                new Owner(clientId, Principal.ANONYMOUS),
                expiry,
                will,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                isOpen);
    }
}
