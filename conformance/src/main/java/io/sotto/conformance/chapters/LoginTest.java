package io.sotto.conformance.chapters;

import static io.sotto.conformance.Bytes.packet;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Bytes;
import io.sotto.conformance.Client;
import io.sotto.conformance.Connect;
import io.sotto.conformance.Packet;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Target.Login;
import io.sotto.conformance.Unexpected;
import io.sotto.conformance.Will;
import java.util.List;
import java.util.Locale;

/// Chapter 3.1.4, where clients have to log in: nothing of a refused CONNECT takes effect.
///
/// Runs against brokers whose logins are known.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class LoginTest {
    private static final int INVALID_ID = 0x85;

    @Spec(
            value = {
                "MQTT-3.1.4-2",
                "MQTT-3.1.4-5",
                "MQTT-3.2.2-7",
                "MQTT-3.2.2-8",
                "MQTT3-3.1.4-4",
                "MQTT3-3.2.2-5",
                "H-CON-04"
            },
            says = "only the right user with the right password is let in")
    public void only_the_right_password_opens(Broker broker) {
        Login login = broker.logins(1).getFirst();
        String user = login.user();

        broker.connect().open().expectNothing();
        expectRefused(broker, broker.connectAnonymously().user(user).password("wrong"));
        expectRefused(broker, broker.connectAnonymously().user(user).password(""));
        expectRefused(broker, broker.connectAnonymously().user(user));
        expectRefused(broker, broker.connectAnonymously().user("").password(login.password()));
        expectRefused(broker, broker.connectAnonymously().user("").password(""));
        expectRefused(broker, broker.connectAnonymously().user("nobody").password("wrong"));
        if (broker.speaks5()) {
            expectRefused(broker, broker.connectAnonymously().password(login.password()));
        }
    }

    @Spec(
            value = {"MQTT-3.1.4-2", "MQTT3-3.1.4-4", "H-CON-04"},
            says = "where clients have to log in, nobody is let in without")
    public void nobody_is_let_in_without_a_login(Broker broker) {
        broker.logins(1);
        Client client = broker.connectAnonymously().send();

        boolean accepted = client.receiveOrEnd().filter(p -> p.reason() == 0).isPresent();

        broker.recommended(!accepted, "anonymous clients are let in too");
    }

    @Spec(
            value = {"MQTT-3.1.4-2", "MQTT-3.1.3-12", "MQTT3-3.1.3-11", "H-CON-05"},
            says = "user names are compared byte by byte")
    public void user_names_are_compared_byte_by_byte(Broker broker) {
        Login login = broker.logins(1).getFirst();
        String user = login.user();
        for (String similar :
                List.of(user.toUpperCase(Locale.ROOT), user + " ", " " + user, user + "\u200B")) {
            expectRefused(
                    broker, broker.connectAnonymously().user(similar).password(login.password()));
        }
    }

    /// CONNACK with a code for a failed login, and the end.
    private static Packet expectRefused(Broker broker, Connect connect) {
        Client client = connect.send();
        return broker.speaks5()
                ? client.expectRefused(0x86, 0x87)
                : client.expectRefused(0x04, 0x05);
    }

    @Spec(
            value = {"MQTT-3.1.4-6", "MQTT3-3.1.4-5", "H-CON-13"},
            says = "what follows a refused login is not processed")
    public void what_follows_a_refused_login_is_not_processed(Broker broker) {
        Login login = broker.logins(1).getFirst();
        String topic = broker.topic("stowaway");
        Client watcher = broker.subscriber(topic, 0);
        String none = broker.noProperties();
        Bytes connect = broker.connectAnonymously().user(login.user()).password("wrong").bytes();

        Client client =
                broker.open()
                        .send(
                                connect.plus(packet(0x31, "<%s> %s 'x'".formatted(topic, none)))
                                        .plus(packet(0x82, "0001 %s <#> 00".formatted(none)))
                                        .plus("E0 00"));

        client.expectRefused(broker.speaks5() ? 0x86 : 0x04, broker.speaks5() ? 0x87 : 0x05);
        watcher.expectNothingFrom(broker.client());
        broker.subscriber(topic, 0).expectNothing();
    }

    @Spec(
            value = {
                "MQTT-3.1.2-4",
                "MQTT-3.1.4-3",
                "MQTT-3.2.2-6",
                "MQTT3-3.1.4-2",
                "MQTT3-3.1.4-3",
                "MQTT3-3.2.2-4",
                "H-CON-14"
            },
            says = "a refused login takes no session over, and cleans none")
    public void a_refused_login_touches_no_session(Broker broker) {
        Login login = broker.logins(1).getFirst();
        String id = broker.id("victim");
        String topic = broker.topic("victim");
        Client victim = broker.connect().id(id).lasting().open();
        victim.subscribe(topic, 1);

        Packet refusal =
                expectRefused(
                        broker,
                        broker.connectAnonymously().id(id).user(login.user()).password("wrong"));

        Unexpected.unless(!refusal.sessionPresent(), "session present: %s", refusal);
        Client publisher = broker.client();
        publisher.publish(Publish.to(topic, "live").qos(1));
        victim.take(topic, "live");
        victim.drop();
        publisher.publish(Publish.to(topic, "queued").qos(1));
        expectRefused(
                broker, broker.connectAnonymously().id(id).user(login.user()).password("wrong"));
        broker.connect().id(id).lasting().open().take(topic, "queued");
    }

    @Spec(
            value = {"MQTT3-3.1.2-8", "MQTT-3.1.2-7"},
            says = "a refused login leaves no will")
    public void a_refused_login_leaves_no_will(Broker broker) {
        Login login = broker.logins(1).getFirst();
        String testament = broker.topic("will");
        Client heir = broker.subscriber(testament, 0);

        expectRefused(
                broker,
                broker.connectAnonymously()
                        .user(login.user())
                        .password("wrong")
                        .will(Will.to(testament, "never").retained()));

        heir.expectNothingFrom(broker.client());
        broker.subscriber(testament, 0).expectNothing();
    }

    @Spec(
            value = {"MQTT-3.2.2-19", "MQTT-3.2.2-20", "MQTT-3.1.2-24"},
            says = "a refused login keeps to the client's maximum packet size")
    public void a_refused_login_fits_a_tiny_client(Broker broker) {
        Login login = broker.logins(1).getFirst();

        expectRefused(
                broker,
                broker.connectAnonymously().user(login.user()).password("wrong").packetLimit(8));
    }

    @Spec(
            value = {"MQTT-3.1.3-2", "MQTT-3.1.3-8", "MQTT3-3.1.3-2", "MQTT3-3.1.3-9", "H-CON-15"},
            says = "another user does not get the session of an identifier")
    public void another_user_does_not_get_the_session(Broker broker) {
        List<Login> logins = broker.logins(2);
        String id = broker.id("mine");
        String topic = broker.topic("mine");
        Client owner = broker.connect().id(id).lasting().open();
        owner.subscribe(topic, 1);

        Client thief = broker.connectAnonymously().login(logins.get(1)).id(id).send();
        boolean refused = thief.expect(PacketType.CONNACK).reason() != 0;
        broker.recommended(refused, "a session belongs to whoever knows its identifier");
        if (!refused) {
            return;
        }

        Client publisher = broker.client();
        publisher.publish(Publish.to(topic, "still mine").qos(1));
        owner.take(topic, "still mine");
        owner.drop();
        broker.connectAnonymously()
                .login(logins.get(1))
                .id(id)
                .send()
                .expectRefused(broker.speaks5() ? INVALID_ID : 0x02);
        publisher.publish(Publish.to(topic, "queued for me").qos(1));
        broker.connect().id(id).lasting().open().take(topic, "queued for me");
    }
}
