package io.sotto.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Recovery;
import io.sotto.broker.spi.SessionStore.Grant;
import io.sotto.store.StoreException;
import io.sotto.store.StoreFolder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Retained messages and sessions as lines of JSON, for people and other programs.
@Command(
        name = "export",
        description = "Prints retained messages and sessions, a line of JSON each.")
final class StoreExport extends StoreCommand.Part {
    @Override
    int run() throws StoreException {
        try (StoreFolder store = StoreFolder.open(data)) {
            Lines lines = new Lines();
            store.tell(lines);
            lines.sessions.values().forEach(line -> out().println(line));
        }
        return CommandLine.ExitCode.OK;
    }

    /// Prints retained messages as they come; what belongs to a session comes in parts.
    private final class Lines implements Recovery.Listener {
        private final Map<Long, ObjectNode> sessions = new LinkedHashMap<>();

        @Override
        public void totals(Map<String, Long> totals) {
            ObjectNode line = JsonNodeFactory.instance.objectNode();
            line.put("type", "totals");
            new TreeMap<>(totals).forEach(line::put);
            out().println(line);
        }

        @Override
        public void retained(Message message) {
            ObjectNode line = JsonNodeFactory.instance.objectNode();
            line.put("type", "retained");
            line.put("topic", message.topic().toString());
            line.put("qos", message.qos().level());
            payload(line, message.payload().toByteArray());
            line.put("publisher", message.publisher());
            line.put("arrivedAt", time(message.arrivedAt()));
            if (message.expiresAt() != Long.MAX_VALUE) {
                line.put("expiresAt", time(message.expiresAt()));
            }
            out().println(line);
        }

        @Override
        public void session(Recovery.KeptSession session) {
            ObjectNode line = JsonNodeFactory.instance.objectNode();
            line.put("type", "session");
            line.put("clientId", session.owner().clientId());
            line.put("user", session.owner().principal().name());
            line.put("expiryInterval", session.expiryInterval());
            line.put("connected", session.isOpen());
            if (!session.isOpen() && session.expiresAt() != Long.MAX_VALUE) {
                line.put("expiresAt", time(session.expiresAt()));
            }
            if (session.will() != null) {
                line.put("willTopic", session.will().topic().toString());
            }
            line.putArray("subscriptions");
            line.put("queued", 0L);
            sessions.put(session.number(), line);
        }

        @Override
        public void subscribed(long session, Grant grant) {
            ObjectNode line = sessions.get(session);
            if (line != null && line.get("subscriptions") instanceof ArrayNode subscriptions) {
                ObjectNode subscription = subscriptions.addObject();
                subscription.put("filter", grant.filter().toString());
                subscription.put("qos", grant.qos().level());
                subscription.put("noLocal", grant.noLocal());
                subscription.put("retainAsPublished", grant.retainAsPublished());
                if (grant.identifier() != 0) {
                    subscription.put("identifier", grant.identifier());
                }
            }
        }

        @Override
        public void received(long session, int packetId) {}

        @Override
        public void sent(Recovery.Sent sent) {}

        @Override
        public void queued(Recovery.Copy copy) {
            ObjectNode line = sessions.get(copy.session());
            if (line != null) {
                line.put("queued", line.get("queued").longValue() + 1);
            }
        }
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    /// As text where it is text.
    private static void payload(ObjectNode line, byte[] payload) {
        try {
            line.put(
                    "payload",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(payload))
                            .toString());
        } catch (CharacterCodingException e) {
            line.put("payloadBase64", Base64.getEncoder().encodeToString(payload));
        }
    }
}
