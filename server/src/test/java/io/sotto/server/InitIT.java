package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `sotto init` and `sotto import` from the jar, and the brokers that their files make.
@Timeout(120)
class InitIT {
    private final Path jar = Path.of(System.getProperty("sotto.jar"));
    @TempDir Path folder = Path.of("");

    private record Ended(int status, String said) {}

    private Process start(String... arguments) throws IOException {
        List<String> command = BrokerProcess.command(jar);
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private Ended run(String... arguments) throws Exception {
        Process process = start(arguments);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), said);
    }

    private static String ready(Process broker) {
        return broker.inputReader(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("listens on"))
                .findFirst()
                .orElse("nowhere");
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void what_init_makes_is_a_broker_that_speaks_tls_to_its_user() throws Exception {
        Path home = folder.resolve("home");
        Ended made = run("init", home.toString());
        Matcher password = Pattern.compile("password: ([a-z2-9]{24}) ").matcher(made.said());
        assertThat(made.status()).as(made.said()).isZero();
        assertThat(password.find()).isTrue();
        Path secret = Files.writeString(folder.resolve("secret"), password.group(1));
        int port = freePort();
        Path config = home.resolve("sotto.yaml");
        String text = Files.readString(config);
        Files.writeString(
                config,
                text.replace("host: 0.0.0.0", "host: 127.0.0.1")
                        .replace("port: 8883", "port: " + port)
                        .replace("port: 1883", "port: 0"));

        Process broker = start("serve", "--config", config.toString());
        assertThat(ready(broker)).contains("127.0.0.1:" + port);
        String[] there = {
            "--cafile",
            home.resolve("certificate.pem").toString(),
            "-h",
            "localhost",
            "-p",
            String.valueOf(port),
            "-u",
            "admin"
        };
        Ended published = run(with(there, "pub", "--password-file", secret.toString(), "-r"));
        Ended wrong = run(with(there, "pub", "-P", "wrong"));
        Ended received = run(with(there, "sub", "--password-file", secret.toString(), "-C", "1"));

        assertThat(published.status()).as(published.said()).isZero();
        assertThat(wrong.status()).as(wrong.said()).isNotZero();
        assertThat(received.said()).contains("warm");
        assertThat(text).doesNotContain(password.group(1)).contains("$argon2id$");
        broker.destroy();
        assertThat(broker.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(broker.exitValue()).isZero();
    }

    private static String[] with(String[] there, String command, String... more) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of(there));
        all.addAll(List.of(more));
        all.addAll(List.of("-t", "home/oven"));
        if (command.equals("pub")) {
            all.addAll(List.of("-m", "warm"));
        }
        return all.toArray(String[]::new);
    }

    @Test
    void init_is_for_its_owner_alone_and_overwrites_nothing() throws Exception {
        Path home = folder.resolve("home");
        run("init", home.toString(), "--user", "ada", "--host", "broker.example");
        String config = Files.readString(home.resolve("sotto.yaml"));

        Ended again = run("init", home.toString());

        assertThat(again.status()).isEqualTo(1);
        assertThat(again.said()).contains("is there already, and is never overwritten");
        assertThat(Files.readString(home.resolve("sotto.yaml")))
                .isEqualTo(config)
                .contains("'ada'");
        assertThat(permissions(home)).isEqualTo("rwx------");
        for (String file : List.of("sotto.yaml", "key.pem", "certificate.pem")) {
            assertThat(permissions(home.resolve(file))).as(file).isEqualTo("rw-------");
        }
        assertThat(run("init", folder.toString(), "--host", "a,CN=b").status()).isEqualTo(2);
    }

    @Test
    void what_import_writes_can_be_served_and_is_for_its_owner_alone() throws Exception {
        Path passwords = folder.resolve("passwd");
        Files.copy(Path.of("src/test/mosquitto/etc/passwd"), passwords);
        int port = freePort();
        Path conf =
                Files.writeString(
                        folder.resolve("mosquitto.conf"),
                        "listener %d 127.0.0.1\npassword_file %s\npersistence_location %s\n"
                                .formatted(port, passwords, folder));
        Path out = folder.resolve("out");

        Ended checked = run("import", "mosquitto", "--check", conf.toString());
        assertThat(out).doesNotExist();
        Ended made = run("import", "mosquitto", conf.toString(), "-o", out.toString());
        Ended again = run("import", "mosquitto", conf.toString(), "-o", out.toString());
        Files.delete(passwords);
        Process broker = start("serve", "--config", out.resolve("sotto.yaml").toString());
        String ready = ready(broker);
        Ended published =
                run(
                        "pub",
                        "-p",
                        String.valueOf(port),
                        "-u",
                        "ann",
                        "-P",
                        "pencil",
                        "-t",
                        "a",
                        "-m",
                        "b");
        broker.destroy();

        assertThat(checked.status()).as(checked.said()).isZero();
        assertThat(made.status()).as(made.said()).isZero();
        assertThat(made.said()).contains("mosquitto.conf:1: listener: imported");
        assertThat(again.status()).isEqualTo(1);
        assertThat(permissions(out.resolve("sotto.yaml"))).isEqualTo("rw-------");
        assertThat(permissions(out.resolve("passwd"))).isEqualTo("rw-------");
        assertThat(ready).contains(":" + port);
        assertThat(published.status()).as(published.said()).isZero();
    }

    @Test
    void the_status_of_an_import_says_what_was_left_behind() throws Exception {
        Path lossy =
                Files.writeString(
                        folder.resolve("lossy.conf"),
                        "listener 1883 127.0.0.1\nallow_anonymous true\nmemory_limit 1000000\n");
        Path refused =
                Files.writeString(
                        folder.resolve("refused.conf"),
                        "listener 1883\nallow_anonymous true\npsk_hint x\n");

        assertThat(run("import", "mosquitto", "--check", lossy.toString()).status()).isEqualTo(3);
        Ended stopped = run("import", "mosquitto", refused.toString(), "-o", folder + "/none");
        assertThat(stopped.status()).isEqualTo(2);
        assertThat(stopped.said()).contains("refused.conf:3: psk_hint: refused");
        assertThat(folder.resolve("none")).doesNotExist();
    }
}
