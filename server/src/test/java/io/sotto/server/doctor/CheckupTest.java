package io.sotto.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Durability;
import io.sotto.server.config.SottoConfig.Overrides;
import io.sotto.server.doctor.Finding.Level;
import io.sotto.store.DurableStore;
import io.sotto.store.StoreSettings;
import io.sotto.store.WhenDamaged;
import io.sotto.testkit.login.TestKeys;
import io.sotto.transport.TlsInspection.Ending;
import io.sotto.transport.TransportSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `sotto doctor` finds: each fault is made, and is told with what to type.
class CheckupTest {
    private static final String USERS =
            """
            users:
              - name: ada
                password: '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
            """;

    @TempDir Path directory = Path.of("");

    private List<Finding> run(@Nullable String config, int port) throws IOException {
        Path file =
                config == null ? null : Files.writeString(directory.resolve("sotto.yaml"), config);
        Path data = directory.resolve("data");
        return Checkup.run(new Overrides(file, null, port, data), Host.here(), Instant.now());
    }

    private static List<Finding> of(String area, List<Finding> all) {
        return all.stream().filter(finding -> finding.area().equals(area)).toList();
    }

    private static List<Finding> problems(List<Finding> all) {
        return all.stream().filter(finding -> finding.level() == Level.PROBLEM).toList();
    }

    @Test
    void secrets_of_tokens_and_addresses_without_tls_are_told() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "x".repeat(32));
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
        String config =
                """
                jwt: {algorithms: [HS256], key-file: %s}
                http-login: {url: "http://192.0.2.1/login", token-file: %s}
                """
                        .formatted(secret, secret);

        List<Finding> found = of("login", run(config, free()));

        assertThat(found)
                .extracting(Finding::sentence)
                .filteredOn(sentence -> sentence.contains("secrets in " + secret))
                .hasSize(2);
        assertThat(found)
                .extracting(Finding::sentence)
                .contains(
                        "http-login.url is asked without TLS: who is in between reads the"
                                + " passwords");

        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        assertThat(of("login", run(config.replace("192.0.2.1", "127.0.0.1"), free()))).isEmpty();
    }

    private static Finding only(List<Finding> findings) {
        assertThat(findings).hasSize(1);
        return findings.getFirst();
    }

    private static int free() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    @Test
    void a_machine_without_faults_has_no_problems() throws IOException {
        List<Finding> all = run(null, free());

        assertThat(problems(all)).isEmpty();
        assertThat(all)
                .extracting(Finding::area)
                .contains("java", "config", "port", "durability", "disk", "store");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void each_fault_of_a_configuration_is_told_with_its_line() throws IOException {
        List<Finding> all = run("durabilty: sync\nlimits:\n  connections: none\n", free());

        assertThat(of("config", all))
                .hasSize(2)
                .allSatisfy(finding -> assertThat(finding.level()).isEqualTo(Level.PROBLEM))
                .extracting(Finding::sentence)
                .anyMatch(text -> text.contains("sotto.yaml:1: "))
                .anyMatch(text -> text.contains("sotto.yaml:3: "));
        assertThat(of("port", all)).isEmpty();
    }

    @Test
    void a_port_that_is_taken_is_told_with_its_holder() throws IOException {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Finding port = only(of("port", run(null, holder.getLocalPort())));

            long self = ProcessHandle.current().pid();
            assertThat(port.level()).isEqualTo(Level.PROBLEM);
            assertThat(port.sentence())
                    .startsWith(
                            "127.0.0.1:" + holder.getLocalPort() + " is held by process " + self);
            assertThat(port.remedy())
                    .startsWith("stop it (kill " + self + "), or choose another port");
        }
    }

    @Test
    void an_address_of_another_machine_cannot_be_listened_at() throws IOException {
        String config = "listeners:\n  - host: 192.0.2.1\n    anonymous: true\n";

        Finding port = only(of("port", run(config, free())));

        assertThat(port.level()).isEqualTo(Level.PROBLEM);
        assertThat(port.sentence()).isEqualTo("192.0.2.1 is no address of this machine");
    }

    @Test
    void what_stands_where_a_unix_socket_should_is_told() throws IOException {
        Path there = Files.writeString(directory.resolve("s"), "no socket");
        String config = "listeners:\n  - path: %s\n  - path: %s/x/s\n".formatted(there, directory);

        List<Finding> found = of("port", run(config, free()));

        assertThat(found).extracting(Finding::level).containsOnly(Level.PROBLEM);
        assertThat(found.get(0).sentence()).endsWith("is there and no socket");
        assertThat(found.get(1).remedy()).isEqualTo("mkdir -p " + directory.resolve("x"));
    }

    @Test
    void the_holder_of_a_socket_is_found_in_the_tables_of_the_system() throws IOException {
        Path proc = directory.resolve("proc");
        Files.createDirectories(proc.resolve("net"));
        Files.createDirectories(proc.resolve("77/fd"));
        Files.writeString(
                proc.resolve("net/tcp"),
                """
                  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
                   0: 0100007F:075B 00000000:0000 0A 00000000:00000000 00:00000000 00000000   106        0 4711 1
                """);
        Files.createSymbolicLink(proc.resolve("77/fd/5"), Path.of("socket:[4711]"));
        Files.writeString(proc.resolve("77/comm"), "mos\u001bquitto\n");
        Files.writeString(proc.resolve("77/cmdline"), "mosquitto\0--secret\0tea\0");
        Host host = new Host(proc);

        assertThat(host.listener(1883))
                .hasValueSatisfying(holder -> {
                    assertThat(holder.pid()).isEqualTo(77);
                    assertThat(holder).hasToString("process 77 (mos?quitto)");
                    assertThat(holder.isSotto()).isFalse();
                });
        assertThat(host.listener(1884)).isEmpty();
        assertThat(new Host(directory.resolve("none")).listener(1883)).isEmpty();
    }

    @Test
    void few_descriptors_and_a_short_backlog_are_told_with_what_to_type() {
        TransportSettings usual = TransportSettings.DEFAULT;

        assertThat(SystemChecks.descriptors(1024, usual).level()).isEqualTo(Level.WARNING);
        assertThat(SystemChecks.descriptors(1024, usual).remedy()).contains("ulimit -n 65536");
        assertThat(SystemChecks.descriptors(65_536, usual).level()).isEqualTo(Level.OK);
        assertThat(SystemChecks.backlog(128).remedy()).contains("net.core.somaxconn=4096");
        assertThat(SystemChecks.backlog(4096).level()).isEqualTo(Level.OK);
        assertThat(SystemChecks.java(24, 1L << 30).level()).isEqualTo(Level.PROBLEM);
        assertThat(SystemChecks.java(25, 32L << 20).level()).isEqualTo(Level.WARNING);
    }

    @Test
    void more_connections_than_descriptors_are_a_problem() throws IOException {
        List<Finding> all = run("limits:\n  connections: 9000000\n", free());

        Finding descriptors = only(of("descriptors", all));
        assertThat(descriptors.level()).isEqualTo(Level.PROBLEM);
        assertThat(descriptors.remedy()).startsWith("ulimit -n 9000200");
    }

    @Test
    void each_durability_is_one_sentence() {
        for (Durability durability : Durability.values()) {
            Finding finding = StoreChecks.durability(durability, "");

            assertThat(finding.level())
                    .isEqualTo(durability == Durability.SYNC ? Level.OK : Level.WARNING);
            assertThat(finding.sentence()).startsWith(durability.name().toLowerCase(Locale.ROOT));
        }
    }

    @Test
    void what_is_kept_otherwise_is_said_of_each_listener_and_topic() throws IOException {
        List<Finding> findings =
                run(
                        """
                        listeners: [{name: plant, port: 0, durability: async}]
                        durability-by-topic: [{topics: [t/#], durability: memory}]
                        """,
                        free());

        assertThat(of("durability", findings))
                .extracting(Finding::sentence)
                .satisfiesExactly(
                        all -> assertThat(all).startsWith("sync: "),
                        plant -> assertThat(plant).startsWith("listener plant: async: "),
                        topic -> assertThat(topic).startsWith("topics t/#: memory: "));
    }

    @Test
    void a_disk_without_room_is_a_problem() {
        assertThat(StoreChecks.room(directory, 10L << 20, 64L << 20).level())
                .isEqualTo(Level.PROBLEM);
        assertThat(StoreChecks.room(directory, 500L << 20, 64L << 20).level())
                .isEqualTo(Level.WARNING);
        assertThat(StoreChecks.room(directory, 5000L << 20, 64L << 20).level()).isEqualTo(Level.OK);
    }

    private void makeStore() throws Exception {
        StoreSettings settings =
                new StoreSettings(directory.resolve("data"), Durability.SYNC, 0, WhenDamaged.SERVE);
        DurableStore store = DurableStore.open(settings, (_, _) -> {}, _ -> {});
        store.start();
        store.close();
    }

    @Test
    void a_store_is_looked_through() throws Exception {
        makeStore();

        assertThat(of("store", run(null, free())))
                .extracting(Finding::sentence)
                .containsExactly("all of " + directory.resolve("data") + " is whole");
    }

    @Test
    void a_store_that_is_damaged_is_a_problem() throws Exception {
        makeStore();
        try (var files = Files.list(directory.resolve("data"))) {
            for (Path manifest :
                    files.filter(file -> file.getFileName().toString().startsWith("MANIFEST"))
                            .toList()) {
                Files.writeString(manifest, "nothing that an engine wrote", StandardCharsets.UTF_8);
            }
        }

        Finding store = only(problems(run(null, free())));

        assertThat(store.area()).isEqualTo("store");
        assertThat(store.remedy()).contains("docs/durability.md");
    }

    private static String tls(Path certificate, Path key) {
        return """
        listeners:
          - tls:
              certificate: %s
              key: %s
        """
                .formatted(certificate.toAbsolutePath(), key.toAbsolutePath());
    }

    @Test
    void a_key_that_everybody_can_read_is_a_problem() throws IOException {
        Path key = Files.copy(TestKeys.file("server.key"), directory.resolve("k"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

        List<Finding> open = of("tls", run(tls(TestKeys.file("server.pem"), key), free()));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        List<Finding> closed = of("tls", run(tls(TestKeys.file("server.pem"), key), free()));

        assertThat(only(problems(open)).remedy()).isEqualTo("chmod o-rwx " + key);
        assertThat(only(closed).sentence())
                .contains("server.pem holds for ")
                .endsWith(" more days");
    }

    @Test
    void a_key_of_another_certificate_and_a_file_that_is_not_there_are_problems()
            throws IOException {
        Path other = Files.copy(TestKeys.file("second.key"), directory.resolve("k"));
        Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-------"));

        List<Finding> wrong = of("tls", run(tls(TestKeys.file("server.pem"), other), free()));
        List<Finding> none =
                of("tls", run(tls(TestKeys.file("server.pem"), directory.resolve("no")), free()));

        assertThat(only(problems(wrong)).sentence()).contains("is not the key of the certificate");
        assertThat(only(problems(none)).sentence()).contains(directory.resolve("no").toString());
    }

    @Test
    void a_certificate_that_ended_is_a_problem_and_one_that_ends_soon_a_warning() {
        Instant now = Instant.parse("2026-06-01T00:00:00Z");
        Ending soon = new Ending("the certificate in a.pem", now.plusSeconds(86_400 * 10), false);
        Ending over = new Ending("the certificate in a.pem", now.minusSeconds(1), false);
        Ending list = new Ending("the revocation list in a.crl", now.minusSeconds(1), true);

        assertThat(SecretChecks.ending(soon, now, 86_400 * 30).level()).isEqualTo(Level.WARNING);
        assertThat(SecretChecks.ending(soon, now, 86_400).level()).isEqualTo(Level.OK);
        assertThat(SecretChecks.ending(over, now, 0).sentence()).endsWith("clients refuse it");
        assertThat(SecretChecks.ending(list, now, 0).sentence()).contains("gets in");
    }

    @Test
    void a_configuration_with_users_that_everybody_can_read_is_a_problem() throws IOException {
        Path file = Files.createFile(directory.resolve("sotto.yaml"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        List<Finding> open = run(USERS, free());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        List<Finding> closed = run(USERS, free());

        assertThat(only(problems(open)).remedy()).isEqualTo("chmod o-rwx " + file);
        assertThat(problems(closed)).isEmpty();
    }

    @Test
    void nothing_is_said_where_the_system_says_nothing() {
        Host host = new Host(directory.resolve("none"));

        assertThat(host.openFiles()).isEmpty();
        assertThat(host.backlog()).isEmpty();
        assertThat(host.locker(directory)).isEmpty();
    }
}
