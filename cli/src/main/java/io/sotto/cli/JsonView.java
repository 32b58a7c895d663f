package io.sotto.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
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
/// @param raw whether the payload is a tree itself, and no string
/// @param view what the payload is read as, where it is a tree
/// @param pretty whether it takes several lines
record JsonView(boolean raw, PayloadView view, boolean pretty) {
    /// Writes the object.
    ///
    /// @throws PayloadView.Unreadable when the payload is none and should be
    void write(Arrival arrival, OutputStream out) {
        Publish message = arrival.message();
        JsonNode payload = raw ? view.tree(message) : null;
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                JsonGenerator json = PayloadView.writer(bytes, pretty)) {
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
                json.writeString(textual(message));
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

    /// The payload as a string: as it is, or in digits where they are asked for.
    private String textual(Publish message) {
        return switch (view) {
            case HEX, BASE64 -> new String(view.of(message, false), StandardCharsets.US_ASCII);
            case RAW, JSON, CBOR -> text(message.payload());
        };
    }

    private static String text(Payload payload) {
        return new String(payload.toByteArray(), StandardCharsets.UTF_8);
    }
}
