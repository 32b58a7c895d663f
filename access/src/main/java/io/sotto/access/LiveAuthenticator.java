package io.sotto.access;

import io.sotto.broker.spi.Authenticator;
import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.Origin;
import io.sotto.broker.spi.Standing;
import io.sotto.mqtt.ReasonCode;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

/// Who may log in, as it is now; replaced as a whole, from any thread.
///
/// A login that began before and ends after counts only if nothing has changed for its user. An
/// outcome is handed over under a lock that a replacement takes too: behind [#replace], no login by
/// what held before comes any more, so that whoever looks through the clients then meets all of
/// them. Both hold the lock for a few instructions.
public final class LiveAuthenticator implements Authenticator {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private volatile Book book;

    public LiveAuthenticator(Book book) {
        this.book = book;
    }

    /// Who may log in.
    ///
    /// @param judge who judges what clients say
    /// @param proofs by user name, what differs when another password or credential holds
    /// @param open the names of the listeners that admit clients without a user name
    /// @param ways for every listener there is, what [Pass#way] says of clients that are let in
    ///   there with a name; empty where that is by their entry among the users
    public record Book(
            Authenticator judge,
            Map<String, String> proofs,
            Set<String> open,
            Map<String, Set<String>> ways) {
        public Book {
            proofs = Map.copyOf(proofs);
            open = Set.copyOf(open);
            ways = Map.copyOf(ways);
        }

        private boolean has(String way, String listener) {
            return ways.getOrDefault(listener, Set.of()).contains(way);
        }

        /// Whether somebody whom this let in would be let in the same way by another.
        boolean agrees(Book other, Accepted accepted, Origin origin) {
            String way = accepted.pass().way();
            if (!other.ways.containsKey(origin.listener())) {
                return false;
            }
            if (!way.isEmpty()) {
                return other.has(way, origin.listener());
            }
            String name = accepted.principal().name();
            if (name.isEmpty()) {
                return other.open.contains(origin.listener());
            }
            String proof = other.proofs.get(name);
            return name.equals(origin.certified())
                    || proof != null
                            && proof.equals(proofs.get(name))
                            && other.has(way, origin.listener());
        }

        /// What becomes of a client whom this let in when another holds. One that is known by its
        /// certificate needs no entry; one whose listener is gone has to come in by another.
        public Standing standing(Book other, Subject subject) {
            String way = subject.pass().way();
            Origin origin = subject.origin();
            if (origin.isKnown() && !other.ways.containsKey(origin.listener())) {
                return Standing.CHANGED;
            }
            if (!way.isEmpty()) {
                return other.has(way, origin.listener()) ? Standing.SAME : Standing.CHANGED;
            }
            String name = subject.principal().name();
            if (name.isEmpty()) {
                return other.open.contains(origin.listener()) ? Standing.SAME : Standing.CHANGED;
            }
            String before = proofs.get(name);
            String after = other.proofs.get(name);
            if (before == null || name.equals(origin.certified())) {
                return Standing.SAME;
            }
            if (after == null) {
                return Standing.GONE;
            }
            boolean served = !origin.isKnown() || other.has(way, origin.listener());
            return served && before.equals(after) ? Standing.SAME : Standing.CHANGED;
        }

        /// Without what would show how anybody logs in.
        @Override
        public String toString() {
            return proofs.size() + " users";
        }
    }

    /// Another book holds from now on.
    public void replace(Book next) {
        Lock writing = lock.writeLock();
        writing.lock();
        try {
            book = next;
        } finally {
            writing.unlock();
        }
    }

    /// The book that holds now.
    public Book present() {
        return book;
    }

    @Override
    public void authenticate(Login login, Consumer<Outcome> answer) {
        Book began = book;
        Origin origin = login.origin();
        Login known =
                new Login(
                        origin.admitting(began.open.contains(origin.listener())),
                        login.clientId(),
                        login.userName(),
                        login.password(),
                        login.method(),
                        login.data());
        began.judge.authenticate(known, outcome -> conclude(began, origin, outcome, answer));
    }

    private void conclude(Book began, Origin origin, Outcome outcome, Consumer<Outcome> answer) {
        Lock reading = lock.readLock();
        reading.lock();
        try {
            answer.accept(checked(began, origin, outcome));
        } finally {
            reading.unlock();
        }
    }

    private Outcome checked(Book began, Origin origin, Outcome outcome) {
        return switch (outcome) {
            case Refused refused -> refused;
            case Accepted accepted ->
                    began.agrees(book, accepted, origin) ? accepted : changed(accepted);
            case Challenge challenge ->
                    new Challenge(
                            challenge.data(),
                            (data, answer) ->
                                    challenge
                                            .next()
                                            .respond(
                                                    data,
                                                    last -> conclude(began, origin, last, answer)));
        };
    }

    private static Refused changed(Accepted accepted) {
        return new Refused(
                ReasonCode.NOT_AUTHORIZED,
                "the authentication failed",
                "user " + accepted.principal() + " was changed while the login was under way");
    }
}
