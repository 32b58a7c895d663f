package io.sotto.server;

import static java.util.Objects.requireNonNull;

import io.sotto.server.config.ConfigException;
import io.sotto.server.mosquitto.Finding;
import io.sotto.server.mosquitto.MosquittoImport;
import io.sotto.server.mosquitto.MosquittoImport.Setting;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Commands that make a configuration out of another broker's.
@Command(
        name = "import",
        description = "Makes a configuration out of another broker's.",
        synopsisSubcommandLabel = "COMMAND")
final class Import {
    /// The exit status when something was left behind.
    static final int WITH_LOSSES = 3;

    Import() {}

    static CommandLine command() {
        return new CommandLine(new Import()).addSubcommand(new Mosquitto());
    }

    /// Out of one of Mosquitto.
    @Command(
            name = "mosquitto",
            description = {
                "Makes a configuration out of a mosquitto.conf and what it includes, and says what"
                        + " became of each line.",
                "",
                "The exit status is 0 when all of it is there, 3 when something was left behind that"
                        + " protects nobody, 2 when nothing was written because a line is wrong or"
                        + " cannot be left out without harm, and 1 when files could not be written."
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  sotto import mosquitto --check /etc/mosquitto/mosquitto.conf",
                "                                         says what would become of it",
                "  sotto import mosquitto /etc/mosquitto/mosquitto.conf -o /etc/sotto",
                "  sotto serve --config /etc/sotto/sotto.yaml"
            })
    static final class Mosquitto implements Callable<Integer> {
        @Spec @Nullable CommandSpec spec;

        @Parameters(paramLabel = "FILE", description = "The mosquitto.conf.")
        Path file = Path.of("");

        @Option(
                names = {"-o", "--output"},
                paramLabel = "DIR",
                description = "Where sotto.yaml and its files go (default: here).")
        Path output = Path.of("");

        @Option(names = "--check", description = "Only say what would become of each line.")
        boolean check;

        Mosquitto() {}

        @Override
        public Integer call() {
            PrintWriter out = requireNonNull(spec).commandLine().getOut();
            PrintWriter err = requireNonNull(spec).commandLine().getErr();
            MosquittoImport read = MosquittoImport.of(file, Setting.here());
            read.report().findings().forEach(out::println);
            out.println(read.report().summary());
            out.flush();
            try {
                if (!read.report().refusals().isEmpty()) {
                    err.println(
                            "sotto: nothing is imported while %d of the lines above are refused"
                                    .formatted(read.report().refusals().size()));
                    return CommandLine.ExitCode.USAGE;
                }
                read.config(null);
                if (!check) {
                    write(read, out);
                }
            } catch (ConfigException e) {
                err.println(e.getMessage());
                return CommandLine.ExitCode.USAGE;
            } catch (IOException e) {
                err.println("sotto: " + PrivateFiles.reason(e));
                return CommandLine.ExitCode.SOFTWARE;
            }
            return read.report().hasLosses() ? WITH_LOSSES : CommandLine.ExitCode.OK;
        }

        /// Users and rules are copied, since they may go with Mosquitto; keys and certificates stay
        /// where whatever renews them writes them.
        private void write(MosquittoImport read, PrintWriter out) throws IOException {
            Map<Path, Path> copies = new LinkedHashMap<>();
            for (Path from : read.files()) {
                String name = String.valueOf(from.getFileName());
                Path to = output.toAbsolutePath().normalize().resolve(name);
                copies.put(from, copies.containsValue(to) ? to.resolveSibling(name + ".2") : to);
            }
            Path config = output.resolve("sotto.yaml");
            if (Files.exists(config)) {
                throw new FileAlreadyExistsException(config.toString());
            }
            PrivateFiles.folder(output.toAbsolutePath());
            for (Map.Entry<Path, Path> copy : copies.entrySet()) {
                PrivateFiles.write(copy.getValue(), Files.readAllBytes(copy.getKey()));
            }
            Setting there = Setting.here().with(path -> copies.getOrDefault(path, path));
            String text = MosquittoImport.of(file, there).text();
            PrivateFiles.write(config, text.getBytes(StandardCharsets.UTF_8));
            copies.values().forEach(copy -> out.println("wrote " + copy));
            out.println("wrote " + config);
            out.println("start it with: sotto serve --config " + config);
            out.flush();
        }
    }

    /// Says on standard error what a running broker does not do.
    static void warn(MosquittoImport read) {
        for (Finding finding : read.report().findings()) {
            switch (finding.verdict()) {
                case REFUSED -> System.err.println(finding);
                case NOT_SUPPORTED, BRIDGE -> System.err.println("WARNING " + finding);
                default -> {
                    // As it was.
                }
            }
        }
    }
}
