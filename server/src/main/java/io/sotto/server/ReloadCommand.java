package io.sotto.server;

import io.sotto.server.Reload.Report;
import io.sotto.server.config.ConfigException;
import io.sotto.server.config.SottoConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Has a running broker read its configuration again.
@Command(
        name = "reload",
        description = {
            "Has the running broker read its configuration again.",
            "Users, rules, limits and certificates apply at once, and nobody who keeps the right is"
                    + " disconnected. The exit status is 0 when it was done, 1 when there is no broker"
                    + " to ask, and 2 when the configuration is faulty; then nothing was changed."
                    + " docs/reload.md has more."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sotto reload --config sotto.yaml            applies what it says now",
            "  sotto reload --config sotto.yaml --dry-run  says what would change, for whom"
        })
final class ReloadCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "${env:SOTTO_CONFIG}",
            description =
                    "The configuration with which the broker was started, which says where its data"
                            + " folder is. Also SOTTO_CONFIG.")
    @Nullable Path config;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${env:SOTTO_DATA}",
            description = "The data folder of the broker, if it was started so. Also SOTTO_DATA.")
    @Nullable Path data;

    @Option(names = "--dry-run", description = "Says what would change and changes nothing.")
    boolean dryRun;

    ReloadCommand() {}

    @Override
    public Integer call() {
        Path folder;
        try {
            folder =
                    SottoConfig.load(new SottoConfig.Overrides(config, null, null, data))
                            .store()
                            .folder();
        } catch (ConfigException e) {
            System.err.println(e.getMessage());
            System.err.println("nothing was changed");
            return CommandLine.ExitCode.USAGE;
        }
        try {
            Report report = ControlSocket.ask(folder, dryRun ? "dry-run" : "reload");
            report.lines()
                    .forEach(report.status() == 0 ? System.out::println : System.err::println);
            return report.status();
        } catch (IOException e) {
            System.err.println(
                    "sotto: no broker answers in the data folder %s: %s"
                            .formatted(folder, e.getMessage()));
            return CommandLine.ExitCode.SOFTWARE;
        }
    }
}
