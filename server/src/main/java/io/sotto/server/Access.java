package io.sotto.server;

import io.sotto.access.LiveAuthenticator;
import io.sotto.access.LiveAuthenticator.Book;
import io.sotto.access.LiveAuthorizer;
import io.sotto.access.LoginBrake;
import io.sotto.access.PasswordHash;
import io.sotto.access.ScramCredential;
import io.sotto.access.ScramUsers;
import io.sotto.access.UserList;
import io.sotto.access.UserList.UnknownUser;
import io.sotto.broker.spi.Authenticator;
import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.Standing;
import io.sotto.server.config.ListenerConfig;
import io.sotto.server.config.SottoConfig;
import io.sotto.server.config.UserConfig;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// Who gets in and what they may do, as a configuration says it; another one may take its place
/// while clients are there.
final class Access implements AutoCloseable {
    private final LiveAuthenticator users;
    private final LiveAuthorizer rules;
    private final LoginBrake brake;
    private final Set<String> listeners = new HashSet<>();
    private UserList list;
    private UnknownUser unknown;

    Access(SottoConfig config, LongSupplier clock) {
        config.listeners().forEach(listener -> listeners.add(listener.name()));
        this.unknown = config.unknownUser();
        this.list = new UserList(passwords(config.users()), unknown);
        this.users =
                new LiveAuthenticator(
                        new Book(judge(config, list), proofs(config), open(config, Set.of())));
        this.rules = new LiveAuthorizer(authorizer(config));
        this.brake = new LoginBrake(users, config.logins(), clock);
    }

    Authenticator authenticator() {
        return brake;
    }

    Authorizer authorizer() {
        return rules;
    }

    /// What a configuration says of who may do what.
    static Authorizer authorizer(SottoConfig config) {
        return config.rules() == null ? Authorizer.ALLOW_ALL : config.rules();
    }

    /// What would become of clients if a configuration took the place of the present one.
    Function<Subject, Standing> standings(SottoConfig config) {
        Book before = users.present();
        Book after = book(config, list);
        return subject -> before.standing(after, subject.principal(), subject.origin());
    }

    /// Puts another configuration in the place of the present one. From then on nobody gets in by
    /// what held before; those who are there are for the caller to look through.
    ///
    /// @return what has become of them
    Function<Subject, Standing> replace(SottoConfig config) {
        Function<Subject, Standing> standings = standings(config);
        if (!isSame(config)) {
            // The one before is done when the logins are that it has begun.
            list = new UserList(passwords(config.users()), config.unknownUser());
        }
        users.replace(book(config, list));
        unknown = config.unknownUser();
        rules.replace(authorizer(config));
        brake.limits(config.logins());
        return standings;
    }

    private Book book(SottoConfig config, UserList passwords) {
        Book before = users.present();
        Authenticator judge = isSame(config) ? before.judge() : judge(config, passwords);
        return new Book(judge, proofs(config), open(config, before.open()));
    }

    /// Whether logins are judged as they are now.
    private boolean isSame(SottoConfig config) {
        return proofs(config).equals(users.present().proofs()) && config.unknownUser() == unknown;
    }

    private static Authenticator judge(SottoConfig config, UserList passwords) {
        Map<String, List<ScramCredential>> scram = new LinkedHashMap<>();
        config.users().forEach(user -> scram.put(user.name(), user.scram()));
        return new ScramUsers(scram, passwords);
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
    static Map<String, String> proofs(SottoConfig config) {
        Map<String, String> proofs = new LinkedHashMap<>();
        for (UserConfig user : config.users()) {
            proofs.put(user.name(), user.password() + " " + user.scram());
        }
        return proofs;
    }

    /// The listeners that admit clients without a name. One that the configuration does not have
    /// any more stays as it is until the next start.
    ///
    /// @param before those that did so far
    private Set<String> open(SottoConfig config, Set<String> before) {
        Set<String> open = new HashSet<>();
        Set<String> known = new HashSet<>();
        for (ListenerConfig listener : config.listeners()) {
            known.add(listener.name());
            if (Boolean.TRUE.equals(listener.anonymous())) {
                open.add(listener.name());
            }
        }
        for (String listener : listeners) {
            if (!known.contains(listener) && before.contains(listener)) {
                open.add(listener);
            }
        }
        open.retainAll(listeners);
        return open;
    }

    @Override
    public void close() {
        brake.close();
        list.close();
    }
}
