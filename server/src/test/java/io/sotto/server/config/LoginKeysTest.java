package io.sotto.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.access.http.HttpLoginSettings;
import io.sotto.access.http.HttpTarget;
import io.sotto.access.jwt.JwtSettings;
import io.sotto.access.jwt.JwtSettings.AtAddress;
import io.sotto.access.jwt.JwtSettings.Checks;
import io.sotto.access.jwt.JwtSettings.Claims;
import io.sotto.access.jwt.JwtSettings.Expiry;
import io.sotto.access.jwt.JwtSettings.UserName;
import io.sotto.server.config.SottoConfig.Overrides;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoginKeysTest {
    /// Every key of these sections; a file of keys cannot be given beside an address.
    static final String ALL =
            """
            listeners:
              - authentication: [users, http]
            # jwt.key-file: src/test/jwt/ed25519.pem
            jwt:
              algorithms: [RS256, ES256]
              jwks-url: https://tokens.example/keys
              jwks-ca: ../transport/src/test/resources/io/sotto/transport/tls/ca.pem
              jwks-timeout: 1s
              jwks-refresh: 61s
              jwks-pause: 2s
              jwks-outage: 3s
              issuer: https://tokens.example
              audience: [sotto, house]
              leeway: 4s
              expiry: optional
              user-claim: name
              user-name: ignore
              client-id-claim: client
              publish-claim: pub
              subscribe-claim: sub
            http-login:
              url: http://127.0.0.1:8080/login
              ca: ../transport/src/test/resources/io/sotto/transport/tls/ca.pem
              token-file: src/test/jwt/secret
              timeout: 5s
              cache: 6s
              cache-size: 7
              at-once: 8
              waiting: 9
            """;

    private static SottoConfig read(String text) throws ConfigException {
        return SottoConfig.read("sotto.yaml", text, Overrides.NONE);
    }

    private static void isRefused(String text, String... lines) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> {
                            List<String> sentences =
                                    String.valueOf(e.getMessage()).lines().toList();
                            assertThat(sentences).hasSameSizeAs(lines);
                            for (int i = 0; i < lines.length; i++) {
                                assertThat(sentences.get(i)).startsWith(lines[i]);
                            }
                        });
    }

    @Test
    void every_key_reaches_its_setting() throws ConfigException {
        SottoConfig config = read(ALL);

        assertThat(config.listeners().getFirst().ways())
                .containsExactly(LoginWay.USERS, LoginWay.HTTP);
        assertTokens(config);
        assertQuestions(config);
    }

    private static void assertTokens(SottoConfig config) {
        assertThat(config.logins().jwt())
                .isNotNull()
                .satisfies(jwt -> {
                    assertThat(jwt.algorithms()).containsExactlyInAnyOrder("RS256", "ES256");
                    assertThat(jwt.checks())
                            .isEqualTo(
                                    new Checks(
                                            "https://tokens.example",
                                            Set.of("sotto", "house"),
                                            4,
                                            Expiry.OPTIONAL));
                    assertThat(jwt.claims())
                            .isEqualTo(new Claims("name", UserName.IGNORE, "client", "pub", "sub"));
                    assertThat(jwt.keys())
                            .isInstanceOfSatisfying(
                                    AtAddress.class,
                                    keys -> {
                                        assertThat(keys.target().uri())
                                                .hasToString("https://tokens.example/keys");
                                        assertThat(keys.target().authorities()).hasSize(1);
                                        assertThat(keys.target().timeout()).isEqualTo(1);
                                        assertThat(keys.refresh()).isEqualTo(61);
                                        assertThat(keys.pause()).isEqualTo(2);
                                        assertThat(keys.outage()).isEqualTo(3);
                                    });
                });
    }

    private static void assertQuestions(SottoConfig config) {
        HttpLoginSettings http = config.logins().http();

        assertThat(http)
                .isEqualTo(
                        new HttpLoginSettings(
                                new HttpTarget(
                                        URI.create("http://127.0.0.1:8080/login"),
                                        http == null ? List.of() : http.target().authorities(),
                                        "keep it",
                                        5),
                                6,
                                7,
                                8,
                                9));
        assertThat(String.valueOf(http)).doesNotContain("keep it");
        assertThat(config.values().toString()).doesNotContain("keep it");
    }

    @Test
    void tokens_are_checked_with_the_keys_of_a_file() throws ConfigException {
        SottoConfig config =
                read("jwt: {algorithms: [EdDSA], key-file: src/test/jwt/ed25519.pem}\n");

        assertThat(config.logins().jwt())
                .isNotNull()
                .extracting(JwtSettings::keys)
                .hasToString("1 keys");
        assertThat(config.listeners().getFirst().anonymous()).isFalse();
    }

    @Test
    void what_could_never_be_asked_is_refused() {
        isRefused(
                "http-login: {url: 'http://127.0.0.1:99999/login'}\n",
                "sotto.yaml:1: http-login.url is to be an address such as");
        isRefused(
                "http-login: {url: 'http://127.0.0.1/', token-file: src/test/jwt/ed25519.pem}\n",
                "sotto.yaml:1: http-login.token-file 'src/test/jwt/ed25519.pem' has no token");
    }

    @Test
    void what_would_let_in_by_mistake_is_refused() {
        isRefused(
                "jwt: {key-file: src/test/jwt/ed25519.pem}\n",
                "sotto.yaml:1: jwt.algorithms is missing");
        isRefused(
                "jwt: {algorithms: [none], key-file: src/test/jwt/ed25519.pem}\n",
                "sotto.yaml:1: jwt.algorithms has 'none', which is none of");
        isRefused(
                "jwt: {algorithms: [HS256], key-file: src/test/jwt/ed25519.pem}\n",
                "sotto.yaml:1: jwt.key-file 'src/test/jwt/ed25519.pem' is PEM, and the algorithms"
                        + " are such with a secret: a public key is no secret");
        isRefused(
                "jwt: {algorithms: [HS256, RS256], key-file: src/test/jwt/ed25519.pem}\n",
                "sotto.yaml:1: jwt.algorithms mixes algorithms with a secret");
        isRefused(
                "jwt: {algorithms: [HS256], jwks-url: 'https://tokens.example'}\n",
                "sotto.yaml:1: jwt.algorithms has an algorithm with a secret");
        isRefused(
                "jwt: {algorithms: [RS256], key-file: src/test/jwt/ed25519.pem}\n",
                "sotto.yaml:1: jwt.key-file 'src/test/jwt/ed25519.pem' has no key for RS256");
        isRefused(
                "jwt: {algorithms: [HS256], key-file: src/test/jwt/secret}\n",
                "sotto.yaml:1: jwt.key-file 'src/test/jwt/secret' has 7 bytes, and HS256 needs a"
                        + " secret of 32");
        isRefused(
                "jwt: {algorithms: [RS256]}\n",
                "sotto.yaml:1: jwt.key-file is missing, and there is no jwt.jwks-url instead");
        isRefused(
                "jwt: {algorithms: [RS256], jwks-url: 'file:///etc/keys'}\n",
                "sotto.yaml:1: jwt.jwks-url is to be an address such as");
        isRefused("http-login: {timeout: 2s}\n", "sotto.yaml:1: http-login.url is missing");
        isRefused(
                "listeners:\n  - authentication: [jwt, users]\n",
                "sotto.yaml:2: listener tcp at 127.0.0.1:1883 names jwt, of which nothing is said");
        isRefused(
                "listeners:\n  - authentication: [ldap]\n",
                "sotto.yaml:2: listeners[].authentication is to be a list of jwt, users and http");
    }
}
