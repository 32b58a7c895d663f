package io.sotto.server;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a command gets a password from: the terminal, where it is not shown, standard input, a
/// file, or the command line of whoever insists.
final class PasswordSource {
    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "Takes the password from the first line of this file.")
    @Nullable Path file;

    @Option(
            names = "--password",
            paramLabel = "PASSWORD",
            description =
                    "The password itself. Others see it, in the list of processes and in the"
                            + " history of the shell: better leave it out and be asked.")
    @Nullable String password;

    PasswordSource() {}

    /// The password; null when there is none, which was told then.
    ///
    /// @param twice whether somebody who types it has to do so twice
    @Nullable String read(boolean twice) throws IOException {
        String found;
        if (password != null) {
            System.err.println("sotto: a password on the command line can be seen by others");
            found = password;
        } else if (file != null) {
            found = firstLine(file);
            if (found == null) {
                return null;
            }
        } else {
            found = ask(twice);
        }
        if (found == null || found.isEmpty()) {
            System.err.println("sotto: no password was given");
            return null;
        }
        return found;
    }

    /// Null where the file cannot be read, which was told then.
    private static @Nullable String firstLine(Path file) {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            String first = lines.readLine();
            return first == null ? "" : first;
        } catch (CharacterCodingException e) {
            System.err.println("sotto: " + file + " is no text in UTF-8");
        } catch (IOException e) {
            System.err.println("sotto: " + file + " cannot be read: " + PrivateFiles.reason(e));
        }
        return null;
    }

    /// Asks at the terminal, or reads a line of standard input where there is none.
    // JDK 22 to 24 had a console also without a terminal; since 25 it is null then, as before 22.
    @SuppressWarnings("SystemConsoleNull")
    static @Nullable String ask(boolean twice) throws IOException {
        Console console = System.console();
        if (console != null && console.isTerminal()) {
            char[] once = console.readPassword("Password: ");
            char[] again = twice ? console.readPassword("The same again: ") : once;
            if (!Arrays.equals(once, again)) {
                System.err.println("sotto: the two are not the same");
                return null;
            }
            return once == null ? null : new String(once);
        }
        try {
            // Strictly: what is no text would become a password that nobody has.
            return new BufferedReader(
                            new InputStreamReader(System.in, StandardCharsets.UTF_8.newDecoder()))
                    .readLine();
        } catch (CharacterCodingException e) {
            System.err.println("sotto: the password is no text in UTF-8");
            return null;
        }
    }
}
