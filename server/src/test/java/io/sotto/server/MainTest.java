package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@ResourceLock(Resources.SYSTEM_OUT)
class MainTest {
    @TempDir Path directory = Path.of("");

    private record Answer(int status, String said, String complained) {}

    /// Nothing fits onto it.
    private static final class FullDisk extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            throw new IOException("No space left on device");
        }
    }

    private static Answer run(byte[] input, OutputStream output, String... arguments) {
        InputStream in = System.in;
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream complained = new ByteArrayOutputStream();
        try {
            System.setIn(new ByteArrayInputStream(input));
            System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
            int status = Main.run(Main.commands(), arguments);
            return new Answer(
                    status, output.toString(), complained.toString(StandardCharsets.UTF_8));
        } finally {
            System.setIn(in);
            System.setOut(out);
            System.setErr(err);
        }
    }

    private static Answer run(String... arguments) {
        byte[] input = "secret\n".getBytes(StandardCharsets.UTF_8);
        return run(input, new ByteArrayOutputStream(), arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"passwd ada", "completion bash", "acl test publish a", "doctor --help"})
    void what_cannot_be_written_is_not_done(String line) {
        byte[] input = "secret\n".getBytes(StandardCharsets.UTF_8);

        Answer answer = run(input, new FullDisk(), line.split(" ", -1));

        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.complained()).endsWith("sotto: the output cannot be written\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "users add ada --file FOLDER --password x",
                "users list --file FOLDER",
                "users list --file FOLDER/none",
                "users verify ada --file FOLDER/none --password x",
                "users delete ada --file FOLDER/none",
                "users add ada --file FOLDER/none/users --password x",
                "users add ada --file FOLDER/users --password-file FOLDER",
                "users add ada --file FOLDER/users --password-file FOLDER/none",
                "users add ada --file FOLDER/users --password-file FOLDER/binary",
                "acl test --config FOLDER/binary publish a",
                "acl test --config FOLDER publish a",
                "acl test --address nowhere publish a",
                "passwd ",
                "init --user  FOLDER/init",
                "import mosquitto FOLDER",
                "mosquitto -c FOLDER",
                "serve --host ",
                "serve --data ",
                "serve --config ",
                "serve --port 0 --data FOLDER/binary",
                "check localhost --websocket 65536"
            })
    void what_is_wrong_is_said_without_a_trace(String line) throws IOException {
        Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, '\n'});

        Answer answer = run(line.replace("FOLDER", directory.toString()).split(" ", -1));

        assertThat(answer.status()).as(answer.complained()).isBetween(1, 2);
        assertThat(answer.complained())
                .isNotEmpty()
                .doesNotContain("Exception", "\tat ", "Input length");
        assertThat(directory.resolve("users")).doesNotExist();
        assertThat(directory.resolve("init")).doesNotExist();
    }

    @Test
    void a_password_that_is_no_text_is_refused_instead_of_changed() {
        byte[] input = {(byte) 0xff, '\n'};

        Answer answer = run(input, new ByteArrayOutputStream(), "passwd", "ada");

        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.said()).isEmpty();
        assertThat(answer.complained()).startsWith("sotto: the password is no text in UTF-8\n");
    }

    @Test
    void each_command_has_its_own_examples_and_none_is_broken_in_two() {
        List<CommandLine> all = new ArrayList<>();
        below(Main.commands(), all);

        for (CommandLine each : all) {
            String[] lines = each.getCommandSpec().usageMessage().footer();
            assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
            String name = each.getCommandSpec().qualifiedName();
            if (lines.length > 0) {
                assertThat(String.join("\n", lines)).as(name).contains("  " + name + " ");
            }
        }
        assertThat(all).hasSizeGreaterThan(30);
    }

    private static void below(CommandLine command, List<CommandLine> all) {
        all.add(command);
        command.getSubcommands().values().forEach(each -> below(each, all));
    }
}
