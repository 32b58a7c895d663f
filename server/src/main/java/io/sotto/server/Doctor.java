package io.sotto.server;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sotto.server.config.SottoConfig;
import io.sotto.server.doctor.Checkup;
import io.sotto.server.doctor.Finding;
import io.sotto.server.doctor.Finding.Level;
import io.sotto.server.doctor.Host;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Looks at everything that a broker needs, and says what is wrong and what to type.
@Command(
        name = "doctor",
        sortOptions = false,
        description = {
            "Looks at what a broker needs: Java, limits of the system, ports, configuration, store and"
                    + " certificates, and says what is wrong and what to type.",
            "It changes nothing, and may be run beside a broker that runs. Run it as the broker's user"
                    + " and with the broker's options."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:nothing is wrong; there may be warnings",
            "1:there is a problem",
            "2:the command line is wrong"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sotto doctor --config sotto.yaml",
            "  sotto doctor --json | jq '.findings[] | select(.level == \"problem\")'"
        })
final class Doctor implements Callable<Integer> {
    @Spec @Nullable CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "${env:SOTTO_CONFIG}",
            description = "As for serve. Also SOTTO_CONFIG.")
    @Nullable Path config;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "${env:SOTTO_HOST}",
            description = "As for serve. Also SOTTO_HOST.")
    @Nullable String host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "${env:SOTTO_PORT}",
            description = "As for serve. Also SOTTO_PORT.")
    @Nullable Integer port;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${env:SOTTO_DATA}",
            description = "As for serve. Also SOTTO_DATA.")
    @Nullable Path data;

    @Option(names = "--json", description = "Writes one JSON object.")
    boolean json;

    Doctor() {}

    @Override
    public Integer call() {
        CommandLine command = requireNonNull(spec).commandLine();
        if (port != null && (port < 0 || port > 65_535)) {
            throw new CommandLine.ParameterException(
                    command, "--port is to be within 0 to 65,535, not " + port);
        }
        List<Finding> findings =
                Checkup.run(
                        new SottoConfig.Overrides(config, host, port, data),
                        Host.here(),
                        Instant.now());
        PrintWriter out = command.getOut();
        if (json) {
            out.println(json(findings));
        } else {
            findings.forEach(finding -> print(finding, out));
            out.println(verdict(findings));
        }
        out.flush();
        return count(findings, Level.PROBLEM) == 0
                ? CommandLine.ExitCode.OK
                : CommandLine.ExitCode.SOFTWARE;
    }

    private static long count(List<Finding> findings, Level level) {
        return findings.stream().filter(finding -> finding.level() == level).count();
    }

    private static String name(Finding finding) {
        return finding.level().name().toLowerCase(Locale.ROOT);
    }

    private static void print(Finding finding, PrintWriter out) {
        out.printf("%-8s %-12s %s%n", name(finding), finding.area(), finding.sentence());
        if (finding.remedy() != null) {
            out.printf("%21s → %s%n", "", finding.remedy());
        }
    }

    private static String verdict(List<Finding> findings) {
        return "%d problems, %d warnings"
                .formatted(count(findings, Level.PROBLEM), count(findings, Level.WARNING));
    }

    private static String json(List<Finding> findings) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("ok", count(findings, Level.PROBLEM) == 0);
        ArrayNode list = root.putArray("findings");
        for (Finding finding : findings) {
            list.addObject()
                    .put("area", finding.area())
                    .put("level", name(finding))
                    .put("finding", finding.sentence())
                    .put("remedy", finding.remedy());
        }
        return root.toString();
    }
}
