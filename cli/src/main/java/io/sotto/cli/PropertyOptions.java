package io.sotto.cli;

import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.UserProperty;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The properties of MQTT 5.0 that a command line adds to its packets, packet by packet.
final class PropertyOptions {
    private static final long MOST = 0xFFFF_FFFFL;
    private static final int MOST_SHORT = 65_535;
    private static final int MOST_IDENTIFIER = 268_435_455;
    private static final int RECEIVE_MAXIMUM = 1_000;

    @Option(
            names = {"-D", "--property"},
            arity = "3..4",
            paramLabel = "PACKET NAME VALUE",
            hideParamSyntax = true,
            parameterConsumer = Property.Words.class,
            description =
                    "A property of MQTT 5.0, as in -D publish content-type text/plain or -D publish"
                            + " user-property KEY VALUE. May be repeated; implies -V 5.")
    List<Property> given = new ArrayList<>();

    PropertyOptions() {}

    boolean areGiven() {
        return !given.isEmpty();
    }

    private List<Property> of(String packet) {
        return given.stream().filter(property -> property.packet().equals(packet)).toList();
    }

    private List<UserProperty> userProperties(String packet) {
        return of(packet).stream()
                .filter(property -> property.name().equals(Property.USER))
                .map(property -> new UserProperty(property.value(), property.second()))
                .toList();
    }

    /// Those of CONNECT.
    ///
    /// @param expiry the session expiry interval where none is given here
    Connect.Properties connect(long expiry) {
        long session = expiry;
        long receive = RECEIVE_MAXIMUM;
        long size = 0;
        long aliases = 0;
        boolean response = false;
        boolean problem = true;
        for (Property property : of("connect")) {
            switch (property.name()) {
                case "session-expiry-interval" -> session = property.number(0, MOST);
                case "receive-maximum" -> receive = property.number(1, MOST_SHORT);
                case "maximum-packet-size" -> size = property.number(1, MOST);
                case "topic-alias-maximum" -> aliases = property.number(0, MOST_SHORT);
                case "request-response-information" -> response = property.number(0, 1) == 1;
                case "request-problem-information" -> problem = property.number(0, 1) == 1;
                case Property.USER -> {}
                default -> throw property.misplaced();
            }
        }
        return new Connect.Properties(
                session,
                (int) receive,
                size,
                (int) aliases,
                response,
                problem,
                userProperties("connect"),
                null,
                null);
    }

    /// Those of a message.
    ///
    /// @param packet `publish` or `will`
    /// @param answers the response topic where none is given here
    PublishProperties message(String packet, @Nullable String answers) {
        int format = PublishProperties.ABSENT;
        long expiry = PublishProperties.ABSENT;
        String type = null;
        String response = answers;
        Payload correlation = null;
        for (Property property : of(packet)) {
            switch (property.name()) {
                case "payload-format-indicator" -> format = (int) property.number(0, 1);
                case "message-expiry-interval" -> expiry = property.number(0, MOST);
                case "content-type" -> type = property.value();
                case "response-topic" -> response = property.value();
                case "correlation-data" -> correlation = Payload.of(property.value());
                case Property.USER -> {}
                default -> {
                    if (!isOfTheHop(property)) {
                        throw property.misplaced();
                    }
                }
            }
        }
        return new PublishProperties(
                format, expiry, type, response, correlation, userProperties(packet));
    }

    /// What belongs to the way and not to the message.
    private static boolean isOfTheHop(Property property) {
        return property.name()
                .equals(property.packet().equals("will") ? "will-delay-interval" : "topic-alias");
    }

    /// How long the will waits, in seconds.
    long willDelay() {
        return number("will", "will-delay-interval", MOST);
    }

    /// Whether a topic is to be sent by an alias. Which number it has is the client's business.
    boolean aliasesTopics() {
        return number("publish", "topic-alias", MOST_SHORT) > 0;
    }

    /// The subscription identifier, 0 for none. Nothing else can be sent with a subscription.
    int subscriptionIdentifier() {
        for (Property property : given) {
            boolean subscribing = property.packet().endsWith("subscribe");
            if (subscribing && !property.name().equals("subscription-identifier")) {
                throw property.misplaced();
            }
        }
        return (int) number("subscribe", "subscription-identifier", MOST_IDENTIFIER);
    }

    private long number(String packet, String name, long most) {
        long last = 0;
        for (Property property : of(packet)) {
            if (property.name().equals(name)) {
                last = property.number(1, most);
            }
        }
        return last;
    }

    /// The farewell.
    Disconnect disconnect() {
        long expiry = -1;
        for (Property property : of("disconnect")) {
            switch (property.name()) {
                case "session-expiry-interval" -> expiry = property.number(0, MOST);
                case Property.USER -> {}
                default -> throw property.misplaced();
            }
        }
        return new Disconnect(
                ReasonCode.SUCCESS,
                expiry,
                new Diagnostics(null, userProperties("disconnect")),
                null);
    }
}
