package io.sotto.server;

import io.sotto.broker.Broker;
import io.sotto.broker.Shard;
import io.sotto.broker.Shard.Present;
import io.sotto.broker.Shard.Reviewed;
import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.broker.spi.Standing;
import io.sotto.server.config.ConfigException;
import io.sotto.server.config.Difference;
import io.sotto.server.config.ListenerConfig;
import io.sotto.server.config.SottoConfig;
import io.sotto.server.config.SottoConfig.Overrides;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads the configuration again and has the running broker go by it.
///
/// All of it is read before anything changes: a fault changes nothing. What cannot change while the
/// broker runs is told, and waits for the next start. One at a time, from any thread but a loop.
final class Reload {
    /// How long the shards have for a walk over their sessions, in seconds.
    private static final int PATIENCE = 60;

    private final Source source;
    private final Running running;
    private final SottoConfig started;
    private SottoConfig present;

    /// The parts of a broker that a configuration changes.
    record Running(Access access, Broker broker, Listeners listeners, EventLines events) {}

    /// What came of it.
    ///
    /// @param status as the exit status of a command: 2 when something that was given is wrong
    /// @param lines in plain words
    record Report(int status, List<String> lines) {}

    /// Where the configuration comes from.
    ///
    /// @param name as reports call it, or null where there is nothing to read
    record Source(@Nullable String name, Reader reader) {
        /// The file of the command line, where there is one.
        static Source of(Overrides overrides) {
            return new Source(
                    overrides.file() == null ? null : overrides.file().toString(),
                    () -> SottoConfig.load(overrides));
        }
    }

    /// Reads the configuration as it is now.
    @FunctionalInterface
    interface Reader {
        SottoConfig read() throws ConfigException;
    }

    /// @param started the configuration that the broker was started with
    Reload(Source source, SottoConfig started, Running running) {
        this.source = source;
        this.running = running;
        this.started = started;
        this.present = started;
    }

    /// Does what a command on the control socket asks for.
    Report command(String line) {
        return switch (line) {
            case "reload" -> apply();
            case "dry-run" -> preview();
            default -> new Report(2, List.of("the command is not known"));
        };
    }

    /// Says what would change, and for whom, and changes nothing.
    synchronized Report preview() {
        if (source.name == null) {
            return nothingToRead();
        }
        try {
            SottoConfig next = source.reader.read();
            List<String> lines = lines(next);
            lines.addAll(affected(next));
            lines.add("nothing was changed: this was a dry run");
            return new Report(0, lines);
        } catch (ConfigException e) {
            return refused(e);
        } catch (InterruptedException e) {
            return interrupted();
        }
    }

    /// Goes by what the file says now.
    synchronized Report apply() {
        Report report;
        if (source.name == null) {
            report = nothingToRead();
        } else {
            try {
                report = apply(source.reader.read());
            } catch (ConfigException e) {
                report = refused(e);
            } catch (InterruptedException e) {
                report = interrupted();
            }
        }
        Severity severity = report.status == 0 ? Severity.INFO : Severity.ERROR;
        report.lines.forEach(line -> running.events.event(severity, "reload: " + line));
        return report;
    }

    private Report apply(SottoConfig next) throws InterruptedException {
        List<String> lines = lines(next);
        Listeners.Replacement listeners;
        try {
            listeners = running.listeners.prepare(next.listeners());
        } catch (IOException e) {
            return new Report(1, List.of(String.valueOf(e.getMessage()), "nothing was changed"));
        }
        Function<Subject, Standing> standings = running.access.replace(next);
        running.events.config(next.log());
        listeners.apply();
        running.listeners.renew();
        present = next;
        List<Reviewed> reviewed = Collections.synchronizedList(new ArrayList<>());
        boolean done =
                awaitAll((shard, then) ->
                        shard.review(
                                next.broker(),
                                standings,
                                outcome -> {
                                    reviewed.add(outcome);
                                    then.run();
                                }));
        lines.add(
                "%s holds: %d connections ended, %d subscriptions withheld, %d given back"
                        .formatted(
                                source.name,
                                reviewed.stream().mapToInt(Reviewed::ended).sum(),
                                reviewed.stream().mapToInt(Reviewed::withheld).sum(),
                                reviewed.stream().mapToInt(Reviewed::returned).sum()));
        if (!done) {
            lines.add("not all sessions have been looked through yet");
        }
        return new Report(0, lines);
    }

    private Report nothingToRead() {
        return new Report(
                0, List.of("the broker was started without a configuration file: nothing changed"));
    }

    private static Report refused(ConfigException e) {
        List<String> lines = new ArrayList<>(String.valueOf(e.getMessage()).lines().toList());
        lines.add("nothing was changed");
        return new Report(2, lines);
    }

    private static Report interrupted() {
        Thread.currentThread().interrupt();
        return new Report(1, List.of("the broker stops"));
    }

    /// What is another than it was.
    private List<String> lines(SottoConfig next) {
        List<String> lines = new ArrayList<>(Changes.ofUsers(present, next));
        lines.addAll(Changes.ofListeners(present, next));
        lines.addAll(Changes.ofRules(present, next));
        Difference.live(present, next).forEach(each -> lines.add(each.toString()));
        for (Difference each : Difference.others(started, next)) {
            lines.add(
                    "%s needs a restart: %s -> %s"
                            .formatted(each.key(), each.before(), each.after()));
        }
        if (lines.isEmpty()) {
            lines.add("no setting is another than before");
        }
        return lines;
    }

    /// The clients that would be affected, each with how.
    private List<String> affected(SottoConfig next) throws InterruptedException {
        List<Present> clients = Collections.synchronizedList(new ArrayList<>());
        awaitAll((shard, then) ->
                shard.present(some -> {
                    clients.addAll(some);
                    then.run();
                }));
        Affected affected =
                new Affected(
                        running.access.authorizer(),
                        Access.authorizer(next),
                        running.access.standings(next),
                        next.listeners().stream()
                                .map(ListenerConfig::name)
                                .collect(Collectors.toSet()));
        return affected.lines(List.copyOf(clients));
    }

    /// Something that each shard does, and tells when it is done.
    private interface Step {
        void begin(Shard shard, Runnable then);
    }

    private boolean awaitAll(Step step) throws InterruptedException {
        List<Shard> shards = running.broker.shards();
        CountDownLatch left = new CountDownLatch(shards.size());
        shards.forEach(shard -> step.begin(shard, left::countDown));
        return left.await(PATIENCE, TimeUnit.SECONDS);
    }
}
