package io.sotto.conformance.chapters;

import static io.sotto.conformance.Property.authenticationMethod;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Client;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import java.util.List;

/// Chapters 3.15 and 4.12: enhanced authentication, as far as it shows without a method that both
/// sides know.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class AuthTest {
    private static final int MALFORMED = 0x81;
    private static final int PROTOCOL_ERROR = 0x82;
    private static final int NOT_AUTHORIZED = 0x87;
    private static final int BAD_METHOD = 0x8C;

    @Spec(
            value = {"MQTT-4.12.0-1", "MQTT-4.12.0-4", "MQTT-3.2.2-7", "MQTT-3.2.2-8"},
            says = "a method that is not supported is refused, then the end")
    public void an_unknown_method_is_refused(Broker broker) {
        broker.connect()
                .with(authenticationMethod("no such method"))
                .send()
                .expectConnectViolation(BAD_METHOD, NOT_AUTHORIZED);
    }

    @Spec(
            value = {"MQTT-4.12.0-6"},
            says = "without a method in CONNECT there is none in CONNACK, and no AUTH")
    public void a_plain_login_knows_no_method(Broker broker) {
        Client client = broker.client();

        Unexpected.unless(
                !client.connAck().properties().has(0x15), "with a method: %s", client.connAck());
        client.expectNothing();
    }

    @Spec(
            value = {"MQTT-4.12.0-7", "MQTT-4.12.1-1"},
            says = "AUTH on a connection without a method is a protocol error")
    public void auth_without_a_method_is_refused(Broker broker) {
        for (String body : List.of("18 04 15 <X>", "19 04 15 <X>", "19 00")) {
            Client client = broker.client();

            client.sendPacket(0xF0, body);

            client.expectViolation(PROTOCOL_ERROR);
        }
    }

    @Spec(
            value = {"MQTT-3.15.1-1", "H-FRM-13"},
            says = "AUTH has no flags")
    public void auth_with_flags_is_malformed(Broker broker) {
        for (int firstByte : new int[] {0xF1, 0xF2, 0xFF}) {
            Client client = broker.client();

            client.sendPacket(firstByte, "19 04 15 <X>");

            client.expectViolation(MALFORMED);
        }
    }

    @Spec(
            value = {"MQTT-3.15.2-1"},
            says = "AUTH with a code that clients do not have is refused")
    public void auth_with_another_code_is_refused(Broker broker) {
        for (String code : List.of("00", "01", "87")) {
            Client client = broker.client();

            client.sendPacket(0xF0, code + " 04 15 <X>");

            client.expectViolation(PROTOCOL_ERROR, MALFORMED);
        }
    }
}
