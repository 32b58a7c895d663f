package io.sotto.conformance.chapters;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Client;
import io.sotto.conformance.Property;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import io.sotto.conformance.Version;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Chapters 3.1.2.8, 3.1.2.9 and 3.1.3: client identifier, user name and password, and the
/// properties of CONNECT.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class ConnectPayloadTest {
    private static final int MALFORMED = 0x81;
    private static final int PROTOCOL_ERROR = 0x82;
    private static final int INVALID_ID = 0x85;
    private static final int CLEAN = 0x02;
    private static final String ALPHABET =
            "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    @Spec(
            value = {"MQTT-3.1.3-5", "MQTT3-3.1.3-5"},
            says = "identifiers of 1 to 23 letters and digits are accepted")
    public void every_length_up_to_23_is_accepted(Broker broker) {
        // The versions are judged at the same time, and the short ones cannot carry more than this
        // to tell them apart; no other identifier begins with a capital.
        String id = (broker.speaks5() ? "V" : "C") + broker.id("") + "x".repeat(23);
        for (int length = 1; length <= 23; length++) {
            broker.connect().id(id.substring(0, length)).open().disconnect();
        }
        for (int at = 0; at < ALPHABET.length(); at += 14) {
            String part = ALPHABET.substring(at, Math.min(at + 14, ALPHABET.length()));
            broker.connect().id(broker.id("") + part).open().disconnect();
        }
    }

    @Spec(
            value = {"MQTT-3.1.3-6", "MQTT-3.1.3-7", "MQTT-3.2.2-16"},
            says = "an empty identifier is replaced by a unique one, told in CONNACK")
    public void an_empty_identifier_is_replaced_by_a_unique_one(Broker broker) {
        Set<String> assigned = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            Client client = broker.connect().id("").open();
            assigned.add(client.connAck().properties().text(0x12));
        }

        assigned.remove("");
        Unexpected.unless(
                assigned.size() == 50, "50 clients were given %d identifiers", assigned.size());
    }

    @Spec(
            value = {"MQTT-3.1.3-7"},
            says = "the assigned identifier works as if the client had sent it")
    public void a_session_is_resumed_with_the_assigned_identifier(Broker broker) {
        Client first = broker.connect().id("").with(Property.sessionExpiry(5)).open();
        String id = first.connAck().properties().text(0x12);
        first.drop();

        Client second = broker.connect().id(id).resume().open();

        Unexpected.unless(second.connAck().sessionPresent(), "the session of %s is gone", id);
    }

    @Spec(
            value = {"MQTT3-3.1.3-6"},
            says = "an empty identifier with clean session 1 is taken as a unique one")
    public void empty_identifiers_do_not_collide(Broker broker) {
        List<Client> clients =
                IntStream.range(0, 20).mapToObj(_ -> broker.connect().id("").open()).toList();

        clients.forEach(Client::expectNothing);
    }

    @Spec(
            value = {"MQTT3-3.1.3-7", "MQTT3-3.1.3-8", "MQTT3-3.2.2-5", "MQTT3-3.2.2-4"},
            says = "an empty identifier with clean session 0 is refused with code 2, then the end")
    public void an_empty_identifier_without_clean_session_is_refused(Broker broker) {
        Client client = broker.openWith(0x00, "<>");

        client.expectBytes("20 02 00 02");
        client.expectClosed();
    }

    @Spec(value = "MQTT3-3.1.3-9", says = "MQTT 3.1 has no empty identifier: code 2")
    public void an_empty_identifier_is_refused_under_3_1(Broker broker) {
        Client client = broker.connect().version(Version.V31).id("").send();

        client.expectBytes("20 02 00 02");
        client.expectClosed();
    }

    @Spec(
            value = {"MQTT-3.1.3-8", "MQTT3-3.1.3-9", "H-CON-02", "MQTT-3.2.2-7"},
            says = "an identifier that the broker does not take is refused, then the end")
    public void an_identifier_of_60000_characters_is_refused_or_served(Broker broker) {
        String id = broker.id("long");
        Client client = broker.connect().id(id + "a".repeat(60_000 - id.length())).send();

        client.expectAcceptedOrRefused(broker.speaks5() ? INVALID_ID : 0x02);
    }

    @Spec(
            value = {"MQTT-3.1.3-4", "MQTT3-3.1.3-4"},
            says = "the client identifier is UTF-8")
    public void an_identifier_that_is_not_utf_8_is_closed(Broker broker) {
        for (String bytes : Strings.NOT_UTF_8) {
            broker.openWith(CLEAN, bytes).expectConnectViolation(MALFORMED, INVALID_ID);
        }
    }

    @Spec(
            value = {"MQTT-3.1.3-12", "MQTT3-3.1.3-11"},
            says = "the user name is UTF-8")
    public void a_user_name_that_is_not_utf_8_is_closed(Broker broker) {
        for (String bytes : Strings.NOT_UTF_8) {
            broker.openWith(0x82, "<%s> %s".formatted(broker.id("a"), bytes))
                    .expectConnectViolation(MALFORMED);
        }
    }

    @Spec(
            value = {"MQTT-3.1.2-16", "MQTT3-3.1.2-18"},
            says = "without the user name flag there is no user name")
    public void a_user_name_without_its_flag_is_closed(Broker broker) {
        broker.openWith(CLEAN, "<%s> <alice>".formatted(broker.id("a")))
                .expectConnectViolation(MALFORMED);
    }

    @Spec(
            value = {"MQTT-3.1.2-17", "MQTT3-3.1.2-19"},
            says = "with the user name flag there is a user name")
    public void a_missing_user_name_is_closed(Broker broker) {
        broker.openWith(0x82, "<%s>".formatted(broker.id("a"))).expectConnectViolation(MALFORMED);
    }

    @Spec(
            value = {"MQTT-3.1.2-18", "MQTT3-3.1.2-20"},
            says = "without the password flag there is no password")
    public void a_password_without_its_flag_is_closed(Broker broker) {
        broker.openWith(0x82, "<%s> <alice> <secret>".formatted(broker.id("a")))
                .expectConnectViolation(MALFORMED);
    }

    @Spec(
            value = {"MQTT-3.1.2-19", "MQTT3-3.1.2-21"},
            says = "with the password flag there is a password")
    public void a_missing_password_is_closed(Broker broker) {
        broker.openWith(0xC2, "<%s> <alice>".formatted(broker.id("a")))
                .expectConnectViolation(MALFORMED);
    }

    @Spec(value = "MQTT3-3.1.2-22", says = "no password without a user name in 3.1.1")
    public void a_password_without_a_user_name_is_closed(Broker broker) {
        broker.openWith(0x42, "<%s> <secret>".formatted(broker.id("a"))).expectClosed();
    }

    @Spec(value = "MQTT-3.1.2-19", says = "a password without a user name is legal in 5.0")
    public void a_password_alone_is_a_matter_of_the_login(Broker broker) {
        Client client = broker.openWith(0x42, "<%s> <token>".formatted(broker.id("a")));

        // Well formed: it may fail as a login only.
        client.expectAcceptedOrRefused(0x86, 0x87);
    }

    @Spec(
            value = {"MQTT-2.2.2-1"},
            says = "CONNECT without the length of its properties is malformed")
    public void a_connect_without_property_length_is_closed(Broker broker) {
        // The length of the client identifier, 00 nn, is read as "no properties" and half a length.
        broker.open()
                .sendPacket(0x10, "<MQTT> 05 02 003C <%s>".formatted(broker.id("a")))
                .expectConnectViolation(MALFORMED);
    }

    @Spec(
            value = {"MQTT-3.1.4-1", "MQTT-1.5.5-1", "H-CON-07"},
            says = "properties that CONNECT does not have, or has once, are refused")
    public void wrong_connect_properties_are_refused(Broker broker) {
        for (String wrong :
                List.of(
                        "11 0000000A 11 0000000A", // session expiry twice
                        "21 000A 21 000A", // receive maximum twice
                        "27 00001000 27 00001000", // maximum packet size twice
                        "22 000A 22 000A", // topic alias maximum twice
                        "19 00 19 00", // request response information twice
                        "17 01 17 01", // request problem information twice
                        "15 <X> 15 <X>", // authentication method twice
                        "01 00", // payload format, of a PUBLISH
                        "0B 01", // subscription identifier
                        "12 <x>", // assigned client identifier, of a CONNACK
                        "23 0001", // topic alias
                        "7F 00", // unknown
                        "00 00", // unknown
                        "11 0000")) { // cut
            broker.connect().with(wrong).send().expectConnectViolation(MALFORMED, PROTOCOL_ERROR);
        }
    }

    @Spec(
            value = {"MQTT-3.1.2-24", "MQTT-3.1.2-28", "MQTT-3.3.4-9", "H-CON-11"},
            says = "receive maximum 0, packet size 0 and booleans above 1 are protocol errors")
    public void impossible_values_of_connect_properties_are_refused(Broker broker) {
        for (String wrong :
                List.of(
                        Property.receiveMaximum(0),
                        Property.maximumPacketSize(0),
                        Property.requestResponseInformation(2),
                        Property.requestProblemInformation(2))) {
            broker.connect().with(wrong).send().expectConnectViolation(PROTOCOL_ERROR);
        }
    }

    @Spec(value = "MQTT-3.1.4-1", says = "authentication data needs a method")
    public void authentication_data_without_a_method_is_refused(Broker broker) {
        broker.connect().with("16 0001 00").send().expectConnectViolation(PROTOCOL_ERROR);
    }

    @Spec(
            value = {"MQTT-3.1.2-28"},
            says = "response information is not returned unless it was asked for")
    public void no_response_information_without_a_request(Broker broker) {
        for (String request : List.of("", Property.requestResponseInformation(0))) {
            Client client = broker.connect().with(request).open();

            Unexpected.unless(
                    !client.connAck().properties().has(0x1A), "it came: %s", client.connAck());
        }
    }

    @Spec(
            value = {"MQTT-3.1.3-2", "MQTT3-3.1.3-2"},
            says = "the client identifier names the session")
    public void two_identifiers_have_two_sessions(Broker broker) {
        String topic = broker.topic("mine");
        Client first = broker.connect().lasting().id(broker.id("one")).open();
        first.subscribe(topic, 1);

        Client second = broker.connect().lasting().id(broker.id("two")).open();

        Unexpected.unless(
                !second.connAck().sessionPresent(), "the second got the first one's session");
        second.expectNothing();
        broker.client().publish(topic, "for the first");
        first.expectPublish(topic, "for the first");
        second.expectNothing();
    }
}
