package io.sotto.interop;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/// MQTT.js over WebSocket, as pages in a browser use it, with and without TLS.
class WebSocketIT {
    @BeforeAll
    static void a_port_for_everything() {
        assumeFalse(Broker.isMosquitto(), "mosquitto has a port for each");
    }

    @Nested
    class Version_3_1_1 extends SinceThreeOneOne {
        @Override
        Library open() {
            return AgentLibrary.js("3.1.1", Way.WEB_SOCKET);
        }
    }

    @Nested
    class Version_3_1_within_tls extends EveryVersion {
        @Override
        Library open() {
            return AgentLibrary.js("3.1", Way.SECURE_WEB_SOCKET);
        }
    }
}
