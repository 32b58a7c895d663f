package io.sotto.interop;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An application message as a client sends or gets it.
///
/// The payload is text of the same code points as its bytes (Latin-1), so that any bytes can stand
/// in it and messages compare by value.
record Message(String topic, String payload, int qos, boolean retain, Properties properties) {
    Message {
        // A client of 3.x has none to report.
        properties = properties == null ? Properties.NONE : properties;
    }

    static Message of(String topic, String payload, int qos) {
        return new Message(topic, payload, qos, false, Properties.NONE);
    }

    static Message retained(String topic, String payload, int qos) {
        return new Message(topic, payload, qos, true, Properties.NONE);
    }

    Message with(Properties its) {
        return new Message(topic, payload, qos, retain, its);
    }

    /// The properties of MQTT 5.0 that travel with a message; null is absent.
    record Properties(
            @Nullable List<UserProperty> user,
            @Nullable String contentType,
            @Nullable String responseTopic,
            @Nullable String correlation,
            @Nullable Long expiry,
            @Nullable Integer payloadFormat,
            @Nullable Integer topicAlias,
            @Nullable List<Integer> subscriptionIds) {
        static final Properties NONE =
                new Properties(null, null, null, null, null, null, null, null);

        static Properties expiry(long seconds) {
            return new Properties(null, null, null, null, seconds, null, null, null);
        }

        static Properties topicAlias(int alias) {
            return new Properties(null, null, null, null, null, null, alias, null);
        }

        static Properties request(String responseTopic, String correlation) {
            return new Properties(null, null, responseTopic, correlation, null, null, null, null);
        }

        static Properties correlation(String correlation) {
            return new Properties(null, null, null, correlation, null, null, null, null);
        }
    }

    record UserProperty(String name, String value) {}
}
