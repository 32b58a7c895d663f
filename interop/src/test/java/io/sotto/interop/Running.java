package io.sotto.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// A process that a test started, with all that it printed. Closing it ends it.
final class Running implements AutoCloseable {
    private final List<String> command;
    private final Process process;
    private final Writer input;
    private final List<String> output = new ArrayList<>();
    private final Thread reader;

    private Running(List<String> command, Process process, Consumer<String> listener) {
        this.command = command;
        this.process = process;
        input = process.outputWriter(StandardCharsets.UTF_8);
        reader = Thread.ofVirtual().start(() -> read(listener));
    }

    static Running start(List<String> command) {
        return start(command, _ -> {});
    }

    /// Each line of the output also goes to the listener, on a thread of this process.
    static Running start(List<String> command, Consumer<String> listener) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            return new Running(List.copyOf(command), process, listener);
        } catch (IOException e) {
            throw new AssertionError(command.getFirst() + " does not start: run interop/setup", e);
        }
    }

    private void read(Consumer<String> listener) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (output) {
                    output.add(line);
                    output.notifyAll();
                }
                listener.accept(line);
            }
        } catch (IOException _) {
            // The process is gone; what it printed until then is kept.
        }
        synchronized (output) {
            output.notifyAll();
        }
    }

    /// Writes to the standard input.
    void say(String text) {
        try {
            synchronized (input) {
                input.write(text);
                input.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(this + " does not listen", e);
        }
    }

    void endInput() {
        try {
            input.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits for a line that fits; all lines count, also earlier ones.
    String await(Predicate<String> wanted) {
        return awaitNth(1, wanted);
    }

    String awaitLine(String part) {
        return await(line -> line.contains(part));
    }

    /// Waits until so many lines fit, and returns the last of them.
    String awaitNth(int count, Predicate<String> wanted) {
        long deadline = System.nanoTime() + Client.PATIENCE.toNanos();
        int seen = 0;
        int fitting = 0;
        synchronized (output) {
            while (true) {
                while (seen < output.size()) {
                    String line = output.get(seen++);
                    if (wanted.test(line) && ++fitting == count) {
                        return line;
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0 || ended()) {
                    throw new AssertionError(
                            "%d of %d lines came from %s".formatted(fitting, count, this));
                }
                waitForOutput(left);
            }
        }
    }

    private boolean ended() {
        return !process.isAlive() && !reader.isAlive();
    }

    private void waitForOutput(long millis) {
        try {
            // In short steps, since the end of the process is not announced.
            output.wait(Math.min(millis, 100));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + this);
        }
    }

    /// Waits for the end and holds that it was a good one.
    List<String> awaitSuccess() {
        int status = awaitExit();
        if (status != 0) {
            throw new AssertionError("status %d of %s".formatted(status, this));
        }
        return lines();
    }

    int awaitExit() {
        try {
            Duration patience = Client.PATIENCE.multipliedBy(2);
            if (!process.waitFor(patience) || !reader.join(patience)) {
                throw new AssertionError("no end of " + this);
            }
            return process.exitValue();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for the end of " + this);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    List<String> lines() {
        synchronized (output) {
            return List.copyOf(output);
        }
    }

    /// SIGKILL: no farewell of any kind.
    void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /// SIGTERM, and SIGKILL for what does not listen.
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(Duration.ofSeconds(10))) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        List<String> all = lines();
        List<String> shown = all.subList(Math.max(0, all.size() - 30), all.size());
        return String.join(" ", command) + "\n  | " + String.join("\n  | ", shown);
    }
}
