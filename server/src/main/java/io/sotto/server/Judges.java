package io.sotto.server;

import io.sotto.access.Chain;
import io.sotto.access.Chain.Door;
import io.sotto.access.PasswordHash;
import io.sotto.access.ScramCredential;
import io.sotto.access.ScramUsers;
import io.sotto.access.UserList;
import io.sotto.access.Way;
import io.sotto.access.http.HttpLogin;
import io.sotto.access.jwt.JwtLogin;
import io.sotto.broker.spi.Authenticator;
import io.sotto.server.config.ListenerConfig;
import io.sotto.server.config.LoginWay;
import io.sotto.server.config.Logins;
import io.sotto.server.config.SottoConfig;
import io.sotto.server.config.UserConfig;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Those who judge logins, as a configuration says it. What the next one says alike is judged by
/// the same as before, with what they remember.
final class Judges implements AutoCloseable {
    private final Logins logins;
    private final LongSupplier clock;
    private final int generation;
    private final UserList list;
    private final UserList strangers;
    private final ScramUsers scram;
    private final @Nullable JwtLogin jwt;
    private final @Nullable HttpLogin http;

    /// @param clock in milliseconds, monotonic
    Judges(Logins logins, LongSupplier clock) {
        this.logins = logins;
        this.clock = clock;
        this.generation = 1;
        this.list = new UserList(passwords(logins.users()), logins.unknownUser());
        this.strangers = new UserList(Map.of(), logins.unknownUser());
        this.scram = scram(logins);
        this.jwt = jwt(logins, generation);
        this.http = http(logins, clock, generation);
    }

    /// Those that take the place of others. Who is not needed any more is done when the logins are
    /// that they have begun.
    private Judges(Logins logins, Judges before) {
        this.logins = logins;
        this.clock = before.clock;
        this.generation = before.generation + 1;
        boolean sameNames = before.logins.unknownUser() == logins.unknownUser();
        boolean same = sameNames && proofs(before.logins).equals(proofs(logins));
        this.list =
                same ? before.list : new UserList(passwords(logins.users()), logins.unknownUser());
        this.strangers =
                sameNames ? before.strangers : new UserList(Map.of(), logins.unknownUser());
        this.scram = same ? before.scram : scram(logins);
        this.jwt = before.hasJwtOf(logins) ? before.jwt : jwt(logins, generation);
        this.http = before.hasHttpOf(logins) ? before.http : http(logins, clock, generation);
    }

    Judges next(Logins others) {
        return new Judges(others, this);
    }

    private boolean hasJwtOf(Logins others) {
        return Objects.equals(logins.jwt(), others.jwt());
    }

    private boolean hasHttpOf(Logins others) {
        return Objects.equals(logins.http(), others.http());
    }

    private static ScramUsers scram(Logins logins) {
        Map<String, List<ScramCredential>> scram = new LinkedHashMap<>();
        logins.users().forEach(user -> scram.put(user.name(), user.scram()));
        return new ScramUsers(scram);
    }

    private static @Nullable JwtLogin jwt(Logins logins, int generation) {
        return logins.jwt() == null
                ? null
                : new JwtLogin(
                        logins.jwt(), wayOf(LoginWay.JWT, generation), InstantSource.system());
    }

    private static @Nullable HttpLogin http(Logins logins, LongSupplier clock, int generation) {
        return logins.http() == null
                ? null
                : new HttpLogin(logins.http(), wayOf(LoginWay.HTTP, generation), clock);
    }

    private static String wayOf(LoginWay way, int generation) {
        return way + " " + generation;
    }

    private static Map<String, PasswordHash> passwords(List<UserConfig> users) {
        Map<String, PasswordHash> passwords = new LinkedHashMap<>();
        for (UserConfig user : users) {
            if (user.password() != null) {
                passwords.put(user.name(), user.password());
            }
        }
        return passwords;
    }

    /// What differs when a user has another password or credential.
    static Map<String, String> proofs(Logins logins) {
        Map<String, String> proofs = new LinkedHashMap<>();
        for (UserConfig user : logins.users()) {
            proofs.put(user.name(), user.password() + " " + user.scram());
        }
        return proofs;
    }

    /// The chain of each listener.
    Authenticator chain(List<ListenerConfig> listeners) {
        Map<String, Door> doors = new HashMap<>();
        for (ListenerConfig listener : listeners) {
            List<Way> ways = new ArrayList<>();
            for (LoginWay way : listener.ways()) {
                switch (way) {
                    case USERS -> ways.addAll(List.of(scram, list));
                    case JWT -> {
                        if (jwt != null) {
                            ways.add(jwt);
                        }
                    }
                    case HTTP -> {
                        if (http != null) {
                            ways.add(http);
                        }
                    }
                }
            }
            boolean users = listener.ways().contains(LoginWay.USERS);
            doors.put(listener.name(), new Door(ways, users ? list : strangers));
        }
        return new Chain(doors, strangers);
    }

    /// By listener, what the passes would say of those who were let in with a name, if another
    /// configuration held: nothing, where they are among the users.
    Map<String, Set<String>> ways(SottoConfig other) {
        Map<String, Set<String>> ways = new HashMap<>();
        for (ListenerConfig listener : other.listeners()) {
            Set<String> words = new HashSet<>();
            if (listener.ways().contains(LoginWay.USERS)) {
                words.add("");
            }
            if (jwt != null && hasJwtOf(other.logins()) && listener.ways().contains(LoginWay.JWT)) {
                words.add(jwt.way());
            }
            if (http != null
                    && hasHttpOf(other.logins())
                    && listener.ways().contains(LoginWay.HTTP)) {
                words.add(http.way());
            }
            ways.put(listener.name(), words);
        }
        return ways;
    }

    @Override
    public void close() {
        list.close();
        strangers.close();
        if (jwt != null) {
            jwt.close();
        }
        if (http != null) {
            http.close();
        }
    }
}
