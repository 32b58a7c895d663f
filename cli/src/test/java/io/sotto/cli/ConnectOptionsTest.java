package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.UserProperty;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ConnectOptionsTest {
    private final StringWriter errors = new StringWriter();

    private static Sub sub(String... arguments) {
        Sub command = new Sub(streams());
        Commands.client(command).parseArgs(arguments);
        return command;
    }

    private static Pub pub(String... arguments) {
        Pub command = new Pub(streams());
        Commands.client(command).parseArgs(arguments);
        return command;
    }

    private static Streams streams() {
        return new Streams(new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream());
    }

    /// Nobody listens on port 1: what gets as far as that was in order.
    private int run(ClientCommand command, String line) {
        return Commands.client(command)
                .setErr(new PrintWriter(errors, true))
                .execute(line.split(" ", -1));
    }

    @Test
    void without_options_it_is_the_broker_of_this_machine() {
        ConnectOptions options = sub("-t", "a").connect;

        assertThat(options.address.settle().address().host()).isEqualTo("localhost");
        assertThat(options.address.settle().port(false)).isEqualTo(1883);
        assertThat(options.address.settle().port(true)).isEqualTo(8883);
        assertThat(options.session.clientId(ProtocolVersion.MQTT_3_1_1)).isEmpty();
        assertThat(options.version(ProtocolVersion.MQTT_3_1_1))
                .isEqualTo(ProtocolVersion.MQTT_3_1_1);
    }

    @Test
    void a_value_may_look_like_an_option() {
        Pub command = pub("-t", "-h", "-m", "-q", "-h", "broker", "-q", "1", "-u", "-V");

        assertThat(command.message.topic).isEqualTo("-h");
        assertThat(command.message.text).isEqualTo("-q");
        assertThat(command.connect.address.settle().address().host()).isEqualTo("broker");
        assertThat(command.message.qos).isEqualTo(QoS.AT_LEAST_ONCE);
        assertThat(command.connect.login.user).isEqualTo("-V");
    }

    @Test
    void payloads_are_taken_as_they_are() {
        assertThat(pub("-m", "@file").message.text).isEqualTo("@file");
        assertThat(pub("-m", "\"quoted\"").message.text).isEqualTo("\"quoted\"");
        assertThat(pub("-m", "").message.text).isEmpty();
    }

    @Test
    void the_last_of_several_values_counts() {
        assertThat(sub("-h", "one", "-h", "two").connect.address.settle().address().host())
                .isEqualTo("two");
    }

    @Test
    void long_names_are_known() {
        Sub command =
                sub(
                        "--host=broker",
                        "--port=1884",
                        "--topic=a",
                        "--username=ada",
                        "--pw=secret",
                        "--id=me",
                        "--keepalive=10",
                        "--protocol-version=mqttv31",
                        "--disable-clean-session");

        assertThat(command.connect.address.settle().port(false)).isEqualTo(1884);
        assertThat(command.connect.login.password).isEqualTo("secret");
        assertThat(command.connect.session.clientId(ProtocolVersion.MQTT_3_1)).isEqualTo("me");
        assertThat(command.version()).isEqualTo(ProtocolVersion.MQTT_3_1);
    }

    @Test
    void a_url_says_it_all_at_once() {
        ConnectOptions plain = sub("-L", "mqtt://ada:p%40s+s@broker:1884/home/+/x").connect;
        ConnectOptions secure = sub("-L", "mqtts://[::1]").connect;

        assertThat(plain.address.url)
                .isEqualTo(
                        new BrokerUrl(
                                BrokerUrl.Scheme.MQTT,
                                "ada",
                                "p@s+s",
                                new BrokerAddress("broker", 1884),
                                "home/+/x"));
        assertThat(plain.topic()).isEqualTo("home/+/x");
        assertThat(secure.address.meansTls()).isTrue();
        assertThat(secure.address.settle().address().host()).isEqualTo("::1");
        assertThat(secure.address.settle().port(true)).isEqualTo(8883);
        assertThat(secure.topic()).isNull();
    }

    @Test
    void a_session_that_is_kept_never_expires_unless_told_otherwise() {
        assertThat(sub("-t", "a").connect.session.expiry()).isZero();
        assertThat(sub("-c").connect.session.expiry()).isEqualTo(Connect.EXPIRES_NEVER);
        assertThat(sub("-c", "-x", "60").connect.session.expiry()).isEqualTo(60);
        assertThat(sub("-x", "-1").connect.session.expiry()).isEqualTo(Connect.EXPIRES_NEVER);
        assertThat(sub("-x", "∞").connect.session.expiry()).isEqualTo(Connect.EXPIRES_NEVER);
    }

    @Test
    void an_identifier_may_be_made_of_a_prefix() {
        assertThat(sub("-I", "phone-").connect.session.clientId(ProtocolVersion.MQTT_5))
                .isEqualTo("phone-" + ProcessHandle.current().pid());
        assertThat(sub().connect.session.clientId(ProtocolVersion.MQTT_3_1))
                .matches("sotto-[0-9a-f]{16}");
    }

    @Test
    void properties_go_to_their_packets_and_mean_version_5() {
        String line =
                "-D connect receive-maximum 5 -D connect user-property a 1 -D publish content-type"
                        + " text/plain -D publish user-property k -m -D publish"
                        + " message-expiry-interval 9 -D will will-delay-interval 7 -D disconnect"
                        + " session-expiry-interval 0 -D publish topic-alias 4 -m x";

        Pub command = pub(line.split(" ", -1));

        PropertyOptions properties = command.connect.properties;
        assertThat(command.version()).isEqualTo(ProtocolVersion.MQTT_5);
        assertThat(command.message.text).isEqualTo("x");
        assertThat(properties.connect(60).receiveMaximum()).isEqualTo(5);
        assertThat(properties.connect(60).sessionExpiryInterval()).isEqualTo(60);
        assertThat(properties.connect(60).userProperties())
                .containsExactly(new UserProperty("a", "1"));
        PublishProperties message = properties.message("publish", null);
        assertThat(message.contentType()).isEqualTo("text/plain");
        assertThat(message.messageExpiryInterval()).isEqualTo(9);
        assertThat(message.userProperties()).containsExactly(new UserProperty("k", "-m"));
        assertThat(properties.willDelay()).isEqualTo(7);
        assertThat(properties.disconnect().sessionExpiryInterval()).isZero();
        assertThat(properties.aliasesTopics()).isTrue();
    }

    @Test
    void a_will_is_made_of_its_options() {
        ConnectOptions options =
                sub("--will-topic", "w", "--will-payload", "gone", "--will-qos", "2").connect;

        assertThat(options.will.settle(3, PublishProperties.NONE))
                .isNotNull()
                .satisfies(will -> {
                    assertThat(will.topic()).hasToString("w");
                    assertThat(will.payload()).isEqualTo(Payload.of("gone"));
                    assertThat(will.qos()).isEqualTo(QoS.EXACTLY_ONCE);
                    assertThat(will.retain()).isFalse();
                    assertThat(will.delayInterval()).isEqualTo(3);
                });
    }

    @Test
    void a_refusal_ends_with_what_the_broker_sent() {
        assertThat(sub("-V", "5").status(ReasonCode.NOT_AUTHORIZED)).isEqualTo(135);
        assertThat(sub("-V", "311").status(ReasonCode.NOT_AUTHORIZED)).isEqualTo(5);
        assertThat(sub("-V", "311").status(ReasonCode.BAD_USER_NAME_OR_PASSWORD)).isEqualTo(4);
        assertThat(sub("-V", "311").status(ReasonCode.QUOTA_EXCEEDED)).isEqualTo(3);
        assertThat(sub("-V", "5").status(ReasonCode.UNSPECIFIED_ERROR)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-q 1",
                "-t a -q 3",
                "-t a -V 6",
                "-t a -p 65536",
                "-t a -p 0",
                "-t a -p x",
                "-t a -p",
                "-t a/#/b",
                "-t a -T a/#/b",
                "-t a -C 0",
                "-t a -R --retained-only",
                "-t a -h ",
                "-t a -W 0",
                "-t a -k 3",
                "-t a -c",
                "-t a -i a -I b",
                "-t a -x soon",
                "-t a -P secret",
                "-t a -F %z",
                "-t a --random-filter 0",
                "-t a --will-payload x",
                "-t a --will-topic +",
                "-t a -L http://host",
                "-t a -D publish content-type",
                "-t a -D nothing content-type x",
                "-t a -D connect content-type x",
                "-t a -D connect receive-maximum 0",
                "-t a -D subscribe user-property a b",
                "-t a -V 311 -D connect receive-maximum 1",
                "-t a --tls-version tlsv1.1 --tls",
                "-t a --nonsense"
            })
    void what_makes_no_sense_is_refused_before_connecting(String line) {
        assertThat(run(new Sub(streams()), line)).isEqualTo(1);
        assertThat(errors.toString()).isNotEmpty().doesNotContain("cannot reach");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-t a",
                "-m a",
                "-t a -m a -n",
                "-t a/+ -m x",
                "-t a -f /no/such/file",
                "-t a -s",
                "-t a -m a --repeat 0",
                "-t a -m a -M 0",
                "-t a -m a -M 60001",
                "-t a -m a --repeat-delay -1"
            })
    void a_message_has_one_topic_and_one_payload(String line) {
        assertThat(run(new Pub(streams()), line)).isEqualTo(1);
        assertThat(errors.toString()).isNotEmpty().doesNotContain("cannot reach");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-t a -m x", "-t a -e b", "-e b -m x", "-t a -e +/b -m x"})
    void a_request_has_two_topics_and_a_payload(String line) {
        assertThat(run(new Rr(streams()), line)).isEqualTo(1);
        assertThat(errors.toString()).isNotEmpty().doesNotContain("cannot reach");
    }

    @Test
    void a_broker_that_is_not_there_is_one_plain_sentence_or_none() {
        assertThat(run(new Sub(streams()), "-h 127.0.0.1 -p 1 -t a")).isEqualTo(1);
        assertThat(errors.toString())
                .isEqualTo("sotto: cannot reach the server: 127.0.0.1:1: Connection refused\n");

        assertThat(run(new Sub(streams()), "-h 127.0.0.1 -p 1 -t a --quiet")).isEqualTo(1);
        assertThat(errors.toString().lines()).hasSize(1);
    }

    @Test
    void a_password_file_that_cannot_be_read_is_named(@TempDir Path folder) throws IOException {
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff});
        String line = "-t a -u ada --password-file ";

        assertThat(run(new Sub(streams()), line + folder)).isEqualTo(1);
        assertThat(run(new Sub(streams()), line + binary)).isEqualTo(1);
        assertThat(run(new Sub(streams()), line + folder.resolve("none"))).isEqualTo(1);
        assertThat(errors.toString())
                .isEqualTo(
                        """
                        sotto: cannot read the password from %s: Is a directory
                        sotto: cannot read the password from %s: it is no text in UTF-8
                        sotto: cannot read the password from %s: there is no such file
                        """
                                .formatted(folder, binary, folder.resolve("none")));
    }

    @Test
    void an_address_that_is_not_ours_is_named() {
        assertThat(run(new Sub(streams()), "-h 127.0.0.1 -p 1 -t a -A 192.0.2.1")).isEqualTo(1);
        assertThat(errors.toString()).contains("192.0.2.1 is no address of this machine (-A)");
    }

    @Test
    void help_teaches_by_example() {
        for (ClientCommand command :
                new ClientCommand[] {new Pub(streams()), new Sub(streams()), new Rr(streams())}) {
            CommandLine line = Commands.client(command);
            assertThat(line.getUsageMessage())
                    .contains("Examples:")
                    .contains("sotto " + line.getCommandName() + " ")
                    .doesNotContain("%%");
        }
    }
}
