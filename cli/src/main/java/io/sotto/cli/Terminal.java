package io.sotto.cli;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How much fits onto the screen.
///
/// @param rows lines
/// @param columns characters of a line
record Terminal(int rows, int columns) {
    private static final Terminal USUAL = new Terminal(24, 80);
    private static final Pattern SIZE = Pattern.compile("(\\d{1,4}) (\\d{1,4})\\s*");

    /// Whether the output is read by a person at a screen.
    @SuppressWarnings("SystemConsoleNull") // it may still be null, says its documentation
    static boolean isThere() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /// The size as it is now; 24 by 80 where nobody knows.
    static Terminal size() {
        try {
            Process stty =
                    new ProcessBuilder("stty", "size")
                            .redirectInput(new File("/dev/tty"))
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String answer =
                    new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            if (stty.waitFor(1, TimeUnit.SECONDS)) {
                return parse(answer);
            }
            stty.destroy();
        } catch (IOException e) {
            // No such program, or no such terminal.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return USUAL;
    }

    static Terminal parse(String answer) {
        Matcher size = SIZE.matcher(answer);
        if (!size.matches()) {
            return USUAL;
        }
        int rows = Integer.parseInt(size.group(1));
        int columns = Integer.parseInt(size.group(2));
        // A serial line says 0 0.
        return rows < 2 || columns < 2 ? USUAL : new Terminal(rows, columns);
    }
}
