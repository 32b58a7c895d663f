package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sotto.server.mosquitto.Examples;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The same mosquitto.conf in Debian's Mosquitto and in `sotto mosquitto`: the answers to clients
/// are the same, but for those that are listed here with the reason.
@Timeout(180)
class MosquittoIT {
    private static final Path MOSQUITTO = Path.of("/usr/sbin/mosquitto");
    private static final Pattern LISTENER = Pattern.compile("(?m)^listener (\\d+)( \\S+)?$");
    private static final Pattern PORT = Pattern.compile("(?m)^port (\\d+)$");
    private static final Duration START = Duration.ofSeconds(30);

    private final Path jar = Path.of(System.getProperty("sotto.jar"));
    @TempDir Path folder = Path.of("");

    /// A configuration at ports of its own, in place of those that it says.
    private record Moved(Path file, Map<Integer, Integer> ports) {}

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    /// Everything listens on the loopback address alone, and Mosquitto stays the user that it is.
    private Moved moved(String name, String broker) throws IOException {
        Path home = folder.resolve(broker);
        Examples examples = Examples.in(home.resolve("etc"));
        Map<Integer, Integer> ports = new LinkedHashMap<>();
        String text = examples.text(name).replace("/var/lib/mosquitto/", home + "/");
        text = replaced(text, LISTENER, "listener %d 127.0.0.1", ports);
        text = replaced(text, PORT, "port %d", ports);
        text += text.contains("\nuser ") ? "" : "\nuser root\n";
        return new Moved(Files.writeString(home.resolve("mosquitto.conf"), text), ports);
    }

    private static String replaced(
            String text, Pattern pattern, String line, Map<Integer, Integer> ports)
            throws IOException {
        StringBuilder moved = new StringBuilder();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            int port = Integer.parseInt(matcher.group(1));
            ports.put(port, freePort());
            matcher.appendReplacement(moved, line.formatted(ports.get(port)));
        }
        return matcher.appendTail(moved).toString();
    }

    private Process start(List<String> command, String name) throws IOException {
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
    }

    private void await(Process process, Iterable<Integer> ports, String name) throws Exception {
        Instant deadline = Instant.now().plus(START);
        for (int port : ports) {
            while (!accepts(port)) {
                if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                    process.destroyForcibly();
                    throw new AssertionError(Files.readString(folder.resolve(name + ".log")));
                }
                process.waitFor(50, TimeUnit.MILLISECONDS);
            }
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int stop(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(15, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return -1;
        }
        return process.exitValue();
    }

    private Map<String, String> answers(
            String broker, List<String> command, String name, List<String> certificates)
            throws Exception {
        Moved moved = moved(name, broker);
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of("-c", moved.file().toString()));
        Process process = start(all, broker);
        try {
            await(process, moved.ports().values(), broker);
            Map<String, String> answers = new LinkedHashMap<>();
            for (Map.Entry<Integer, Integer> port : moved.ports().entrySet()) {
                for (String certificate : certificates) {
                    SSLContext tls = certificate.equals("tcp") ? null : tls(certificate);
                    Answers.of(port.getValue(), tls, certificates.size() > 1)
                            .forEach((question, answer) ->
                                    answers.put(
                                            port.getKey() + " " + certificate + ": " + question,
                                            answer));
                }
            }
            return answers;
        } finally {
            assertThat(stop(process)).as(broker).isZero();
        }
    }

    private List<String> sotto(String... more) {
        List<String> command = BrokerProcess.command(jar);
        command.add("mosquitto");
        command.addAll(List.of("--data", folder.resolve("data").toString()));
        command.addAll(List.of(more));
        return command;
    }

    /// The answers of both, side by side, are left in `target`.
    private void areTheSame(String name, List<String> certificates) throws Exception {
        areTheSame(name, certificates, question -> false);
    }

    /// @param known the questions whose answers are different, and are meant to be
    private void areTheSame(String name, List<String> certificates, Predicate<String> known)
            throws Exception {
        assumeTrue(Files.isExecutable(MOSQUITTO), "Mosquitto is not installed");
        areTheSame(
                name,
                answers("mosquitto", List.of(MOSQUITTO.toString()), name, certificates),
                answers("sotto", sotto(), name, certificates),
                known);
    }

    private static void areTheSame(
            String name,
            Map<String, String> theirs,
            Map<String, String> ours,
            Predicate<String> known)
            throws IOException {
        StringBuilder table = new StringBuilder();
        List<String> different = new ArrayList<>();
        theirs.forEach((question, answer) -> {
            String own = String.valueOf(ours.get(question));
            boolean same = own.equals(answer);
            table.append("%s | %s | %s | %s%n".formatted(same ? "=" : "!", question, answer, own));
            if (same == known.test(question)) {
                different.add("%s: Mosquitto %s, Sotto %s".formatted(question, answer, own));
            }
        });
        Path tables = Files.createDirectories(Path.of("target", "mosquitto-answers"));
        Files.writeString(tables.resolve(name + ".txt"), table);
        assertThat(theirs).hasSizeGreaterThan(10);
        assertThat(different).isEmpty();
        assertThat(ours.keySet()).isEqualTo(theirs.keySet());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "03-open-at-home.conf",
                "06-password-and-acl.conf",
                "07-anonymous-beside-users.conf",
                "15-per-listener-acls.conf",
                "18-dynsec.conf",
                "19-limits.conf",
                "21-no-retain-qos1.conf"
            })
    void clients_may_do_the_same(String name) throws Exception {
        areTheSame(name, List.of("tcp"));
    }

    /// Some that take their time and are like others: `-Dsotto.mosquitto=all`.
    @ParameterizedTest
    @EnabledIfSystemProperty(named = "sotto.mosquitto", matches = "all")
    @ValueSource(
            strings = {
                "05-password.conf",
                "08-old-style.conf",
                "22-no-empty-ids.conf",
                "29-zigbee2mqtt.conf"
            })
    void clients_may_do_the_same_in_more_of_them(String name) throws Exception {
        areTheSame(name, List.of("tcp"));
    }

    /// Mosquitto 2.0.11 forgets to take the mount point off again, which its manual says it does
    /// and which other versions do.
    @Test
    void clients_may_do_the_same_below_a_mount_point() throws Exception {
        assumeTrue(Files.isExecutable(MOSQUITTO), "Mosquitto is not installed");
        String name = "33-mount-points.conf";
        Map<String, String> theirs =
                answers("mosquitto", List.of(MOSQUITTO.toString()), name, List.of("tcp"));
        theirs.replaceAll((question, answer) ->
                question.startsWith("1885 ") ? answer : answer.replaceAll("house-[12]/", ""));

        areTheSame(
                name, theirs, answers("sotto", sotto(), name, List.of("tcp")), question -> false);
    }

    /// Each listener of Mosquitto has users of its own. Here they are the same everywhere, and
    /// whoever gives the name of one has to prove it, also where no name is needed.
    @Test
    void a_name_of_another_listener_has_to_be_proven() throws Exception {
        areTheSame(
                "14-per-listener.conf",
                List.of("tcp"),
                question ->
                        question.startsWith("1883 ")
                                && (question.endsWith(" as ann/wrong")
                                        || question.endsWith(" as ann/")));
    }

    /// Mosquitto believes a user name that nothing proves, and gives it that user's rights. Here it
    /// counts for nothing.
    @Test
    void a_name_that_nothing_proves_gives_no_rights() throws Exception {
        areTheSame(
                "28-wildcard-acl-anonymous.conf",
                List.of("tcp"),
                question ->
                        question.contains("from ann/pencil to ann/pencil")
                                || question.contains("from ann/pencil to bob/coffee")
                                || question.contains("retained for ann/pencil before bob")
                                || question.contains("retained for bob/coffee before bob"));
    }

    @ParameterizedTest
    @CsvSource({
        "09-tls.conf, none",
        "11-client-certificates.conf, none sensor lost",
        "12-certificates-and-passwords.conf, none sensor"
    })
    void clients_may_do_the_same_over_tls(String name, String certificates) throws Exception {
        areTheSame(name, List.of(certificates.split(" ")));
    }

    @Test
    void without_a_configuration_this_machine_comes_in() throws Exception {
        int port = freePort();
        Process process = start(sotto("-p", String.valueOf(port), "-v"), "plain");

        await(process, List.of(port), "plain");
        Map<String, String> answers = Answers.of(port, null, false);

        assertThat(answers)
                .containsEntry("MQTT_3_1_1 as nobody", "in")
                .containsEntry("MQTT_3_1_1 as eve/x", "in");
        assertThat(stop(process)).isZero();
    }

    @Test
    void a_configuration_that_is_wrong_is_refused_at_once() throws Exception {
        Path conf = Files.writeString(folder.resolve("wrong.conf"), "listner 1883\n");

        Process process = start(sotto("-c", conf.toString()), "wrong");

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(Files.readString(folder.resolve("wrong.log")))
                .contains(conf + ":1: listner: refused: Mosquitto has no such directive");
    }

    @Test
    void a_reload_reads_the_configuration_again_and_refuses_what_a_start_would() throws Exception {
        int port = freePort();
        Path data = folder.resolve("data");
        Path conf = folder.resolve("reload.conf");
        String open = "listener %d 127.0.0.1\nallow_anonymous true\n".formatted(port);
        Files.writeString(conf, open);
        Process process = start(sotto("-c", conf.toString()), "reload");
        await(process, List.of(port), "reload");
        List<String> reload = new ArrayList<>(BrokerProcess.command(jar));
        reload.addAll(List.of("reload", "--data", data.toString()));

        Process same = start(reload, "same");
        int unchanged = same.waitFor();
        Files.writeString(conf, open + "max_keepalive many\n");
        Process wrong = start(reload, "wrong-reload");
        int refused = wrong.waitFor();

        assertThat(unchanged).isZero();
        assertThat(refused).isEqualTo(2);
        assertThat(Files.readString(folder.resolve("wrong-reload.log")))
                .contains(conf + ":3: max_keepalive", "nothing was changed");
        assertThat(accepts(port)).isTrue();
        assertThat(stop(process)).isZero();
    }

    @Test
    void it_goes_into_the_background_and_leaves_its_process_id() throws Exception {
        int port = freePort();
        Path pid = folder.resolve("pid");
        Path log = folder.resolve("broker.log");
        Path conf =
                Files.writeString(
                        folder.resolve("background.conf"),
                        "listener %d 127.0.0.1\nallow_anonymous true\npid_file %s\nlog_dest file %s\n"
                                .formatted(port, pid, log));

        Process process = start(sotto("-c", conf.toString(), "-d"), "background");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        int status = process.exitValue();
        ProcessHandle broker =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();

        assertThat(status).isZero();
        assertThat(accepts(port)).isTrue();
        broker.destroy();
        broker.onExit().get(20, TimeUnit.SECONDS);
        assertThat(Files.readString(log)).contains("store:");
    }

    private SSLContext tls(String certificate) throws Exception {
        Path etc = folder.resolve("mosquitto").resolve("etc");
        Path files = Files.isDirectory(folder.resolve("sotto")) ? folder.resolve("sotto/etc") : etc;
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", certificate(files.resolve("ca_certificates/ca.crt")));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys(files, certificate), trust.getTrustManagers(), null);
        return context;
    }

    private static javax.net.ssl.KeyManager @Nullable [] keys(Path files, String name)
            throws Exception {
        if (name.equals("none")) {
            return null;
        }
        String pem = Files.readString(files.resolve("certs/" + name + ".key"));
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----.*-----", ""));
        PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        Certificate[] chain = {certificate(files.resolve("certs/" + name + ".crt"))};
        own.setKeyEntry("own", key, new char[0], chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(own, new char[0]);
        return factory.getKeyManagers();
    }

    private static Certificate certificate(Path file) throws Exception {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
    }
}
