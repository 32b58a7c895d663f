package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@Timeout(60)
class CompletionTest {
    @TempDir Path directory = Path.of("");
    private final StringWriter out = new StringWriter();

    @Command(name = "sotto")
    private static final class Root {}

    private CommandLine root() {
        CommandLine root = new CommandLine(new Root());
        Commands.all((_, _) -> BrokerCheck.Outcome.PASSED, Control.NONE)
                .forEach(root::addSubcommand);
        return root.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(out, true));
    }

    private String script(String shell) {
        assertThat(root().execute("completion", shell)).isZero();
        return out.toString();
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text;
    }

    @ParameterizedTest
    @CsvSource({
        "sotto, pub",
        "sotto, bench",
        "sotto bench, fanout",
        "sotto completion, zsh",
        "sotto pub -, --message",
        "sotto bench pair -, --window"
    })
    void bash_offers_commands_and_options(String words, String offer) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "bash is not here");

        // The word that is completed stands last.
        boolean option = words.endsWith(" -");
        String before = option ? words.substring(0, words.length() - 2) : words;
        Path script = Files.writeString(directory.resolve("script"), script("bash"));
        String current = option ? "-" : "";
        String ask =
                "source %s; COMP_WORDS=(%s '%s'); COMP_CWORD=%d; COMP_LINE='%s %s';"
                                .formatted(
                                        script,
                                        before,
                                        current,
                                        before.split(" ").length,
                                        before,
                                        current)
                        + " _complete_sotto; echo \"${COMPREPLY[@]}\"";

        assertThat(run(List.of("bash", "-c", ask)).strip().split("\\s+")).contains(offer);
    }

    @ParameterizedTest
    @CsvSource({
        "sotto be, sotto bench",
        "sotto bench fano, sotto bench fanout",
        "sotto completion z, sotto completion zsh",
        "sotto pub --messa, sotto pub --message"
    })
    void zsh_completes_what_is_typed(String typed, String whole) throws Exception {
        boolean there;
        try {
            there = run(List.of("zsh", "-f", "-c", "echo yes")).contains("yes");
        } catch (IOException e) {
            there = false;
        }
        assumeTrue(there, "zsh is not here");
        Path script = Files.writeString(directory.resolve("script"), script("zsh"));

        // As somebody sits at a terminal: what is typed, and the key Tab.
        String session =
                """
                zmodload zsh/zpty
                zpty shell "TERM=dumb zsh -f -i"
                zpty -w shell "PS1=; autoload -Uz compinit && compinit -u -D; source %s; echo rea\\"\\"dy"
                while zpty -r shell line; do [[ $line == *ready* ]] && break; done
                zpty -n -w shell "%s"$'\\t'"; echo do\\"\\"ne"$'\\n'
                while zpty -r shell line; do print -r -- $line; [[ $line == *done* ]] && break; done
                """
                        .formatted(script, typed);
        String said = run(List.of("zsh", "-f", "-c", session));

        assertThat(said).contains(whole);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fish", "completion"})
    void another_shell_is_refused(String shell) {
        assertThat(root().execute("completion", shell)).isEqualTo(2);
    }
}
