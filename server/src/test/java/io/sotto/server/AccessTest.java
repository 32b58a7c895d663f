package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.access.PasswordHash;
import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.Origin;
import io.sotto.broker.spi.Principal;
import io.sotto.broker.spi.Standing;
import io.sotto.server.config.ConfigException;
import io.sotto.server.config.SottoConfig;
import io.sotto.server.config.SottoConfig.Overrides;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class AccessTest {
    private static final Subject ANN =
            new Subject(new Principal("ann"), "lamp", new Origin("tcp", "127.0.0.1", 1, false));

    private final String users =
            """
            jwt: {algorithms: [EdDSA], key-file: src/test/jwt/ed25519.pem}
            users:
              - {name: ann, password: "%s"}
            listeners:
              - {name: tcp, authentication: %s}
              - {name: other, port: 1884}
            """
                    .formatted(PasswordHash.of("tea", new SecureRandom()), "%s");

    private SottoConfig config(String ways) throws ConfigException {
        return SottoConfig.read("sotto.yaml", users.formatted(ways), Overrides.NONE);
    }

    @Test
    void who_came_as_a_user_stays_while_its_listener_admits_users() throws ConfigException {
        try (Access access = new Access(config("[jwt, users]"), () -> 0)) {
            assertThat(access.standings(config("[users]")).apply(ANN)).isEqualTo(Standing.SAME);
            assertThat(access.standings(config("[jwt]")).apply(ANN)).isEqualTo(Standing.CHANGED);
        }
    }
}
