package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_OUT)
class UsersTest {
    @TempDir Path directory = Path.of("");
    private Path file = Path.of("");

    @BeforeEach
    void name() {
        file = directory.resolve("users.txt");
    }

    /// What a command answered.
    private record Answer(int status, String said, String complained) {}

    private static Answer run(String input, String... arguments) {
        InputStream in = System.in;
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ByteArrayOutputStream complained = new ByteArrayOutputStream();
        try {
            System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
            System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
            int status = Main.commands().execute(arguments);
            return new Answer(
                    status,
                    said.toString(StandardCharsets.UTF_8),
                    complained.toString(StandardCharsets.UTF_8));
        } finally {
            System.setIn(in);
            System.setOut(out);
            System.setErr(err);
        }
    }

    private Answer users(String input, String verb, String... more) {
        String[] arguments = new String[more.length + 4];
        arguments[0] = "users";
        arguments[1] = verb;
        arguments[2] = "--file";
        arguments[3] = file.toString();
        System.arraycopy(more, 0, arguments, 4, more.length);
        return run(input, arguments);
    }

    @Test
    void a_file_that_cannot_be_used_is_named() throws IOException {
        Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xFF, '\n'});
        String missing = directory.resolve("missing").toString();

        Answer noText = users("", "add", "ada", "--password-file", binary.toString());
        Answer noFile = users("", "add", "ada", "--password-file", missing);
        Answer folder = run("", "users", "list", "--file", directory.toString());
        file = directory.resolve("nowhere").resolve("users.txt");
        Answer noPlace = users("tea\n", "add", "ada");

        assertThat(noText.complained())
                .isEqualToNormalizingNewlines("sotto: " + binary + " is no text in UTF-8\n");
        assertThat(noFile.complained()).startsWith("sotto: " + missing + " cannot be read: ");
        assertThat(folder.complained())
                .isEqualToNormalizingNewlines(directory + ": cannot be read: Is a directory\n");
        assertThat(folder.status()).isEqualTo(2);
        assertThat(noPlace.complained())
                .isEqualToNormalizingNewlines(file + ": there is no folder to make it in\n");
        assertThat(noPlace.status()).isEqualTo(2);
    }

    @Test
    void a_user_is_added_verified_changed_and_deleted() {
        assertThat(users("tea\n", "add", "ada").status()).isZero();
        assertThat(users("milk\n", "add", "bob").status()).isZero();

        assertThat(users("", "list").said()).isEqualTo("ada\nbob\n");
        assertThat(users("tea\n", "verify", "ada").status()).isZero();
        assertThat(users("milk\n", "verify", "ada").status()).isEqualTo(1);
        assertThat(users("tea\n", "verify", "nobody").status()).isEqualTo(1);

        assertThat(users("coffee\n", "change", "ada").status()).isZero();
        assertThat(users("tea\n", "verify", "ada").status()).isEqualTo(1);
        assertThat(users("coffee\n", "verify", "ada").status()).isZero();

        assertThat(users("", "delete", "ada").status()).isZero();
        assertThat(users("", "list").said()).isEqualTo("bob\n");
    }

    @Test
    void the_file_is_for_its_owner_alone_and_the_rest_of_it_stays() throws IOException {
        users("tea\n", "add", "ada");
        String line = Files.readString(file);
        Files.writeString(file, "# people\n" + line + "\n# devices\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        users("milk\n", "add", "bob");
        users("", "delete", "bob");

        assertThat(file).hasContent("# people\n" + line + "\n# devices\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(directory).isDirectoryContaining(file::equals);
        assertThat(directory.toFile().list()).hasSize(1);
    }

    @Test
    void what_does_not_fit_is_refused_and_changes_nothing() throws IOException {
        users("tea\n", "add", "ada");
        String before = Files.readString(file);

        assertThat(users("tea\n", "add", "ada").complained()).contains("is there already");
        assertThat(users("tea\n", "change", "bob").complained()).contains("there is no user 'bob'");
        assertThat(users("", "delete", "bob").complained()).contains("there is no user 'bob'");
        assertThat(users("tea\n", "add", "a:b").complained()).contains("colon");
        assertThat(users("tea\n", "add", "#a").complained()).contains("begins with #");
        assertThat(users("tea\n", "add", "a\nb:c").complained()).contains("control character");
        assertThat(users("\n", "add", "bob").complained()).contains("no password was given");

        assertThat(file).hasContent(before);
    }

    @Test
    void a_faulty_file_is_named_with_its_line_and_not_touched() throws IOException {
        Files.writeString(file, "ada:secret\n");

        Answer answer = users("tea\n", "add", "bob");

        assertThat(answer.status()).isEqualTo(2);
        assertThat(answer.complained()).startsWith(file + ":1: ").doesNotContain("secret");
        assertThat(file).hasContent("ada:secret\n");
    }

    @Test
    void two_changes_do_not_overlap() throws IOException {
        Files.writeString(directory.resolve("users.txt.new"), "");

        Answer answer = users("tea\n", "add", "ada");

        assertThat(answer.status()).isEqualTo(2);
        assertThat(answer.complained()).contains("another change is under way");
        assertThat(file).doesNotExist();
    }

    @Test
    void the_password_comes_from_a_file_or_with_a_warning_from_the_command_line()
            throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "tea\nand more\n");

        Answer quiet = users("", "add", "ada", "--password-file", secret.toString());
        Answer warned = users("", "add", "bob", "--password", "milk");

        assertThat(quiet.complained()).isEmpty();
        assertThat(warned.complained()).contains("can be seen by others").doesNotContain("milk");
        assertThat(users("tea\n", "verify", "ada").status()).isZero();
        assertThat(users("milk\n", "verify", "bob").status()).isZero();
    }

    @Test
    void the_file_of_a_configuration_is_changed_and_a_link_stays_one() throws IOException {
        users("tea\n", "add", "ada");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        Path config =
                Files.writeString(
                        directory.resolve("sotto.yaml"),
                        "password-file: " + link + "\ndata: " + directory + "\n");

        Answer answer = run("milk\n", "users", "add", "bob", "--config", config.toString());

        assertThat(answer.status()).isZero();
        assertThat(link).isSymbolicLink();
        assertThat(users("", "list").said()).isEqualTo("ada\nbob\n");
        assertThat(run("", "users", "list").complained()).contains("--file is missing");
    }

    @Test
    void a_broker_that_runs_is_pointed_at() throws IOException {
        Path config =
                Files.writeString(
                        directory.resolve("sotto.yaml"),
                        "password-file: " + file + "\ndata: " + directory + "\n");
        Files.writeString(file, "");

        try (ControlSocket socket = ControlSocket.open(directory, ReloadCommandTest::echo)) {
            assertThat(socket).isNotNull();
            Answer answer = run("tea\n", "users", "add", "ada", "--config", config.toString());

            assertThat(answer.said()).contains("sotto reload --config " + config);
        }
    }
}
