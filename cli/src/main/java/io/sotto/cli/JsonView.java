package io.sotto.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.UserProperty;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A message as one JSON object, with the names that mosquitto_sub gives.
///
/// @param raw whether the payload is JSON itself, and no string
/// @param pretty whether it takes several lines
record JsonView(boolean raw, boolean pretty) {
    /// Numbers of a payload are written as they came.
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    /// A payload that should be JSON and is not.
    static final class NotJson extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotJson(String topic) {
            super("the payload on " + topic + " is no JSON");
        }
    }

    /// Writes the object.
    ///
    /// @throws NotJson when the payload is none and should be
    void write(Arrival arrival, OutputStream out) {
        Publish message = arrival.message();
        JsonNode payload = raw ? parsed(message) : null;
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                JsonGenerator json = MAPPER.createGenerator(bytes)) {
            if (pretty) {
                json.useDefaultPrettyPrinter();
            }
            json.writeStartObject();
            json.writeStringField("tst", TimeText.isoMicros(arrival.time()));
            json.writeStringField("topic", message.topic().toString());
            json.writeNumberField("qos", message.qos().level());
            json.writeNumberField("retain", message.retain() ? 1 : 0);
            json.writeNumberField("payloadlen", message.payload().size());
            if (message.qos() != QoS.AT_MOST_ONCE) {
                json.writeNumberField("mid", message.packetId());
            }
            if (arrival.properties()) {
                properties(message, json);
            }
            json.writeFieldName("payload");
            if (payload != null) {
                json.writeTree(payload);
            } else if (message.payload().isEmpty()) {
                json.writeNull();
            } else {
                json.writeString(text(message.payload()));
            }
            json.writeEndObject();
            json.flush();
            bytes.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void properties(Publish message, JsonGenerator json) throws IOException {
        PublishProperties given = message.properties();
        if (message.subscriptionIdentifiers().isEmpty() && given.equals(PublishProperties.NONE)) {
            return;
        }
        json.writeObjectFieldStart("properties");
        for (int identifier : message.subscriptionIdentifiers()) {
            json.writeNumberField("subscription-identifier", identifier);
        }
        number("payload-format-indicator", given.payloadFormatIndicator(), json);
        number("message-expiry-interval", given.messageExpiryInterval(), json);
        string("content-type", given.contentType(), json);
        string("response-topic", given.responseTopic(), json);
        Payload correlation = given.correlationData();
        string("correlation-data", correlation == null ? null : text(correlation), json);
        if (!given.userProperties().isEmpty()) {
            json.writeObjectFieldStart("user-properties");
            for (UserProperty property : given.userProperties()) {
                json.writeStringField(property.name(), property.value());
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void number(String name, long value, JsonGenerator json) throws IOException {
        if (value != PublishProperties.ABSENT) {
            json.writeNumberField(name, value);
        }
    }

    private static void string(String name, @Nullable String value, JsonGenerator json)
            throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    private static String text(Payload payload) {
        return new String(payload.toByteArray(), StandardCharsets.UTF_8);
    }

    private static JsonNode parsed(Publish message) {
        try {
            JsonNode tree = MAPPER.readTree(text(message.payload()));
            if (!tree.isMissingNode()) {
                return tree;
            }
        } catch (JsonProcessingException e) {
            // Said below.
        }
        throw new NotJson(message.topic().toString());
    }
}
