package io.sotto.server;

import io.sotto.broker.spi.EventLog;
import io.sotto.server.config.LogConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The log: a line per event, written by a thread of its own, so that a loop never waits for a slow
/// terminal or a full pipe. Of each severity so many lines are written in a second; what is left
/// out is said with its number, at most a second later.
public final class EventLines implements EventLog, AutoCloseable {
    static final int LINES_PER_SECOND = 200;

    private static final int QUEUE = 4096;
    private static final long REST_MILLIS = 1_000;

    private volatile LogConfig config;
    private final OutputStream out;
    private final LongSupplier clock;
    private final BlockingQueue<LogLine> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Map<Severity, Budget> budgets = new EnumMap<>(Severity.class);
    private final Thread writer;

    /// @param clock in milliseconds of the Unix epoch
    EventLines(LogConfig config, OutputStream out, LongSupplier clock) {
        this.config = config;
        this.out = out;
        this.clock = clock;
        for (Severity severity : Severity.values()) {
            budgets.put(severity, new Budget(LINES_PER_SECOND));
        }
        this.writer = Thread.ofPlatform().daemon().name("sotto-log").unstarted(this::write);
    }

    /// The log of a process, on its standard error.
    static EventLines start(LogConfig config, OutputStream out) {
        EventLines lines = new EventLines(config, out, System::currentTimeMillis);
        lines.writer.start();
        return lines;
    }

    /// Goes by other settings from now on.
    void config(LogConfig others) {
        config = others;
    }

    @Override
    public void event(Severity severity, String sentence) {
        if (severity.compareTo(config.level()) < 0) {
            return;
        }
        long now = clock.getAsLong();
        Budget budget = budgets.get(severity);
        if (budget != null && budget.take(now)) {
            if (!queue.offer(new LogLine(now, severity, sentence))) {
                budget.leave();
            }
        }
    }

    private void write() {
        List<LogLine> batch = new ArrayList<>();
        long told = clock.getAsLong();
        try {
            while (true) {
                LogLine first = queue.poll(REST_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch);
                }
                long now = clock.getAsLong();
                if (now - told >= REST_MILLIS) {
                    told = now;
                    tellOfLeftOut(batch, now);
                }
                put(batch);
                batch.clear();
            }
        } catch (InterruptedException e) {
            writeTheRest();
        }
    }

    /// Writes what waits, and how many were left out.
    void writeTheRest() {
        List<LogLine> batch = new ArrayList<>();
        queue.drainTo(batch);
        tellOfLeftOut(batch, clock.getAsLong());
        put(batch);
    }

    private void tellOfLeftOut(List<LogLine> batch, long now) {
        budgets.forEach((severity, budget) -> {
            int count = budget.takeLeftOut();
            if (count > 0) {
                String sentence = count + " more lines of this severity were left out";
                batch.add(new LogLine(now, severity, sentence));
            }
        });
    }

    private void put(List<LogLine> batch) {
        if (batch.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        batch.forEach(line -> text.append(line.text(config.format())));
        try {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            // Nobody reads the log any more, and there is no other place to say so.
        }
    }

    /// Writes what waits, within a bound.
    @Override
    public void close() {
        writer.interrupt();
        try {
            writer.join(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
