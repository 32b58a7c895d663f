package io.sotto.server;

import static java.util.Objects.requireNonNull;

import io.sotto.access.PasswordHash;
import io.sotto.access.ScramCredential;
import io.sotto.access.ScramMechanism;
import io.sotto.access.ScramUsers;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints the lines of a user for the configuration; the password comes from the terminal, where it
/// is not shown, or from standard input.
@Command(
        name = "passwd",
        description = "Hashes a password and prints the user's lines for sotto.yaml.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  sotto passwd ada                  asks for the password, which is not shown",
            "  sotto passwd ada < password.txt   reads it from a file",
            "  sotto passwd --scram ada          for clients that log in by SCRAM: MQTT 5.0,",
            "                                    and the password is never sent",
            "",
            "The lines go below `users:`. A user may have a password, SCRAM, or both."
        })
final class Passwd implements Callable<Integer> {
    /// As much as costs a small device a second or so, and whoever tries passwords as much each.
    private static final int ITERATIONS = 100_000;

    @Spec @Nullable CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "The user name.")
    String name = "";

    @Option(
            names = "--scram",
            description = "Credentials for SCRAM-SHA-256 and SCRAM-SHA-512 instead of a password.")
    boolean scram;

    @Option(
            names = "--iterations",
            paramLabel = "COUNT",
            description = "What a login by SCRAM costs the client (default: 100000).")
    int iterations = ITERATIONS;

    Passwd() {}

    @Override
    public Integer call() throws IOException {
        checkOptions();
        String password = PasswordSource.ask(true);
        if (password == null || password.isEmpty()) {
            System.err.println("sotto: no password was given");
            return CommandLine.ExitCode.SOFTWARE;
        }
        try {
            String lines = scram ? scramLines(password) : passwordLine(password);
            System.out.println("  - name: " + quoted(name));
            System.out.print(lines);
            return CommandLine.ExitCode.OK;
        } catch (IllegalArgumentException e) {
            System.err.println("sotto: the password " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private void checkOptions() {
        CommandLine command = requireNonNull(spec).commandLine();
        if (iterations < ScramCredential.FEWEST_ITERATIONS
                || iterations > ScramCredential.MOST_ITERATIONS) {
            throw new ParameterException(
                    command,
                    "--iterations is to be within %,d to %,d, not %,d"
                            .formatted(
                                    ScramCredential.FEWEST_ITERATIONS,
                                    ScramCredential.MOST_ITERATIONS,
                                    iterations));
        }
        if (name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
            throw new ParameterException(
                    command, "the user name is empty or has a control character");
        }
        if (scram && !ScramUsers.canSend(name)) {
            throw new ParameterException(
                    command, "SCRAM clients would send this user name in another form (RFC 4013)");
        }
    }

    private static String passwordLine(String password) {
        return line("password", PasswordHash.of(password, new SecureRandom()));
    }

    private String scramLines(String password) {
        StringBuilder lines = new StringBuilder();
        for (ScramMechanism mechanism : ScramMechanism.values()) {
            lines.append(
                    line(
                            mechanism.method().toLowerCase(Locale.ROOT),
                            ScramCredential.of(
                                    mechanism, password, iterations, new SecureRandom())));
        }
        return lines.toString();
    }

    private static String line(String key, Object value) {
        return "    %s: %s%n".formatted(key, quoted(value.toString()));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
