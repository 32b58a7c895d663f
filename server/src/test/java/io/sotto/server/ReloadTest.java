package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Client;
import io.sotto.conformance.Connect;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Target;
import io.sotto.conformance.Version;
import io.sotto.conformance.Will;
import io.sotto.server.Reload.Report;
import io.sotto.server.config.ConfigException;
import io.sotto.testkit.login.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a running broker makes of a configuration that has changed.
@Timeout(60)
class ReloadTest {
    private static final Target.Login ANN = new Target.Login("ann", "a");
    private static final Target.Login BOB = new Target.Login("bob", "b");
    private static final String BOTH = "users:\n" + user(ANN) + user(BOB);
    private static final String HOME =
            """
            acl:
              - user: [ann, bob]
                allow: both
                topics: [home/#, conformance/#]
            """;

    @TempDir Path directory = Path.of("");
    private LiveBroker live;
    private Broker broker;

    private static String user(Target.Login login) {
        return LiveBroker.user(login.user(), login.password());
    }

    @BeforeEach
    void start() throws IOException, ConfigException, GeneralSecurityException {
        live = new LiveBroker(directory, BOTH + HOME);
        broker = Broker.of(Target.of(live.tcp()).with(List.of(ANN)), Version.V5, "r");
    }

    @AfterEach
    void stop() {
        broker.close();
        live.close();
    }

    private Connect connect(Target.Login login, Version version) {
        return broker.connectAnonymously().version(version).login(login);
    }

    @Test
    void who_is_removed_or_has_another_password_is_told_and_others_stay() {
        Client ann = connect(ANN, Version.V5).open();
        Client bob = connect(BOB, Version.V5).open();
        Client oldBob = connect(BOB, Version.V311).open();

        Report report =
                live.reload("users:\n" + user(ANN) + user(new Target.Login("bob", "x")) + HOME);

        assertThat(report.status()).isZero();
        assertThat(report.lines())
                .contains("user 'bob' has another password or credential")
                .last()
                .asString()
                .endsWith("2 connections ended, 0 subscriptions withheld, 0 given back");
        assertThat(bob.expect(PacketType.DISCONNECT).reason()).isEqualTo(0x87);
        oldBob.expectClosed();
        ann.expectNothing();
        connect(BOB, Version.V5).send().expectRefused(0x86);

        live.reload("users:\n" + user(BOB) + HOME);

        assertThat(ann.expect(PacketType.DISCONNECT).reason()).isEqualTo(0x87);
        connect(BOB, Version.V5).open();
    }

    @Test
    void the_first_user_closes_the_door_for_those_without_a_name() {
        live.reload("");
        Client nobody = broker.connectAnonymously().open();

        Report report = live.reload(BOTH);

        assertThat(report.lines()).contains("listener plain admits nobody without a user name");
        assertThat(nobody.expect(PacketType.DISCONNECT).reason()).isEqualTo(0x87);
        broker.connectAnonymously().send().expectRefused(0x87);
    }

    @Test
    void who_came_by_a_token_stays_while_tokens_are_judged_alike() throws Exception {
        Path key = Files.writeString(directory.resolve("key"), "k".repeat(32));
        String tokens = "jwt: {algorithms: [HS256], key-file: %s}\n".formatted(key);
        live.reload(BOTH + tokens);
        Target.Login cy = new Target.Login("cy", Tokens.of("cy", 600, "k".repeat(32)));
        Client token = connect(cy, Version.V5).open();
        Client ann = connect(ANN, Version.V5).open();

        live.reload(BOTH + HOME + tokens);
        token.expectNothing();
        Files.writeString(key, "l".repeat(32));
        Report preview = live.preview(BOTH + tokens);
        Report report = live.reload();

        assertThat(preview.lines())
                .anyMatch(line ->
                        line.contains("('cy')")
                                && line.endsWith(
                                        "would be disconnected: jwt, http-login or authentication"
                                                + " is another"));
        assertThat(report.lines()).last().asString().contains("1 connections ended");
        assertThat(token.expect(PacketType.DISCONNECT).reason()).isEqualTo(0x87);
        ann.expectNothing();
        connect(cy, Version.V5).send().expectRefused(0x86);
    }

    @Test
    @Hostile("H-PUB-14")
    void a_retained_message_of_who_lost_the_right_waits_for_it_to_come_back() {
        Client bob = connect(BOB, Version.V5).open();
        bob.publish(Publish.to("home/lamp", "on").qos(1).retain());
        String without = HOME + "  - {user: bob, deny: publish, topics: home/lamp}\n";

        live.reload(BOTH + without);
        Client ann = connect(ANN, Version.V5).open();
        ann.subscribe("home/#", 1);
        ann.expectNothing();

        live.reload(BOTH + without + "acl-retained: kept\n");
        ann.subscribe("home/#", 1);
        ann.expectPublish("home/lamp", "on");

        live.reload(BOTH + HOME);
        Client later = connect(ANN, Version.V5).open();
        later.subscribe("home/+", 1);
        later.expectPublish("home/lamp", "on");
    }

    @Test
    void a_limit_holds_from_then_on() {
        Client before = connect(ANN, Version.V5).open();

        Report report = live.reload(BOTH + HOME + "limits.topic-aliases: 7\nmqtt.maximum-qos: 1\n");

        assertThat(report.lines())
                .contains("limits.topic-aliases: 32 -> 7", "mqtt.maximum-qos: 2 -> 1");
        before.publish(Publish.to("home/lamp", "still QoS 2").qos(2));
        Client after = connect(ANN, Version.V5).open();
        assertThat(after.connAck().properties().number(0x22, 0)).isEqualTo(7);
        assertThat(after.connAck().properties().number(0x24, 2)).isEqualTo(1);
    }

    @Test
    void what_needs_a_restart_is_named_each_time_and_the_rest_applies() {
        String more = "loops: 7\nlimits.packet-size: 2MiB\n";

        Report first = live.reload(BOTH + HOME + more + "clients.empty-id: false\n");
        Report second = live.reload(BOTH + HOME + more);

        assertThat(first.status()).isZero();
        assertThat(first.lines())
                .contains(
                        "limits.packet-size needs a restart: 1MiB -> 2MiB",
                        "clients.empty-id: true -> false")
                .anyMatch(line -> line.startsWith("loops needs a restart: "));
        assertThat(second.lines())
                .contains(
                        "limits.packet-size needs a restart: 1MiB -> 2MiB",
                        "clients.empty-id: false -> true");
    }

    @Test
    void a_dry_run_says_who_would_be_affected_and_changes_nothing() {
        Client ann = connect(ANN, Version.V5).id("lamp").open();
        ann.subscribe("home/#", 1);
        Client bob = connect(BOB, Version.V5).id("door").open();

        Report report =
                live.preview(
                        "users:\n"
                                + user(ANN)
                                + HOME.replace("home/#", "home/lamp/#")
                                + "limits.keep-alive: 1h\n");

        assertThat(report.status()).isZero();
        assertThat(report.lines())
                .contains(
                        "user 'bob' is gone",
                        "limits.keep-alive: unlimited -> 1h",
                        "2 of 2 clients that are connected would be affected",
                        "nothing was changed: this was a dry run")
                .anyMatch(line ->
                        line.startsWith("client lamp ('ann')")
                                && line.contains("publishes by other rules: - allow both home/#")
                                && line.contains("+ allow both home/lamp/#")
                                && line.endsWith("loses its subscription home/#"))
                .anyMatch(line ->
                        line.startsWith("client door ('bob')")
                                && line.contains("would be disconnected"));
        bob.publish(Publish.to("home/x", "still there").qos(1));
        ann.take("home/x", "still there");
    }

    @Test
    @Hostile({"H-CFG-01"})
    void a_faulty_file_changes_nothing_and_is_named_with_its_line() throws IOException {
        Client ann = connect(ANN, Version.V5).open();
        Client bob = connect(BOB, Version.V5).open();
        bob.subscribe("home/#", 1);
        Path rules = Files.writeString(directory.resolve("rules.acl"), "topic raed home/#\n");
        Path passwords = Files.writeString(directory.resolve("passwords"), "carl\n");
        String gone = "users:\n" + user(ANN);
        List<String> faulty =
                List.of(
                        gone + "acl: {",
                        gone + "acll: []\n",
                        gone + "acl-file: " + rules + "\n",
                        gone + "acl-file: " + directory.resolve("nowhere") + "\n",
                        gone + "password-file: " + passwords + "\n",
                        gone + "acl-file: " + directory + "\n");

        for (String text : faulty) {
            Report report = live.reload(text);

            assertThat(report.status()).as(text).isEqualTo(2);
            assertThat(report.lines().getFirst()).matches(".*:\\d+: .*");
            assertThat(report.lines()).last().isEqualTo("nothing was changed");
            assertThat(String.join("\n", report.lines())).doesNotContain("$7$");
        }
        Files.delete(live.file());
        assertThat(live.reload().status()).isEqualTo(2);
        ann.publish(Publish.to("home/x", "unchanged").qos(1));
        bob.take("home/x", "unchanged");
    }

    @Test
    @Hostile({"H-CFG-01"})
    void rules_that_are_empty_deny_everything() throws IOException {
        Client ann = connect(ANN, Version.V5).open();
        ann.subscribe("home/#", 1);
        Path empty = Files.writeString(directory.resolve("rules.acl"), "");

        Report report = live.reload(BOTH + "acl-file: " + empty + "\n");

        assertThat(report.status()).isZero();
        ann.send(Publish.to("home/x", "no").qos(1));
        assertThat(ann.expect(PacketType.PUBACK).reason()).isEqualTo(0x87);
        ann.expectNothing();
    }

    @Test
    @Hostile({"H-SES-05"})
    void what_a_user_left_behind_is_for_nobody_until_he_is_back() {
        Client ann = connect(ANN, Version.V5).open();
        ann.subscribe("home/#", 1);
        Client bob = connect(BOB, Version.V5).id("door").lasting().open();
        bob.subscribe("home/door", 1);
        bob.disconnect();
        connect(BOB, Version.V5).will(Will.to("home/will", "of bob")).open();

        live.reload("users:\n" + user(ANN) + HOME);
        Client another = broker.connectAnonymously().login(ANN).id("door").resume().send();
        another.expectRefused(0x85);
        Client publisher = connect(ANN, Version.V5).open();
        publisher.publish(Publish.to("home/door", "for bob").qos(1));
        ann.take("home/door", "for bob");
        live.reload(BOTH + HOME);

        Client back = connect(BOB, Version.V5).id("door").lasting().open();
        assertThat(back.connAck().sessionPresent()).isTrue();
        back.take("home/door", "for bob");
        ann.expectNothingFrom(publisher);
    }

    @Test
    @Hostile({"H-SES-06"})
    void a_session_that_holds_more_than_it_may_gets_no_more_than_that() {
        Client ann = connect(ANN, Version.V5).id("lamp").lasting().open();
        ann.subscribe("home/#", 1);
        ann.subscribe("home/lamp/#", 1);
        ann.disconnect();
        Client bob = connect(BOB, Version.V5).open();
        bob.publish(Publish.to("home/door", "not any more").qos(1));
        bob.publish(Publish.to("home/lamp/1", "waits").qos(1));

        live.reload(
                BOTH
                        + """
                        acl:
                          - {user: ann, allow: both, topics: [home/lamp/#, conformance/#]}
                          - {user: bob, allow: both, topics: '#'}
                        """);
        bob.publish(Publish.to("home/door", "never").qos(1));
        bob.publish(Publish.to("home/lamp/2", "new").qos(1));

        Client again = connect(ANN, Version.V5).id("lamp").lasting().open();
        assertThat(again.messagesFrom(bob))
                .extracting(message -> message.payload().text())
                .containsExactly("waits", "new");
    }
}
