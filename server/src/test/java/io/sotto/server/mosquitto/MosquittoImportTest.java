package io.sotto.server.mosquitto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.access.UserList.UnknownUser;
import io.sotto.broker.spi.MountPoint;
import io.sotto.broker.spi.Terms;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.server.config.ConfigException;
import io.sotto.server.config.ListenerConfig;
import io.sotto.server.config.SottoConfig;
import io.sotto.server.config.UserConfig;
import io.sotto.server.mosquitto.Finding.Verdict;
import io.sotto.server.mosquitto.MosquittoImport.Setting;
import io.sotto.transport.Endpoint.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MosquittoImportTest {
    private static final Machine MACHINE =
            new Machine() {
                @Override
                public boolean hasIpv6() {
                    return true;
                }

                @Override
                public @Nullable String address(String device) {
                    return device.equals("eth0") ? "192.0.2.7" : null;
                }
            };

    private static final Setting SETTING = new Setting(MACHINE, null, UnaryOperator.identity());

    private static final List<String> DIRECTIVES =
            List.of(
                    ("listener port protocol bind_address bind_interface max_connections"
                                    + " socket_domain mount_point per_listener_settings"
                                    + " allow_anonymous listener_allow_anonymous password_file"
                                    + " acl_file use_identity_as_username use_subject_as_username"
                                    + " use_username_as_clientid auto_id_prefix"
                                    + " allow_zero_length_clientid cafile capath certfile keyfile"
                                    + " require_certificate crlfile ciphers ciphers_tls1.3"
                                    + " tls_version disable_client_cert_date_checks"
                                    + " enable_proxy_protocol accept_protocol_versions"
                                    + " websockets_origin max_keepalive max_packet_size"
                                    + " message_size_limit max_inflight_messages"
                                    + " max_inflight_bytes max_queued_messages max_queued_bytes"
                                    + " maximum_qos max_qos max_topic_alias retain_available"
                                    + " check_retain_source upgrade_outgoing_qos"
                                    + " persistent_client_expiration persistence persistence_file"
                                    + " persistence_location autosave_interval autosave_on_changes"
                                    + " sys_interval global_max_clients global_max_connections"
                                    + " log_dest log_facility log_timestamp log_timestamp_format"
                                    + " log_type include_dir set_tcp_nodelay clientid_prefixes"
                                    + " psk_file psk_hint connection address addresses"
                                    + " cleansession clientid idle_timeout keepalive_interval"
                                    + " notification_topic notifications notifications_local_only"
                                    + " password restart_timeout round_robin start_type threshold"
                                    + " topic try_private username local_cleansession"
                                    + " local_clientid local_password local_username"
                                    + " remote_clientid remote_password remote_username"
                                    + " bridge_attempt_unsubscribe bridge_bind_address"
                                    + " bridge_max_packet_size bridge_max_topic_alias"
                                    + " bridge_receive_maximum bridge_session_expiry_interval"
                                    + " bridge_message_expiry bridge_outgoing_retain"
                                    + " bridge_protocol_version bridge_tcp_keepalive"
                                    + " bridge_tcp_user_timeout bridge_reload_type bridge_alpn"
                                    + " bridge_cafile bridge_capath bridge_certfile bridge_keyfile"
                                    + " bridge_ciphers bridge_ciphers_tls1.3 bridge_insecure"
                                    + " bridge_require_ocsp bridge_tls_version bridge_identity"
                                    + " bridge_psk")
                            .split(" "));

    @TempDir Path folder = Path.of("");
    private Examples examples = new Examples(folder);

    @BeforeEach
    void copy() throws IOException {
        examples = Examples.in(folder.resolve("etc"));
    }

    private MosquittoImport imported(String text) throws IOException {
        return MosquittoImport.of(
                Files.writeString(folder.resolve("mosquitto.conf"), text), SETTING);
    }

    private String findings(MosquittoImport read) {
        StringBuilder lines = new StringBuilder();
        for (Finding finding : read.report().findings()) {
            lines.append(finding.toString().replace(examples.folder().toString(), "ETC"))
                    .append('\n');
        }
        return lines.append(read.report().summary()).append('\n').toString();
    }

    /// What is expected stands in one file, report by report; what came is left in `target`.
    @Test
    void every_example_becomes_what_is_expected_of_it() throws IOException {
        StringBuilder reports = new StringBuilder();
        for (String name : Examples.names()) {
            MosquittoImport read = MosquittoImport.of(examples.file(name), SETTING);
            String file = name.replace('/', '-').replace(".conf", ".main");
            reports.append("== ").append(name).append('\n');
            reports.append(findings(read).replace("ETC/" + file + ":", "")).append('\n');
        }
        Files.writeString(Path.of("target", "mosquitto-reports.txt"), reports);

        assertThat(Examples.names()).hasSizeGreaterThanOrEqualTo(30);
        assertThat(reports.toString())
                .isEqualTo(Files.readString(Path.of("src/test/mosquitto/reports.txt")));
    }

    @Test
    void every_example_that_is_not_refused_is_a_configuration() throws Exception {
        int read = 0;
        for (String name : Examples.names()) {
            MosquittoImport example = MosquittoImport.of(examples.file(name), SETTING);
            boolean isRefused = !example.report().refusals().isEmpty();
            assertThat(isRefused).as(name).isEqualTo(name.startsWith("refused/"));
            if (!isRefused) {
                assertThat(example.config(null).listeners()).as(name).isNotEmpty();
                read++;
            }
        }

        assertThat(read).isGreaterThanOrEqualTo(30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"16-cloud-bridge.conf", "35-every-bridge-directive.conf"})
    void no_secret_of_a_bridge_is_in_the_report_or_the_configuration(String name)
            throws IOException {
        MosquittoImport read = MosquittoImport.of(examples.file(name), SETTING);

        assertThat(findings(read) + read.text()).doesNotContain("do-not-show-this");
    }

    /// What the manual of Mosquitto has, but for what a build of it may not have.
    @Test
    void every_directive_stands_in_an_example() throws IOException {
        String reports = Files.readString(Path.of("src/test/mosquitto/reports.txt"));
        List<String> missing =
                DIRECTIVES.stream()
                        .filter(name ->
                                !Pattern.compile("(?m)^[^ ]*\\d+: " + name + ": ")
                                        .matcher(reports)
                                        .find())
                        .toList();

        assertThat(missing).isEmpty();
    }

    @Test
    void each_setting_says_where_it_comes_from() throws IOException {
        MosquittoImport read = imported("listener 1884 127.0.0.1\nallow_anonymous true\n");

        String conf = folder.resolve("mosquitto.conf").toString();
        assertThat(read.text())
                .contains(
                        "  # "
                                + conf
                                + ":1: listener 1884 127.0.0.1\n"
                                + "  - name: 'mqtt-1884'\n"
                                + "    host: '127.0.0.1'\n"
                                + "    port: 1884\n"
                                + "    # "
                                + conf
                                + ":2: allow_anonymous true\n"
                                + "    anonymous: true\n");
    }

    @Test
    void without_a_configuration_this_machine_alone_comes_in_and_needs_no_name()
            throws ConfigException {
        SottoConfig config = MosquittoImport.of(null, SETTING.at(1900)).config(null);

        assertThat(config.listeners())
                .extracting(ListenerConfig::endpoint)
                .containsExactly(new Port("127.0.0.1", 1900), new Port("::1", 1900));
        assertThat(config.listeners())
                .allMatch(listener -> Boolean.TRUE.equals(listener.anonymous()));
        assertThat(config.rules()).isNull();
    }

    @Test
    void rules_of_one_listener_do_not_bind_another() throws Exception {
        SottoConfig config =
                MosquittoImport.of(examples.file("14-per-listener.conf"), SETTING).config(null);

        assertThat(config.listeners())
                .extracting(ListenerConfig::anonymous)
                .containsExactly(true, false);
        assertThat(String.valueOf(config.listeners().get(1).aclFile())).endsWith("/acl");
        assertThat(MosquittoImport.of(examples.file("14-per-listener.conf"), SETTING).text())
                .contains("  - listener: 'mqtt-1883'\n    allow: both\n");
    }

    @Test
    void users_and_roles_of_the_dynamic_security_plugin_are_users_and_rules() throws Exception {
        MosquittoImport read = MosquittoImport.of(examples.file("18-dynsec.conf"), SETTING);

        assertThat(read.config(null).users())
                .extracting(UserConfig::name)
                .containsExactly("admin", "ann", "sensor", "lamp");
        assertThat(read.text())
                .contains("  - user: ['ann']\n    allow: publish\n    topics: ['home/#']\n")
                .contains("  - user: ['ann']\n    deny: publish\n    topics: ['home/safe']\n")
                .contains(
                        """
                          - user: 'lamp'
                            client-id: 'lamp-1'
                            allow: publish
                            topics: ['sensors/#']
                        """);
    }

    @Test
    void what_stands_in_a_file_never_becomes_another_setting() throws Exception {
        String name = "x\\nacl: []\\u2028clients.unknown-user: anonymous \\\" ' \\\\";
        Path json =
                Files.writeString(
                        folder.resolve("dynsec.json"),
                        Files.readString(examples.folder().resolve("dynamic-security.json"))
                                .replace("\"ann\"", "\"" + name + "\"")
                                .replace("\"home\"", "\"" + name + "\""));

        SottoConfig config =
                imported(
                                "listener 1883\nplugin mosquitto_dynamic_security.so\n"
                                        + "plugin_opt_config_file "
                                        + json
                                        + "\n")
                        .config(null);

        assertThat(config.users())
                .extracting(UserConfig::name)
                .contains("x\nacl: []\u2028clients.unknown-user: anonymous \" ' \\");
        assertThat(config.logins().unknownUser()).isEqualTo(UnknownUser.REFUSE);
        assertThat(config.rules()).isNotNull();
    }

    @Test
    void a_password_file_with_a_fault_is_refused_with_its_line() throws IOException {
        Path passwords = Files.writeString(folder.resolve("passwd"), "ann:secret\n");
        MosquittoImport read = imported("listener 1883\npassword_file " + passwords + "\n");

        assertThatThrownBy(() -> read.config(null))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(passwords + ":1: the password of 'ann' is no hash")
                .hasMessageNotContaining("secret");
    }

    @Test
    void whatever_protects_is_never_left_out_in_silence() throws IOException {
        List<String> protecting =
                List.of(
                        "password_file nowhere",
                        "acl_file nowhere",
                        "psk_file nowhere",
                        "psk_hint x",
                        "plugin x.so",
                        "auth_plugin x.so",
                        "use_identity_as_username true",
                        "use_subject_as_username true",
                        "require_certificate true",
                        "bind_interface nowhere0",
                        "proxy_protocol_v2_require_tls true",
                        "unheard_of true");
        List<String> silent = new ArrayList<>();
        for (String line : protecting) {
            MosquittoImport read = imported("listener 1883\n" + line + "\nallow_anonymous true\n");
            boolean refused = !read.report().refusals().isEmpty();
            try {
                read.config(null);
            } catch (ConfigException e) {
                refused = true;
            }
            if (!refused) {
                silent.add(line);
            }
        }

        assertThat(silent).isEmpty();
    }

    @Test
    void what_a_listener_asks_of_its_clients_is_asked_here_too() throws Exception {
        SottoConfig config =
                imported(
                                """
                                auto_id_prefix house-
                                allow_anonymous true
                                check_retain_source false
                                listener 1883
                                use_username_as_clientid true
                                mount_point house/
                                accept_protocol_versions 4, 5
                                listener 1884
                                listener_auto_id_prefix garden-
                                """)
                        .config(null);

        assertThat(config.listeners())
                .extracting(ListenerConfig::terms)
                .containsExactly(
                        new Terms(
                                Set.of(ProtocolVersion.MQTT_3_1_1, ProtocolVersion.MQTT_5),
                                Terms.ClientIds.USER_NAME,
                                "house-",
                                new MountPoint("house/"),
                                List.of()),
                        new Terms(
                                Terms.DEFAULT.versions(),
                                Terms.ClientIds.OWN,
                                "garden-",
                                MountPoint.NONE,
                                List.of()));
        assertThat(config.values()).containsEntry("acl-retained", "kept");
    }

    @Test
    void a_device_is_the_address_that_it_has() throws Exception {
        SottoConfig config =
                imported("listener 1883\nbind_interface eth0\nallow_anonymous true\n").config(null);

        assertThat(config.listeners().getFirst().endpoint()).isEqualTo(new Port("192.0.2.7", 1883));
    }

    @Test
    void a_line_that_is_refused_is_told_once_and_is_nothing_else() throws IOException {
        MosquittoImport read =
                imported(
                        """
                        listener 99999
                        allow_anonymous true
                        retain_available maybe
                        max_packet_size 10
                        """);

        assertThat(read.report().findings())
                .extracting(finding -> finding.directive().line() + " " + finding.verdict())
                .containsExactly("1 REFUSED", "2 IMPORTED", "3 REFUSED", "4 REFUSED");
        assertThat(read.report().summary()).isEqualTo("1 imported, 3 refused");
    }

    @Test
    void a_file_that_is_not_there_is_refused() {
        MosquittoImport read = MosquittoImport.of(folder.resolve("none.conf"), SETTING);

        assertThat(read.report().refusals())
                .extracting(Finding::verdict)
                .containsExactly(Verdict.REFUSED);
        assertThat(findings(read)).contains("cannot be read: there is no such file");
    }
}
