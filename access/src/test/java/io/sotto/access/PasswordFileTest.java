package io.sotto.access;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordFileTest {
    private static final Path TOOL = Path.of("/usr/bin/mosquitto_passwd");

    private final List<String> faults = new ArrayList<>();
    @TempDir Path directory = Path.of("");

    private Map<String, PasswordHash> read(String text) {
        return PasswordFile.read(text, (line, sentence) -> faults.add(line + ": " + sentence));
    }

    private static boolean matches(Map<String, PasswordHash> users, String name, String password) {
        return requireNonNull(users.get(name)).matches(password.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void what_the_real_mosquitto_passwd_writes_is_read() throws Exception {
        assumeTrue(Files.isExecutable(TOOL), "mosquitto_passwd is not installed");
        Path file = directory.resolve("passwords");
        add(file, "-c", "-H", "sha512", "-b", file.toString(), "old", "gréen tea");
        add(file, "-H", "sha512-pbkdf2", "-b", file.toString(), "new", "coffee");
        add(file, "-H", "sha512-pbkdf2", "-I", "20000", "-b", file.toString(), "slow", "$6$:#");

        Map<String, PasswordHash> users = read(Files.readString(file));

        assertThat(faults).isEmpty();
        assertThat(users).containsOnlyKeys("old", "new", "slow");
        assertThat(String.valueOf(users.get("old"))).startsWith("$6$");
        assertThat(String.valueOf(users.get("new"))).startsWith("$7$101$");
        assertThat(String.valueOf(users.get("slow"))).startsWith("$7$20000$");
        assertThat(matches(users, "old", "gréen tea")).isTrue();
        assertThat(matches(users, "old", "green tea")).isFalse();
        assertThat(matches(users, "new", "coffee")).isTrue();
        assertThat(matches(users, "new", "coffeE")).isFalse();
        assertThat(matches(users, "slow", "$6$:#")).isTrue();
        assertThat(matches(users, "slow", "")).isFalse();
    }

    private static void add(Path file, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(TOOL.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder tool = new ProcessBuilder(command).redirectErrorStream(true);
        tool.environment().put("LC_ALL", "C.UTF-8");
        Process process = tool.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(file).exists();
    }

    @Test
    void blank_lines_and_comments_are_nobody() {
        Map<String, PasswordHash> users =
                read(
                        """
                        # the kitchen

                          ann : $2b$05$abcdefghijklmnopqrstuu680Yiaj5hFUaJTH/rTAcbA2PQEGfiZu\t
                        """);

        assertThat(faults).isEmpty();
        assertThat(users).containsOnlyKeys("ann");
        assertThat(matches(users, "ann", "pencil")).isTrue();
    }

    @Test
    void what_is_wrong_is_told_with_its_line_and_without_the_password() {
        Map<String, PasswordHash> users =
                read(
                        """
                        ann:secret
                        bob
                        :secret
                        eve:$2b$05$abcdefghijklmnopqrstuu680Yiaj5hFUaJTH/rTAcbA2PQEGfiZu
                        eve:$2b$05$abcdefghijklmnopqrstuu680Yiaj5hFUaJTH/rTAcbA2PQEGfiZu
                        """);

        assertThat(users).containsOnlyKeys("eve");
        assertThat(faults)
                .hasSize(4)
                .noneMatch(fault -> fault.contains("secret"))
                .contains(
                        "2: the line is to be a user name, a colon and a hash",
                        "3: the line is to be a user name, a colon and a hash",
                        "5: user 'eve' is given twice");
        assertThat(faults.getFirst()).startsWith("1: the password of 'ann' is no hash");
    }
}
