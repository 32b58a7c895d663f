package io.sotto.client;

import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.QoS;
import org.jspecify.annotations.Nullable;

/// What a scripted server says in CONNACK.
final class Offer {
    private int receiveMaximum = 65_535;
    private QoS maximumQoS = QoS.EXACTLY_ONCE;
    private boolean retain = true;
    private long packetSize;
    private @Nullable String assigned;
    private int aliases;
    private int keepAlive = -1;

    Offer receiveMaximum(int messages) {
        receiveMaximum = messages;
        return this;
    }

    Offer maximumQoS(QoS qos) {
        maximumQoS = qos;
        return this;
    }

    Offer noRetain() {
        retain = false;
        return this;
    }

    Offer packetSize(long bytes) {
        packetSize = bytes;
        return this;
    }

    Offer assigned(String clientId) {
        assigned = clientId;
        return this;
    }

    Offer aliases(int maximum) {
        aliases = maximum;
        return this;
    }

    Offer keepAlive(int seconds) {
        keepAlive = seconds;
        return this;
    }

    ConnAck.Properties done() {
        return new ConnAck.Properties(
                -1,
                receiveMaximum,
                maximumQoS,
                retain,
                packetSize,
                assigned,
                aliases,
                Diagnostics.NONE,
                true,
                true,
                true,
                keepAlive,
                null,
                null,
                null,
                null);
    }
}
