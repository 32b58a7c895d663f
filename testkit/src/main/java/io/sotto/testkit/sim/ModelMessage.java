package io.sotto.testkit.sim;

import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.Will;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A message that the broker took over.
///
/// @param seq its place among all events of the run
/// @param key topic and payload: by that it is known again
record ModelMessage(
        long seq, String key, String topic, Publish publish, String publisher, long takenAt) {
    static ModelMessage of(long seq, String topic, Publish publish, String publisher, long now) {
        return new ModelMessage(seq, key(topic, publish), topic, publish, publisher, now);
    }

    static ModelMessage ofWill(long seq, Will will, String publisher, long now) {
        Publish publish =
                new Publish(
                        will.topic(),
                        will.payload(),
                        will.qos(),
                        will.retain(),
                        false,
                        0,
                        0,
                        List.of(),
                        will.properties());
        return of(seq, will.topic().toString(), publish, publisher, now);
    }

    static String key(String topic, Publish publish) {
        byte[] bytes = publish.payload().toByteArray();
        return topic
                + "|"
                + new String(bytes, 0, Math.min(bytes.length, 24), StandardCharsets.ISO_8859_1);
    }

    QoS qos() {
        return publish.qos();
    }

    long expiresAt() {
        long interval = publish.properties().messageExpiryInterval();
        return interval < 0 ? Long.MAX_VALUE : takenAt + interval * 1000;
    }

    boolean isExpired(long now) {
        return now >= expiresAt();
    }

    /// What is wrong with a copy of it, beyond what belongs to one subscriber; empty when nothing
    /// is.
    String difference(Publish copy, ProtocolVersion version, long now) {
        if (!publish.payload().equals(copy.payload())) {
            return "another payload";
        }
        if (version != ProtocolVersion.MQTT_5) {
            return "";
        }
        PublishProperties mine = publish.properties();
        PublishProperties its = copy.properties();
        long left = its.messageExpiryInterval();
        if (mine.messageExpiryInterval() < 0) {
            if (left >= 0) {
                return "an expiry interval that was not given";
            }
        } else {
            long waited = (now - takenAt) / 1000;
            long highest = Math.max(1, mine.messageExpiryInterval() - waited);
            if (left < Math.max(1, highest - 1) || left > highest) {
                return "expiry interval " + left + " instead of " + highest;
            }
        }
        PublishProperties same =
                new PublishProperties(
                        its.payloadFormatIndicator(),
                        mine.messageExpiryInterval(),
                        its.contentType(),
                        its.responseTopic(),
                        its.correlationData(),
                        its.userProperties());
        return same.equals(mine) ? "" : "properties " + its;
    }
}
