package io.sotto.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Who connects. A password on the command line can be seen by others on the machine: a file or the
/// environment keeps it.
final class LoginOptions {
    private static final String PASSWORD_VARIABLE = "SOTTO_PASSWORD";

    @Option(
            names = {"-u", "--user", "--username"},
            paramLabel = "NAME",
            description = "The user name.")
    @Nullable String user;

    @Option(
            names = {"-P", "--password", "--pw"},
            paramLabel = "PASSWORD",
            description = "The password, which others on this machine can then see.")
    @Nullable String password;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description =
                    "Reads the password from the first line of a file. Without either it is taken"
                            + " from SOTTO_PASSWORD.")
    @Nullable Path passwordFile;

    LoginOptions() {}

    /// The login, if there is one.
    ///
    /// @throws IOException with a sentence, when a file cannot be read
    Optional<BrokerCheck.Login> login() throws IOException {
        String name = user;
        if (name == null) {
            if (password != null || passwordFile != null) {
                throw new IOException("a password needs a user name (-u)");
            }
            return Optional.empty();
        }
        String secret = password != null ? password : fromElsewhere();
        return Optional.of(new BrokerCheck.Login(name, secret == null ? "" : secret));
    }

    private @Nullable String fromElsewhere() throws IOException {
        Path file = passwordFile;
        if (file == null) {
            return System.getenv(PASSWORD_VARIABLE);
        }
        try (var lines = Files.lines(file)) {
            return lines.findFirst().orElse("");
        } catch (IOException | UncheckedIOException e) {
            throw new IOException(
                    "cannot read the password from " + file + ": " + FileFaults.reason(e), e);
        }
    }
}
