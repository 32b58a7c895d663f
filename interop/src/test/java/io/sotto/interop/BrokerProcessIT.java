package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The broker as a process: how it ends.
class BrokerProcessIT {
    @Test
    void a_terminated_broker_says_goodbye_and_ends_well() {
        assumeFalse(Broker.isMosquitto(), "mosquitto closes without a word");
        Broker broker = Broker.start();
        List<String> command =
                List.of(
                        "stdbuf",
                        "-oL",
                        "mosquitto_sub",
                        "-d",
                        "-V",
                        "mqttv5",
                        "-p",
                        Integer.toString(broker.ownPort()),
                        "-t",
                        "anything");
        try (Running subscriber = Running.start(command)) {
            subscriber.awaitLine("Subscribed (mid: ");

            int status = broker.stop();

            // 0x8B, the server is shutting down.
            subscriber.awaitLine("DISCONNECT (139)");
            assertThat(status).isZero();
        }
    }
}
