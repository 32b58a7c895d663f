package io.sotto.interop;

import java.time.Duration;

/// One client of a foreign library. Every method waits for the broker's answer.
interface Client extends AutoCloseable {
    /// How long any answer may take; generous, since two cores carry every client at once.
    Duration PATIENCE = Duration.ofSeconds(30);

    ConnAck connect(Login login);

    /// The reason code of the subscription: the granted QoS, or 0x80 and above.
    int subscribe(Subscription subscription);

    /// The reason code, 0 where the version has none.
    int unsubscribe(String filter);

    /// Returns when the message is acknowledged as its QoS asks; the reason code of the
    /// acknowledgement, [#UNTOLD] where the library does not hand it out.
    int publish(Message message);

    /// Publishes the numbers from 0 to count - 1 as fast as the library can.
    void flood(String topic, int qos, int count);

    void disconnect();

    /// What came in by itself.
    Arrivals arrivals();

    @Override
    void close();

    int UNTOLD = -1;
}
