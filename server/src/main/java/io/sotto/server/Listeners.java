package io.sotto.server;

import io.sotto.broker.spi.EventLog;
import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.server.config.ListenerConfig;
import io.sotto.transport.Endpoint;
import io.sotto.transport.Endpoint.Port;
import io.sotto.transport.Listener;
import io.sotto.transport.Listener.Change;
import io.sotto.transport.Loops;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The listeners of a running broker, by their names. A name stands for the same listener before
/// and after a change; where its port or path is the same too, its socket stays open.
///
/// One change at a time, which [Reload] sees to.
final class Listeners implements AutoCloseable {
    private final Loops loops;
    private final EventLog events;
    private final Map<String, Open> present = new LinkedHashMap<>();
    private volatile List<Listener> watched = List.of();

    /// One that is open.
    private record Open(ListenerConfig config, Listener listener) {
        boolean isAt(Endpoint endpoint) {
            return switch (endpoint) {
                case Port port ->
                        config.endpoint() instanceof Port own
                                && own.port() == port.port()
                                && port.port() != 0;
                case Endpoint.UnixSocket socket ->
                        config.endpoint() instanceof Endpoint.UnixSocket own
                                && own.path().equals(socket.path());
            };
        }
    }

    Listeners(Loops loops, EventLog events) {
        this.loops = loops;
        this.events = events;
    }

    /// Opens all of a configuration.
    ///
    /// @throws IOException with one sentence, when one cannot be had; those before it are open
    void start(List<ListenerConfig> configs) throws IOException {
        for (ListenerConfig config : configs) {
            present.put(config.name(), open(config));
        }
        watched = present.values().stream().map(Open::listener).toList();
    }

    /// In how many seconds the first certificate or revocation list ends, below 0 behind that;
    /// `Long.MAX_VALUE` where there is none. From any thread.
    long secondsToFirstEnd() {
        long least = Long.MAX_VALUE;
        for (Listener listener : watched) {
            Instant end = listener.firstEnd();
            if (end != null) {
                least = Math.min(least, Instant.now().until(end, ChronoUnit.SECONDS));
            }
        }
        return least;
    }

    private Open open(ListenerConfig config) throws IOException {
        try {
            return new Open(config, Listener.open(loops, place(config)));
        } catch (IOException e) {
            throw new IOException("cannot listen on " + config.endpoint() + ": " + plain(e), e);
        }
    }

    private static Listener.Place place(ListenerConfig config) {
        return new Listener.Place(
                config.name(),
                config.endpoint(),
                Boolean.TRUE.equals(config.anonymous()),
                config.carriers(),
                config.connections(),
                config.terms());
    }

    private static String plain(IOException e) {
        String words = String.valueOf(e.getMessage());
        return words.contains("Address already in use") ? "another program has that port" : words;
    }

    /// Where they listen, as the ready line says it.
    List<String> places() {
        return present.values().stream()
                .map(open ->
                        open.config.endpoint() instanceof Port port
                                ? new Port(port.host(), open.listener.port()).toString()
                                : open.config.endpoint().toString())
                .toList();
    }

    /// Has the files of TLS looked at now.
    void renew() {
        present.values().forEach(open -> open.listener.renew());
    }

    /// Opens what is new in a configuration, and makes the rest ready. Where anything of it cannot
    /// be had, all is as before.
    ///
    /// @throws IOException with one sentence
    Replacement prepare(List<ListenerConfig> configs) throws IOException {
        Replacement replacement = new Replacement();
        try {
            for (ListenerConfig config : configs) {
                replacement.add(config, present.get(config.name()));
            }
            replacement.openRest();
            return replacement;
        } catch (IOException e) {
            replacement.undo();
            throw e;
        }
    }

    /// Others, ready to take the place of the present ones.
    final class Replacement {
        private final Map<String, Open> next = new LinkedHashMap<>();
        private final List<Change> changes = new ArrayList<>();
        private final List<Open> opened = new ArrayList<>();
        private final Map<String, Open> closed = new LinkedHashMap<>();
        private final List<ListenerConfig> rest = new ArrayList<>();

        private void add(ListenerConfig config, @Nullable Open before) throws IOException {
            if (before == null || !before.config.endpoint().equals(config.endpoint())) {
                rest.add(config);
                return;
            }
            if (!place(before.config).equals(place(config))) {
                changes.add(before.listener.prepare(place(config)));
            }
            next.put(config.name(), new Open(config, before.listener));
        }

        /// New ones, and such at another place. Who has that place and is to go goes first.
        private void openRest() throws IOException {
            for (ListenerConfig config : rest) {
                for (Open open : List.copyOf(present.values())) {
                    boolean stays = next.containsKey(open.config.name());
                    if (!stays && open.isAt(config.endpoint()) && !closed.containsValue(open)) {
                        open.listener.close();
                        closed.put(open.config.name(), open);
                    }
                }
                opened.add(open(config));
            }
            opened.forEach(open -> next.put(open.config.name(), open));
        }

        private void undo() {
            changes.forEach(Change::close);
            opened.forEach(open -> open.listener.close());
            for (Open open : closed.values()) {
                try {
                    present.put(open.config.name(), open(open.config));
                } catch (IOException e) {
                    present.remove(open.config.name());
                    events.event(
                            Severity.ERROR,
                            "listener "
                                    + open.config.name()
                                    + " is closed and could not be opened again: "
                                    + e.getMessage());
                }
            }
        }

        /// The others are in their place from now on. Connections that are there stay; those of a
        /// listener that is gone are for the caller to end.
        void apply() {
            changes.forEach(Change::apply);
            for (Open open : present.values()) {
                boolean stays =
                        next.values().stream()
                                .anyMatch(each -> each.listener.equals(open.listener));
                if (!stays && !closed.containsValue(open)) {
                    open.listener.close();
                }
            }
            present.clear();
            present.putAll(next);
            watched = present.values().stream().map(Open::listener).toList();
        }
    }

    @Override
    public void close() {
        present.values().forEach(open -> open.listener.close());
    }
}
