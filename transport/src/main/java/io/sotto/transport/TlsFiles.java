package io.sotto.transport;

import io.sotto.broker.spi.EventLog;
import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.transport.TlsContexts.Expiry;
import io.sotto.transport.TlsSettings.Pair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The files of a listener that speaks TLS, looked after: what they said last, read anew when they
/// change, and a line in the log before something ends.
///
/// A state of the files that cannot be used changes nothing, and the log says so: whoever connects
/// meets the last one that could. Connections that are there never notice, but for those whose
/// certificate is revoked now.
final class TlsFiles implements AutoCloseable {
    private static final Duration DAY = Duration.ofDays(1);

    private final String listener;
    private final TlsSettings settings;
    private final EventLog events;
    private final Certified certified;
    private final Thread watcher;
    private volatile TlsContexts current;
    private volatile boolean closed;
    private @Nullable TlsContexts former;
    private List<String> known;
    private List<String> refused = List.of();
    private Instant nextWarning = Instant.MIN;

    private TlsFiles(
            String listener,
            TlsSettings settings,
            EventLog events,
            Certified certified,
            List<String> known)
            throws IOException {
        this.listener = listener;
        this.settings = settings;
        this.events = events;
        this.certified = certified;
        this.known = known;
        this.current = TlsContexts.read(settings);
        this.watcher = Thread.ofVirtual().name("sotto-tls-" + listener).unstarted(this::watch);
    }

    /// Reads the files and begins to look after them.
    ///
    /// @throws IOException with a sentence that has the name of the file at fault
    static TlsFiles open(
            String listener, TlsSettings settings, EventLog events, Certified certified)
            throws IOException {
        TlsFiles files = new TlsFiles(listener, settings, events, certified, marks(settings));
        files.warn(Instant.now());
        files.watcher.start();
        return files;
    }

    /// What they said last; from any thread.
    TlsContexts current() {
        return current;
    }

    /// Has them looked at now, by the thread that does so.
    void renew() {
        LockSupport.unpark(watcher);
    }

    /// A peer has shown certificates, its own first. Noted also where there are no revocation lists
    /// yet: the first may be given while the peer is there.
    void shown(NettyWire link, List<X509Certificate> chain) {
        certified.add(link, listener, chain, current.lists());
    }

    /// The connection of a peer that has shown some is over.
    void gone(NettyWire link) {
        certified.remove(link);
    }

    /// Closes the connections of those who are revoked by now.
    void review() {
        certified.review(listener, current.lists());
    }

    private void watch() {
        long rest = TimeUnit.SECONDS.toNanos(settings.upkeep().watch());
        while (!closed) {
            LockSupport.parkNanos(rest);
            if (!closed) {
                look(Instant.now());
            }
        }
        letGo();
        current.release();
    }

    /// Looks once.
    void look(Instant now) {
        letGo();
        List<String> marks = marks(settings);
        if (!marks.equals(known)) {
            try {
                TlsContexts next = TlsContexts.read(settings);
                former = current;
                current = next;
                known = marks;
                nextWarning = Instant.MIN;
                tell(Severity.INFO, "the files of TLS were read anew");
                review();
            } catch (IOException | RuntimeException e) {
                refuse(marks, e);
            }
        }
        warn(now);
    }

    /// Files are replaced one after the other: a state is told about when it is there for the
    /// second time, and then once.
    private void refuse(List<String> marks, Exception e) {
        if (!marks.equals(refused)) {
            refused = marks;
            return;
        }
        known = marks;
        tell(Severity.ERROR, "the files of TLS stay as they were: " + e.getMessage());
    }

    /// The state before the present one: by now nobody is about to begin a connection with it.
    private void letGo() {
        if (former != null) {
            former.release();
            former = null;
        }
    }

    private void warn(Instant now) {
        if (now.isBefore(nextWarning)) {
            return;
        }
        nextWarning = now.plus(DAY);
        Instant soon = now.plusSeconds(settings.upkeep().warning());
        for (Expiry expiry : current.expiries()) {
            if (expiry.at().isBefore(now)) {
                String what = expiry.isRevocation() ? ": nobody with its certificates gets in" : "";
                tell(Severity.ERROR, expiry.what() + " is out of date since " + expiry.at() + what);
            } else if (!expiry.isRevocation() && expiry.at().isBefore(soon)) {
                tell(Severity.WARNING, expiry.what() + " ends at " + expiry.at());
            }
        }
    }

    private void tell(Severity severity, String sentence) {
        events.event(severity, "listener " + listener + ": " + sentence);
    }

    /// What shows that a file is another one than before.
    private static List<String> marks(TlsSettings settings) {
        List<Path> files = new ArrayList<>();
        for (Pair pair : settings.certificates()) {
            files.add(pair.certificate());
            files.add(pair.key());
            if (pair.passphrase() != null) {
                files.add(pair.passphrase());
            }
            if (pair.chain() != null) {
                files.add(pair.chain());
            }
        }
        files.addAll(settings.clients().authorities());
        files.addAll(settings.clients().revoked());
        return files.stream().map(TlsFiles::mark).toList();
    }

    private static String mark(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return now.lastModifiedTime() + " " + now.size() + " " + now.fileKey();
        } catch (IOException e) {
            return "none";
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(watcher);
    }
}
