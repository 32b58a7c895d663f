package io.sotto.server;

import static java.util.Objects.requireNonNull;

import io.sotto.store.Space;
import io.sotto.store.StoreException;
import io.sotto.store.StoreFolder;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Looks into the store of a broker, which may be running, and copies it.
@Command(
        name = "store",
        description = "Checks, counts, backs up, restores and exports what a broker keeps.",
        subcommands = {
            StoreCommand.Check.class,
            StoreCommand.Stats.class,
            StoreCommand.Backup.class,
            StoreCommand.Restore.class,
            StoreExport.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  sotto store check                      whether every file and record is whole",
            "  sotto store backup /backup/monday      also while the broker runs",
            "  sotto store restore /backup/monday     into ./data, which must not be there",
            "  sotto store export > kept.jsonl        sessions and retained messages"
        })
final class StoreCommand implements Callable<Integer> {
    @Spec @Nullable CommandSpec spec;

    StoreCommand() {}

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(
                requireNonNull(spec).commandLine(), "say what is to be done with the store");
    }

    /// What all of them have.
    abstract static class Part implements Callable<Integer> {
        @Spec @Nullable CommandSpec spec;

        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "The folder of the store (default: ./data).")
        Path data = Path.of("data");

        PrintWriter out() {
            return requireNonNull(spec).commandLine().getOut();
        }

        @Override
        public Integer call() {
            try {
                int status = run();
                out().flush();
                return status;
            } catch (StoreException e) {
                requireNonNull(spec).commandLine().getErr().println("sotto: " + e.getMessage());
                return CommandLine.ExitCode.SOFTWARE;
            }
        }

        abstract int run() throws StoreException;
    }

    /// Whether all of it is whole.
    @Command(
            name = "check",
            description = "Reads all of it: checksums of logs and tables, and every record.")
    static final class Check extends Part {
        @Override
        int run() throws StoreException {
            List<String> damages = StoreFolder.check(data);
            if (damages.isEmpty()) {
                out().println("all of " + data + " is whole");
                return CommandLine.ExitCode.OK;
            }
            damages.forEach(out()::println);
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    /// How much there is.
    @Command(name = "stats", description = "Counts what is kept.")
    static final class Stats extends Part {
        @Override
        int run() throws StoreException {
            try (StoreFolder store = StoreFolder.open(data)) {
                out().printf("%-10s %14s %18s%n", "part", "records", "bytes");
                for (Map.Entry<Space, StoreFolder.Size> part : store.sizes().entrySet()) {
                    out().printf(
                                    "%-10s %,14d %,18d%n",
                                    part.getKey().name().toLowerCase(Locale.ROOT),
                                    part.getValue().records(),
                                    part.getValue().bytes());
                }
            }
            return CommandLine.ExitCode.OK;
        }
    }

    /// A copy of it.
    @Command(
            name = "backup",
            description = "Copies all that is there at this moment into a new folder.")
    static final class Backup extends Part {
        @Parameters(paramLabel = "TARGET", description = "A folder that is not there yet.")
        Path target = Path.of("");

        @Override
        int run() throws StoreException {
            try (StoreFolder store = StoreFolder.open(data)) {
                out().printf("%,d records are in %s%n", store.copy(target), target);
            }
            return CommandLine.ExitCode.OK;
        }
    }

    /// The way back.
    @Command(
            name = "restore",
            description = "Makes the folder of a broker out of a backup; there must be none yet.")
    static final class Restore extends Part {
        @Parameters(paramLabel = "BACKUP", description = "What `sotto store backup` made.")
        Path backup = Path.of("");

        @Override
        int run() throws StoreException {
            try (StoreFolder store = StoreFolder.open(backup)) {
                out().printf("%,d records are in %s%n", store.copy(data), data);
            }
            return CommandLine.ExitCode.OK;
        }
    }
}
