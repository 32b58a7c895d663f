package io.sotto.access;

import io.sotto.broker.spi.Origin;
import io.sotto.broker.spi.Principal;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ReasonCode;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The users of the configuration, each with a password.
///
/// Passwords are tried on a few threads of their own: a try takes long on purpose, and no loop may
/// wait for it. Who comes when too many wait is told that the server is busy. A name that is not
/// known costs as much as a wrong password of one of the users, always of the same one, so that
/// time tells nothing about names, also where hashes of several kinds are mixed. A client whose
/// certificate was checked is who that says, without a password.
public final class UserList implements Way, AutoCloseable {
    /// How many logins may wait: some seconds of work, within the time a client has for its login.
    private static final int QUEUE = 256;

    private static final int IDLE_SECONDS = 10;

    private static final String WRONG = "user name or password is not right";

    private final Map<String, PasswordHash> users;
    private final UnknownUser unknown;
    private final List<PasswordHash> decoys;
    private final int secret;
    private final ThreadPoolExecutor threads;

    /// What becomes of a client whose user name nobody has.
    public enum UnknownUser {
        /// It is told what a wrong password is told.
        REFUSE,
        /// Where clients without a user name are let in, it is one of them: what it says of itself
        /// counts for nothing, and rules about users are not for it.
        ANONYMOUS
    }

    /// @param users the hashes by user name
    public UserList(Map<String, PasswordHash> users) {
        this(users, UnknownUser.REFUSE);
    }

    /// @param users the hashes by user name
    public UserList(Map<String, PasswordHash> users, UnknownUser unknown) {
        this(users, unknown, Math.max(1, Runtime.getRuntime().availableProcessors() / 2), QUEUE);
    }

    UserList(Map<String, PasswordHash> users, UnknownUser unknown, int threads, int queue) {
        SecureRandom random = new SecureRandom();
        this.users = Map.copyOf(users);
        this.unknown = unknown;
        this.decoys =
                users.isEmpty()
                        ? List.of(PasswordHash.decoyOfNobody(random))
                        : users.values().stream().map(hash -> hash.decoy(random)).toList();
        this.secret = random.nextInt();
        this.threads =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(queue),
                        Thread.ofPlatform().daemon().name("sotto-login-", 0).factory());
        this.threads.allowCoreThreadTimeOut(true);
    }

    /// The name of somebody who has a password here.
    @Override
    public boolean takes(Login login) {
        return login.method() == null
                && login.userName() != null
                && users.containsKey(login.userName());
    }

    @Override
    public void authenticate(Login login, Consumer<Outcome> answer) {
        String userName = login.userName();
        Payload password = login.password();
        if (login.method() != null) {
            answer.accept(
                    new Refused(
                            ReasonCode.BAD_AUTHENTICATION_METHOD,
                            "no authentication method is offered",
                            "authentication method '" + login.method() + "' is not offered"));
        } else if (isCertified(login)) {
            answer.accept(
                    new Accepted(new Principal(String.valueOf(login.origin().certified())), null));
        } else if (userName != null && isNobody(userName, login.origin())) {
            answer.accept(new Accepted(Principal.ANONYMOUS, null));
        } else if (userName != null) {
            try {
                threads.execute(() -> answer.accept(verify(userName, password)));
            } catch (RejectedExecutionException e) {
                answer.accept(
                        new Refused(
                                ReasonCode.SERVER_BUSY,
                                "too many logins at once, try again later",
                                "too many logins wait to be checked"));
            }
        } else {
            answer.accept(nobody(login));
        }
    }

    private boolean isNobody(String userName, Origin origin) {
        return unknown == UnknownUser.ANONYMOUS
                && origin.anonymousAllowed()
                && !users.containsKey(userName);
    }

    /// Whether a certificate has shown already who the client is. A client may be another user than
    /// its certificate says, and then has to prove that.
    static boolean isCertified(Login login) {
        String certified = login.origin().certified();
        return certified != null
                && (login.userName() == null || certified.equals(login.userName()));
    }

    /// A client without a user name; an empty one is a name.
    private static Outcome nobody(Login login) {
        if (login.password() != null) {
            return new Refused(
                    ReasonCode.BAD_USER_NAME_OR_PASSWORD, WRONG, "password without a user name");
        }
        if (!login.origin().anonymousAllowed()) {
            return new Refused(
                    ReasonCode.NOT_AUTHORIZED,
                    "a user name and a password are needed here",
                    "no user name, and listener '"
                            + login.origin().listener()
                            + "' admits none without");
        }
        return new Accepted(Principal.ANONYMOUS, null);
    }

    private Outcome verify(String userName, @Nullable Payload password) {
        PasswordHash known = users.get(userName);
        boolean matches;
        try {
            PasswordHash tried = known == null ? decoy(userName) : known;
            matches = tried.matches(bytes(password == null ? Payload.EMPTY : password));
        } catch (RuntimeException e) {
            return new Refused(
                    ReasonCode.SERVER_UNAVAILABLE,
                    "the login could not be checked",
                    "the password of user '" + userName + "' could not be checked: " + e);
        }
        if (known == null) {
            return wrong("user '" + userName + "' is not known");
        }
        if (password == null) {
            return wrong("user '" + userName + "' gave no password");
        }
        return matches
                ? new Accepted(new Principal(userName), null)
                : wrong("wrong password for user '" + userName + "'");
    }

    private PasswordHash decoy(String userName) {
        return decoys.get(Math.floorMod(Objects.hash(secret, userName), decoys.size()));
    }

    private static Refused wrong(String explanation) {
        return new Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD, WRONG, explanation);
    }

    private static byte[] bytes(Payload payload) {
        byte[] bytes = new byte[payload.size()];
        payload.view().get(bytes);
        return bytes;
    }

    /// Stops checking; logins that wait get no answer.
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
