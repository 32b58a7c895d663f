package io.sotto.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// Writes what a shell needs to complete this program's commands and options.
@Command(
        name = "completion",
        description = "Writes the completion of commands and options for bash or zsh.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(sotto completion bash)                  in ~/.bashrc",
            "  source <(sotto completion zsh)                   in ~/.zshrc",
            "  sotto completion bash > /etc/bash_completion.d/sotto"
        })
final class Completion implements Callable<Integer> {
    @Spec @Nullable CommandSpec spec;

    /// The shells that there is one for.
    static final class Shells implements Iterable<String>, ITypeConverter<String> {
        private static final List<String> NAMES = List.of("bash", "zsh");

        Shells() {}

        @Override
        public Iterator<String> iterator() {
            return NAMES.iterator();
        }

        @Override
        public String convert(String text) {
            if (!NAMES.contains(text)) {
                throw new TypeConversionException("'" + text + "' is neither bash nor zsh");
            }
            return text;
        }
    }

    @Parameters(
            paramLabel = "SHELL",
            converter = Shells.class,
            completionCandidates = Shells.class,
            description = "bash or zsh.")
    @Nullable String shell;

    Completion() {}

    @Override
    public Integer call() {
        CommandSpec root = requireNonNull(spec).root();
        PrintWriter out = requireNonNull(spec).commandLine().getOut();
        // One script for both: in zsh it turns on the completions of bash, and itself into one.
        out.print(AutoComplete.bash(root.name(), root.commandLine()));
        out.flush();
        return ExitCode.OK;
    }
}
