package io.sotto.server;

import io.sotto.access.PasswordHash;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Prints the lines of a user for the configuration; the password comes from the terminal, where it
/// is not shown, or from standard input.
@Command(
        name = "passwd",
        description = "Hashes a password and prints the user's lines for the configuration.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
final class Passwd implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "The user name.")
    String name = "";

    Passwd() {}

    @Override
    public Integer call() throws IOException {
        String password = password();
        if (password == null || password.isEmpty()) {
            System.err.println("sotto: no password was given");
            return CommandLine.ExitCode.SOFTWARE;
        }
        System.out.println("  - name: " + quoted(name));
        System.out.println(
                "    password: "
                        + quoted(PasswordHash.of(password, new SecureRandom()).toString()));
        return CommandLine.ExitCode.OK;
    }

    // JDK 22 to 24 had a console also without a terminal; since 25 it is null then, as before 22.
    @SuppressWarnings("SystemConsoleNull")
    private static @Nullable String password() throws IOException {
        Console console = System.console();
        if (console != null && console.isTerminal()) {
            char[] once = console.readPassword("Password: ");
            char[] again = console.readPassword("The same again: ");
            if (!Arrays.equals(once, again)) {
                System.err.println("sotto: the two are not the same");
                return null;
            }
            return once == null ? null : new String(once);
        }
        return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                .readLine();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
