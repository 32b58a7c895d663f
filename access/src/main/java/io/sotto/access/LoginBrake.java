package io.sotto.access;

import io.sotto.broker.spi.Authenticator;
import io.sotto.mqtt.ReasonCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Slows down the guessing of passwords, for any authenticator behind it.
///
/// Each address and each user has some failures free and gets one more with every pause that
/// passes. Where none is left, logins wait in line, a pause apart, whether they are right or wrong,
/// and get the same answers as ever; who would wait for too long is told so at once. A user who was
/// let in from an address before is not held up there by what others do to his name: nobody can be
/// locked out by guessing.
///
/// What is remembered is bounded: what has not failed for the longest is forgotten first. Called
/// from any thread; its lock is held for a few instructions.
public final class LoginBrake implements Authenticator, AutoCloseable {
    /// The longest wait in milliseconds: within the time that a client has for its login.
    static final long LONGEST_WAIT = 8_000;

    private static final int REMEMBERED = 64 * 1024;
    private static final int IN_LINE = 1_024;

    private final Authenticator next;
    private volatile Limits limits;
    private final LongSupplier clock;
    private final Recent<Failures> failures = new Recent<>();
    private final Recent<Boolean> known = new Recent<>();
    private final ScheduledThreadPoolExecutor line;

    /// How much guessing goes.
    ///
    /// @param failures how many are free, 0 for no brake; setting `limits.login-failures`
    /// @param pause after how many seconds one more is free; setting `limits.login-pause`
    public record Limits(int failures, int pause) {
        /// Ten, and one more each second.
        public static final Limits DEFAULT = new Limits(10, 1);
    }

    /// @param next who judges
    /// @param clock in milliseconds, monotonic
    public LoginBrake(Authenticator next, Limits limits, LongSupplier clock) {
        this.next = next;
        this.limits = limits;
        this.clock = clock;
        this.line =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("sotto-brake-", 0).factory());
    }

    /// Other limits hold from now on, for addresses and users that fail anew.
    public void limits(Limits others) {
        limits = others;
    }

    @Override
    public void authenticate(Login login, Consumer<Outcome> answer) {
        boolean proves =
                login.userName() != null || login.password() != null || login.method() != null;
        if (limits.failures() == 0 || !proves) {
            next.authenticate(login, answer);
            return;
        }
        Consumer<Outcome> judged = outcome -> answer.accept(noted(login, outcome));
        long wait = wait(login);
        if (wait == 0) {
            next.authenticate(login, judged);
        } else if (wait <= LONGEST_WAIT && line.getQueue().size() < IN_LINE) {
            queue(() -> next.authenticate(login, judged), wait);
        } else {
            answer.accept(
                    new Refused(
                            ReasonCode.CONNECTION_RATE_EXCEEDED,
                            "too many logins failed, try again later",
                            "too many logins of its user or from its address failed"
                                    + " (limits.login-failures)"));
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // an answer is all that comes of it
    private void queue(Runnable login, long wait) {
        line.schedule(login, wait, TimeUnit.MILLISECONDS);
    }

    /// Takes note of an outcome, also of one at the end of several steps.
    private Outcome noted(Login login, Outcome outcome) {
        switch (outcome) {
            case Accepted _ -> accepted(login);
            case Refused refused -> {
                if (refused.reason() == ReasonCode.BAD_USER_NAME_OR_PASSWORD
                        || refused.reason() == ReasonCode.NOT_AUTHORIZED) {
                    failed(login);
                }
            }
            case Challenge challenge -> {
                Step step = challenge.next();
                return new Challenge(
                        challenge.data(),
                        (data, answer) ->
                                step.respond(data, last -> answer.accept(noted(login, last))));
            }
        }
        return outcome;
    }

    private synchronized void accepted(Login login) {
        known.put(place(login), true);
    }

    private synchronized void failed(Login login) {
        long now = clock.getAsLong();
        for (String key : keys(login)) {
            failures.computeIfAbsent(key, absent -> new Failures()).add(now);
        }
    }

    /// For how many milliseconds a login is to wait; it takes its place in line.
    private synchronized long wait(Login login) {
        long now = clock.getAsLong();
        long turn = now;
        List<Failures> braked = new ArrayList<>(2);
        for (String key : keys(login)) {
            Failures one = failures.get(key);
            if (one != null && one.isBraked(now)) {
                braked.add(one);
                turn = Math.max(turn, one.turn(now));
            }
        }
        if (turn - now <= LONGEST_WAIT) {
            for (Failures one : braked) {
                one.taken(turn);
            }
        }
        return turn - now;
    }

    private List<String> keys(Login login) {
        String address = "from " + login.origin().address();
        String user = login.userName();
        return user == null || known.containsKey(place(login))
                ? List.of(address)
                : List.of(address, "user " + user);
    }

    private static String place(Login login) {
        return login.origin().address() + " " + login.userName();
    }

    /// Stops; logins in line get no answer.
    @Override
    public void close() {
        line.shutdownNow();
    }

    /// The failures of one address or user, as one number: by when all of them are free again.
    private final class Failures {
        private final long pause = TimeUnit.SECONDS.toMillis(limits.pause());
        private final long free = (limits.failures() - 1) * pause;
        private long forgiven;
        private long nextTurn;

        void add(long now) {
            long most = now + free + LONGEST_WAIT + pause;
            forgiven = Math.min(Math.max(forgiven, now) + pause, most);
        }

        boolean isBraked(long now) {
            return forgiven - free > now || nextTurn > now;
        }

        long turn(long now) {
            return Math.max(Math.max(forgiven - free, now), nextTurn);
        }

        void taken(long turn) {
            nextTurn = turn + pause;
        }
    }

    /// What was used lately, up to a bound.
    private static final class Recent<V> extends LinkedHashMap<String, @Nullable V> {
        private static final long serialVersionUID = 1L;

        Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, @Nullable V> eldest) {
            return size() > REMEMBERED;
        }
    }
}
