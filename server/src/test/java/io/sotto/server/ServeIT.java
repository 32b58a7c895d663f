package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The real jar in a process of its own, with the flags of the launcher.
@Timeout(60)
class ServeIT {
    private static final HexFormat HEX = HexFormat.of();
    private static final Pattern READY =
            Pattern.compile("sotto \\S+ listens on 127\\.0\\.0\\.1:(\\d+), ready after \\d+ ms");

    @TempDir Path directory = Path.of("");
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endAll() {
        processes.forEach(Process::destroyForcibly);
    }

    private Process run(String... arguments) throws IOException {
        return run(List.of(), arguments);
    }

    private Process run(List<String> flags, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-XX:+UseCompactObjectHeaders",
                                "-XX:+ExitOnOutOfMemoryError",
                                "-jar",
                                System.getProperty("sotto.jar")));
        command.addAll(1, flags);
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SOTTO_"));
        Process process = builder.redirectError(errors().toFile()).start();
        processes.add(process);
        return process;
    }

    private Path errors() {
        return directory.resolve("errors.txt");
    }

    private static int port(Process process) throws IOException {
        BufferedReader out = process.inputReader();
        Matcher ready = READY.matcher(String.valueOf(out.readLine()));
        assertThat(ready.matches()).isTrue();
        return Integer.parseInt(ready.group(1));
    }

    private static Socket connect(int port, String connect) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream().write(HEX.parseHex(connect.replace(" ", "")));
        return socket;
    }

    private static String read(Socket socket, int bytes) throws IOException {
        return HEX.formatHex(socket.getInputStream().readNBytes(bytes));
    }

    private static int exit(Process process) throws InterruptedException {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    /// RocksDB is 15 MB, and a broker that is restarted by a supervisor would fill the disk.
    @Test
    void native_code_that_was_unpacked_is_gone_while_it_serves() throws Exception {
        Path temporary = Files.createDirectory(directory.resolve("temporary"));
        Process process = run(List.of("-Djava.io.tmpdir=" + temporary), "serve", "--port", "0");
        port(process);

        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).isEmpty();
        }
        process.destroyForcibly();
    }

    @Test
    void a_client_is_let_in_and_told_when_the_broker_is_stopped() throws Exception {
        Process process = run("serve", "--port", "0");
        int port = port(process);
        // CONNECT: MQTT 5.0, clean start, keep alive 60, no properties, client id "lamp"
        try (Socket socket = connect(port, "10 11 0004 4d515454 05 02 003c 00 0004 6c616d70")) {
            assertThat(read(socket, 1)).isEqualTo("20");
            int size = socket.getInputStream().read();
            assertThat(read(socket, size)).startsWith("0000");

            long asked = System.nanoTime();
            process.destroy();

            byte[] last = socket.getInputStream().readAllBytes();
            assertThat(HEX.formatHex(last)).startsWith("e0").matches("e0..8b.*");
            assertThat(exit(process)).isZero();
            assertThat(System.nanoTime() - asked).isLessThan(TimeUnit.SECONDS.toNanos(10));
        }
    }

    @Test
    void only_the_right_password_opens() throws Exception {
        Process passwd = run("passwd", "ann");
        passwd.outputWriter().append("tea\n").close();
        String lines = new String(passwd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Path config = directory.resolve("sotto.yaml");
        Files.writeString(config, "users:\n" + lines);
        Process process = run("serve", "--config", config.toString(), "--port", "0");
        int port = port(process);

        // CONNECT: MQTT 3.1.1, clean session, user name and password, client id "lamp"
        String ann = "10 1a 0004 4d515454 04 c2 003c 0004 6c616d70 0003 616e6e 0003 ";
        try (Socket right = connect(port, ann + "746561");
                Socket wrong = connect(port, ann + "746562");
                Socket none = connect(port, "10 10 0004 4d515454 04 02 003c 0004 6c616d70")) {
            assertThat(read(right, 4)).isEqualTo("20020000");
            assertThat(read(wrong, 4)).isEqualTo("20020004");
            assertThat(read(none, 4)).isEqualTo("20020005");
        }
        process.destroy();
        assertThat(exit(process)).isZero();
        assertThat(Files.readString(errors())).contains("wrong password for user 'ann'");
    }

    @Test
    void an_open_door_to_the_network_is_refused() throws Exception {
        Process process = run("serve", "--host", "0.0.0.0", "--port", "0");

        assertThat(exit(process)).isEqualTo(2);
        assertThat(Files.readString(errors()))
                .contains("can be reached from the network")
                .contains("anonymous: true");
    }

    @Test
    void a_port_that_is_taken_is_one_plain_sentence() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process process = run("serve", "--port", String.valueOf(taken.getLocalPort()));

            assertThat(exit(process)).isEqualTo(1);
            assertThat(Files.readString(errors()))
                    .endsWith(
                            "sotto: cannot listen on 127.0.0.1:"
                                    + taken.getLocalPort()
                                    + ": another program has that port\n");
        }
    }

    @Test
    void a_configuration_fault_is_told_with_its_line() throws Exception {
        Path config = directory.resolve("sotto.yaml");
        Files.writeString(config, "loops: 1\nlimits:\n  retaind: 5\n");

        Process process = run("serve", "--config", config.toString());

        assertThat(exit(process)).isEqualTo(2);
        assertThat(Files.readString(errors()))
                .contains(
                        "sotto.yaml:3: limits.retaind is not known; did you mean limits.retained?");
    }

    @Test
    void a_rehearsal_ends_by_itself_and_leaves_nothing_behind() throws Exception {
        Path temporary = Files.createDirectory(directory.resolve("temporary"));
        Process process = run(List.of("-Djava.io.tmpdir=" + temporary), "rehearse");

        assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();

        assertThat(process.exitValue()).isZero();
        assertThat(Files.readString(errors())).doesNotContain("xception", "ERROR");
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).noneMatch(file -> file.getFileName().toString().contains("rehearsal"));
        }
    }
}
