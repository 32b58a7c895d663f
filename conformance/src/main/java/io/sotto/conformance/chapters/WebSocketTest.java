package io.sotto.conformance.chapters;

import static io.sotto.conformance.WebSocket.BEGIN_BINARY;
import static io.sotto.conformance.WebSocket.BINARY;
import static io.sotto.conformance.WebSocket.CLOSE;
import static io.sotto.conformance.WebSocket.CONTINUE;
import static io.sotto.conformance.WebSocket.CONTINUE_LAST;
import static io.sotto.conformance.WebSocket.PING;
import static io.sotto.conformance.WebSocket.PONG;
import static io.sotto.conformance.WebSocket.TEXT;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Bystander;
import io.sotto.conformance.Bytes;
import io.sotto.conformance.Client;
import io.sotto.conformance.Lenient;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import io.sotto.conformance.WebSocket;
import io.sotto.conformance.WebSocket.Response;
import io.sotto.conformance.Will;
import java.util.Arrays;

/// MQTT over WebSocket: chapter 6 of both standards, and RFC 6455 as far as a broker can be seen to
/// keep it.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class WebSocketTest {
    private static final String ASKS = "Sec-WebSocket-Protocol: mqtt";

    private static WebSocket connected(Broker broker) {
        WebSocket page = broker.webSocket().opened().frame(BINARY, broker.connect().bytes());
        expectConnAck(page);
        return page;
    }

    private static void expectConnAck(WebSocket page) {
        Bytes connAck = page.expectBinary();
        Unexpected.unless(
                connAck.size() > 3 && connAck.first(1).equals(Bytes.of("20")),
                "%s is no CONNACK",
                connAck);
    }

    private static void expectPingResp(WebSocket page) {
        Bytes got = page.expectBinary();
        Unexpected.unless(got.equals(Bytes.of("D0 00")), "%s is no PINGRESP", got);
    }

    /// The code is RFC 6455's for data that is not accepted; MQTT asks for the end alone.
    private static void endsWith1003(Broker broker, WebSocket page) {
        int code = page.expectClose();
        broker.recommended(code == 1003, "close code %d instead of 1003", code);
    }

    @Spec(
            value = {"MQTT3-6.0.0-1", "MQTT-6.0.0-1", "H-WS-03"},
            says = "a text frame ends the connection, before and after CONNECT, best with 1003")
    public void a_text_frame_ends_the_connection(Broker broker) {
        endsWith1003(broker, broker.webSocket().opened().frame(TEXT, broker.connect().bytes()));

        String testament = broker.topic("will");
        Client heir = broker.subscriber(testament, 0);
        WebSocket page = broker.webSocket().opened();
        page.frame(BINARY, broker.connect().will(Will.to(testament, "text")).bytes());
        expectConnAck(page);
        endsWith1003(broker, page.frame(TEXT, "'hello'"));
        heir.expectPublish(testament, "text");
    }

    @Spec(
            value = {"MQTT3-6.0.0-2", "MQTT-6.0.0-2"},
            says = "a packet may come in frames of one byte, in messages or in fragments")
    public void a_packet_may_be_in_many_frames(Broker broker) {
        String topic = broker.topic("ü€😀");
        Client reader = broker.subscriber(topic, 0);
        WebSocket page = connected(broker);
        byte[] publish = Publish.to(topic, "tröpfchen").bytes(broker.version()).toArray();

        for (byte one : publish) {
            page.frame(BINARY, Bytes.of(new byte[] {one}));
        }
        reader.expectPublish(topic, "tröpfchen");

        for (int i = 0; i < publish.length; i++) {
            int first = i == 0 ? BEGIN_BINARY : i < publish.length - 1 ? CONTINUE : CONTINUE_LAST;
            page.frame(first, Bytes.of(new byte[] {publish[i]}));
        }
        reader.expectPublish(topic, "tröpfchen");
    }

    @Spec(
            value = {"MQTT3-6.0.0-2", "MQTT-6.0.0-2"},
            says = "a frame may have many packets, and end within one")
    public void a_frame_may_have_many_packets(Broker broker) {
        String topic = broker.topic("many");
        Client reader = broker.subscriber(topic, 0);
        Bytes all = broker.connect().bytes();
        for (int i = 0; i < 10; i++) {
            all = all.plus(Publish.to(topic, "message " + i).bytes(broker.version()));
        }
        Bytes last = Publish.to(topic, "cut").bytes(broker.version());

        WebSocket page = broker.webSocket().opened();
        page.frame(BINARY, all.plus(last.first(3)));
        page.frame(BINARY, Bytes.of(Arrays.copyOfRange(last.toArray(), 3, last.size())));

        expectConnAck(page);
        for (int i = 0; i < 10; i++) {
            reader.expectPublish(topic, "message " + i);
        }
        reader.expectPublish(topic, "cut");
    }

    @Spec(
            value = {"MQTT3-6.0.0-3", "MQTT-6.0.0-3", "H-WS-01"},
            says = "a client that does not offer the subprotocol mqtt gets 400")
    public void the_subprotocol_has_to_be_offered(Broker broker) {
        for (String offer : new String[] {"", "Sec-WebSocket-Protocol: amqp"}) {
            WebSocket page = broker.webSocket();
            Response response = offer.isEmpty() ? page.request() : page.request(offer);
            if (response.status() == 101) {
                throw new Lenient("status 101: served without the subprotocol");
            }
            expectStatus(response, 400);
        }
        WebSocket many = broker.webSocket();
        expectStatus(many.request(ASKS + ", x".repeat(1_000)), 400);
        many.expectEnd();
    }

    private static void expectStatus(Response response, int status) {
        Unexpected.unless(
                response.status() == status, "status %d instead of %d", response.status(), status);
    }

    @Spec(
            value = {"MQTT3-6.0.0-4", "MQTT-6.0.0-4"},
            says = "the subprotocol that comes back is the one of MQTT that was offered")
    public void the_subprotocol_is_said(Broker broker) {
        for (String offer : new String[] {"mqtt", "amqp, mqtt", "mqtt,wamp"}) {
            Response response = broker.webSocket().request("Sec-WebSocket-Protocol: " + offer);

            expectStatus(response, 101);
            String chosen = response.header("Sec-WebSocket-Protocol");
            Unexpected.unless(chosen.equals("mqtt"), "'%s' was chosen of %s", chosen, offer);
            // of RFC 6455: the key of 16 zeros, hashed
            String accept = response.header("Sec-WebSocket-Accept");
            Unexpected.unless(accept.equals("ICX+Yqv66kxgM0FcWaLWlFLwTAI="), "accept %s", accept);
            Unexpected.unless(
                    response.header("Sec-WebSocket-Extensions").isEmpty(), "an extension unasked");
        }
    }

    @Spec(
            value = {"H-WS-02", "H-WS-09"},
            says = "frames that break RFC 6455 end with 1002")
    public void broken_frames_end_with_1002(Broker broker) {
        Bystander bystander = broker.bystander();
        for (String frame :
                new String[] {
                    "82 02 C0 00", // not masked
                    "C2 82 00000000 C0 00", // a reserved bit
                    "83 82 00000000 C0 00", // an opcode of the future
                    "80 82 00000000 C0 00", // a continuation of nothing
                    "88 81 00000000 03", // half a close code
                }) {
            connected(broker).send(Bytes.of(frame)).expectClose(1002);
        }
        connected(broker).frame(CLOSE, "03E8 C328").expectClose(1007);
        bystander.noticesNothing();
    }

    @Spec(
            value = {"H-WS-04", "H-WS-05"},
            says = "a frame or a message without end is refused with 1009")
    public void frames_without_end_are_refused(Broker broker) {
        Bystander bystander = broker.bystander();
        connected(broker).send(Bytes.of("82 FF 7FFFFFFFFFFFFFFF 00000000")).expectClose(1009);

        Bytes endless = WebSocket.framed(BEGIN_BINARY, Bytes.of(""));
        Bytes piece = WebSocket.framed(CONTINUE, Bytes.of(""));
        for (int i = 0; i < 11; i++) {
            piece = piece.plus(piece);
        }
        connected(broker).send(endless.plus(piece)).expectClose(1009);
        bystander.noticesNothing();
    }

    @Spec(
            value = {"H-WS-06"},
            says = "pings are answered; broken ones end the connection with 1002")
    public void pings_are_answered(Broker broker) {
        WebSocket page = connected(broker).frame(PING, "'here'");
        Bytes pong = page.expect(PONG);
        Unexpected.unless(pong.text().equals("here"), "another payload: %s", pong);

        connected(broker).frame(PING, Bytes.of(new byte[126])).expectClose(1002);
        connected(broker).frame(0x09, "'part'").expectClose(1002);
        page.frame(BINARY, "C0 00");
        expectPingResp(page);
    }

    @Spec(
            value = {"H-WS-07"},
            says = "a packet larger than the limit in a tiny frame ends the connection")
    public void a_huge_packet_in_a_tiny_frame(Broker broker) {
        connected(broker).frame(BINARY, "30 FF FF FF 7F").expectClose(1000);
    }

    @Spec(
            value = {"H-WS-08"},
            says = "permessage-deflate is not taken, and a compressed frame ends with 1002")
    public void compression_is_not_taken(Broker broker) {
        WebSocket page = broker.webSocket();
        Response response = page.request(ASKS, "Sec-WebSocket-Extensions: permessage-deflate");
        expectStatus(response, 101);
        Unexpected.unless(
                response.header("Sec-WebSocket-Extensions").isEmpty(), "an extension was taken");

        page.frame(0xC2, "00 00").expectClose(1002);
    }

    @Spec(
            value = {"H-WS-10"},
            says = "a request too large or in two ways to be read is refused, and the end follows")
    public void crooked_requests_are_refused(Broker broker) {
        Bystander bystander = broker.bystander();
        WebSocket page = broker.webSocket();
        expectStatus(page.request(ASKS, "X: " + "x".repeat(100_000)), 431);
        page.expectEnd();
        for (String line :
                new String[] {
                    "Transfer-Encoding: chunked",
                    "Content-Length: 1\r\nContent-Length: 2",
                    "X: folded\r\n line"
                }) {
            page = broker.webSocket();
            expectStatus(page.request(ASKS, line), 400);
            page.expectEnd();
        }
        bystander.noticesNothing();
    }
}
