package io.sotto.server;

import io.sotto.access.LiveAuthenticator;
import io.sotto.access.LiveAuthenticator.Book;
import io.sotto.access.LiveAuthorizer;
import io.sotto.access.LoginBrake;
import io.sotto.access.Unruled;
import io.sotto.broker.spi.Authenticator;
import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.Standing;
import io.sotto.server.config.ListenerConfig;
import io.sotto.server.config.SottoConfig;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// Who gets in and what they may do, as a configuration says it; another one may take its place
/// while clients are there.
final class Access implements AutoCloseable {
    private final LiveAuthenticator users;
    private final LiveAuthorizer rules;
    private final LoginBrake brake;
    private Judges judges;

    Access(SottoConfig config, LongSupplier clock) {
        this.judges = new Judges(config.logins(), clock);
        this.users = new LiveAuthenticator(book(judges, config));
        this.rules = new LiveAuthorizer(authorizer(config));
        this.brake = new LoginBrake(users, config.logins().brake(), clock);
    }

    Authenticator authenticator() {
        return brake;
    }

    Authorizer authorizer() {
        return rules;
    }

    /// What a configuration says of who may do what.
    static Authorizer authorizer(SottoConfig config) {
        return config.rules() == null ? new Unruled() : config.rules();
    }

    /// What would become of clients if a configuration took the place of the present one.
    Function<Subject, Standing> standings(SottoConfig config) {
        Book before = users.present();
        Book after = book(judges, config);
        return subject -> before.standing(after, subject);
    }

    /// Puts another configuration in the place of the present one. From then on nobody gets in by
    /// what held before; those who are there are for the caller to look through.
    ///
    /// @return what has become of them
    Function<Subject, Standing> replace(SottoConfig config) {
        Function<Subject, Standing> standings = standings(config);
        judges = judges.next(config.logins());
        users.replace(book(judges, config));
        rules.replace(authorizer(config));
        brake.limits(config.logins().brake());
        return standings;
    }

    private static Book book(Judges present, SottoConfig config) {
        return new Book(
                present.chain(config.listeners()),
                Judges.proofs(config.logins()),
                open(config),
                present.ways(config));
    }

    /// The listeners that admit clients without a name.
    private static Set<String> open(SottoConfig config) {
        Set<String> open = new HashSet<>();
        for (ListenerConfig listener : config.listeners()) {
            if (Boolean.TRUE.equals(listener.anonymous())) {
                open.add(listener.name());
            }
        }
        return open;
    }

    @Override
    public void close() {
        brake.close();
        judges.close();
    }
}
