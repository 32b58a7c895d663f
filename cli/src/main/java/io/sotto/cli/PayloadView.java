package io.sotto.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.sotto.mqtt.Publish;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/// What a payload is written as.
enum PayloadView {
    /// The bytes as they are.
    RAW,
    /// Two digits a byte.
    HEX,
    /// Base64 with padding, on one line.
    BASE64,
    /// Read as JSON and written again.
    JSON,
    /// Read as CBOR and written as JSON: byte strings in Base64, tags left out.
    CBOR;

    /// Numbers of a payload are written as they came.
    private static final JsonMapper JSON_MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private static final CBORMapper CBOR_MAPPER =
            CBORMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    /// A payload that should be JSON or CBOR and is not.
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unreadable(String topic, String kind) {
            super("the payload on " + topic + " is no " + kind);
        }
    }

    /// The payload to be written.
    ///
    /// @param pretty whether JSON takes several lines
    /// @throws Unreadable when it is not what it should be
    byte[] of(Publish message, boolean pretty) {
        byte[] bytes = message.payload().toByteArray();
        return switch (this) {
            case RAW -> bytes;
            case HEX -> HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.US_ASCII);
            case BASE64 -> Base64.getEncoder().encode(bytes);
            case JSON, CBOR -> written(tree(message), pretty);
        };
    }

    /// A JSON writer, set up as asked.
    static JsonGenerator writer(ByteArrayOutputStream to, boolean pretty) throws IOException {
        JsonGenerator json = JSON_MAPPER.createGenerator(to);
        if (pretty) {
            json.useDefaultPrettyPrinter();
        }
        return json;
    }

    private static byte[] written(JsonNode tree, boolean pretty) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = writer(out, pretty)) {
            json.writeTree(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /// The payload as a tree: of CBOR where this is its view, else of JSON.
    ///
    /// @throws Unreadable when it is none
    JsonNode tree(Publish message) {
        ObjectMapper mapper = this == CBOR ? CBOR_MAPPER : JSON_MAPPER;
        String kind = this == CBOR ? "CBOR" : "JSON";
        byte[] bytes = message.payload().toByteArray();
        try {
            // Text by a lenient decoder: a stray byte in a string is no reason to show nothing.
            JsonNode tree =
                    this == CBOR
                            ? mapper.readTree(bytes)
                            : mapper.readTree(new String(bytes, StandardCharsets.UTF_8));
            if (tree != null && !tree.isMissingNode()) {
                return tree;
            }
        } catch (JsonProcessingException e) {
            // Said below.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new Unreadable(message.topic().toString(), kind);
    }
}
