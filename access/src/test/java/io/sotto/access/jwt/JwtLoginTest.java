package io.sotto.access.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.sotto.access.OwnRights;
import io.sotto.access.jwt.JwtSettings.Checks;
import io.sotto.access.jwt.JwtSettings.Claims;
import io.sotto.access.jwt.JwtSettings.Expiry;
import io.sotto.access.jwt.JwtSettings.InFile;
import io.sotto.access.jwt.JwtSettings.UserName;
import io.sotto.broker.spi.Authenticator.Accepted;
import io.sotto.broker.spi.Authenticator.Login;
import io.sotto.broker.spi.Authenticator.Outcome;
import io.sotto.broker.spi.Authenticator.Refused;
import io.sotto.broker.spi.Origin;
import io.sotto.broker.spi.Pass;
import io.sotto.broker.spi.Principal;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwtLoginTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final Checks CHECKS =
            new Checks("https://tokens.example", Set.of("sotto"), 30, Expiry.REQUIRED);

    private final Issuer issuer = Issuer.of("ES256");
    private Checks checks = CHECKS;
    private Claims claims = Claims.DEFAULT;
    private @Nullable String method;

    private static JWTClaimsSet.Builder good() {
        return new JWTClaimsSet.Builder()
                .subject("ann")
                .issuer("https://tokens.example")
                .audience(List.of("other", "sotto"))
                .expirationTime(at(60));
    }

    private static Date at(int seconds) {
        return Date.from(NOW.plusSeconds(seconds));
    }

    private Outcome judge(String token) {
        return judge(issuer, "ES256", "ann", token);
    }

    private Outcome judge(Issuer known, String algorithm, @Nullable String user, String token) {
        JwtSettings settings =
                new JwtSettings(
                        new InFile(JwtKeys.read(known.file(), Set.of(algorithm))),
                        Set.of(algorithm),
                        checks,
                        claims);
        try (JwtLogin login = new JwtLogin(settings, "jwt 1", () -> NOW)) {
            CompletableFuture<Outcome> outcome = new CompletableFuture<>();
            login.authenticate(login(user, token, method), outcome::complete);
            return outcome.join();
        }
    }

    private static Login login(@Nullable String user, String token, @Nullable String method) {
        return new Login(
                new Origin("tcp", "127.0.0.1", 1, false),
                "lamp",
                user,
                method == null ? Payload.of(token) : null,
                method,
                method == null ? null : Payload.of(token));
    }

    private static void assertRefused(Outcome outcome, String why) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> {
                            assertThat(refused.reason())
                                    .isEqualTo(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
                            assertThat(refused.sentence())
                                    .isEqualTo("user name or password is not right");
                            assertThat(refused.explanation()).contains(why);
                        });
    }

    private static List<String> parts(String token) {
        return List.of(token.split("\\.", -1));
    }

    private static Accepted accepted(long millis) {
        return new Accepted(new Principal("ann"), null, new Pass("jwt 1", null, millis));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
                "ES256", "ES384", "ES512", "EdDSA"
            })
    void a_token_of_each_algorithm_lets_in_until_it_ends(String algorithm) {
        Issuer signer = Issuer.of(algorithm);
        Issuer other = Issuer.of(algorithm);
        String token = signer.sign(good().build());

        assertThat(judge(signer, algorithm, "ann", token)).isEqualTo(accepted(90_000));
        assertThat(judge(signer, algorithm, null, token)).isEqualTo(accepted(90_000));
        if (!algorithm.startsWith("HS")) {
            assertRefused(judge(other, algorithm, "ann", token), "signed with none of the keys");
        }
    }

    @Test
    void what_is_signed_with_another_algorithm_does_not_count() throws JOSEException {
        Issuer rsa = Issuer.of("RS256");
        SignedJWT confused = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), good().build());
        confused.sign(new MACSigner(rsa.file()));
        String unsigned = new PlainJWT(good().build()).serialize();

        Outcome byPublicKey = judge(rsa, "RS256", "ann", confused.serialize());
        Outcome byNothing = judge(rsa, "RS256", "ann", unsigned);
        Outcome stronger = judge(Issuer.of("RS512").sign(good().build()));

        assertRefused(byPublicKey, "it is signed with HS256, which jwt.algorithms does not have");
        assertRefused(byNothing, "it is not as a token is to be");
        assertRefused(stronger, "it is signed with RS512");
    }

    @Test
    void what_was_changed_does_not_count() {
        List<String> parts = parts(issuer.sign(good().build()));
        List<String> forged = parts(issuer.sign(good().subject("bob").build()));

        assertRefused(
                judge(
                        issuer,
                        "ES256",
                        "bob",
                        parts.get(0) + "." + forged.get(1) + "." + parts.get(2)),
                "signed with none of the keys");
        assertRefused(
                judge(parts.get(0) + "." + parts.get(1) + ".AAAA"), "signed with none of the keys");
        assertRefused(judge("eyJ.eyJ.x"), "it is not as a token is to be");
        assertRefused(judge(""), "it is not as a token is to be");
    }

    @Test
    void time_issuer_and_audience_are_checked() {
        assertRefused(judge(issuer.sign(good().expirationTime(at(-31)).build())), "Expired JWT");
        assertThat(judge(issuer.sign(good().expirationTime(at(-29)).build())))
                .isEqualTo(accepted(1_000));
        assertRefused(judge(issuer.sign(good().notBeforeTime(at(31)).build())), "JWT before use");
        assertRefused(judge(issuer.sign(good().issuer("https://x").build())), "iss claim");
        assertRefused(judge(issuer.sign(good().issuer(null).build())), "iss");
        assertRefused(judge(issuer.sign(good().audience("other").build())), "aud claim");
        assertRefused(judge(issuer.sign(good().audience((String) null).build())), "aud");
        assertRefused(judge(issuer.sign(good().expirationTime(null).build())), "exp");
    }

    @Test
    void a_token_without_an_end_counts_only_where_that_is_said() {
        checks = new Checks(null, Set.of(), 0, Expiry.OPTIONAL);
        String endless = issuer.sign(new JWTClaimsSet.Builder().subject("ann").build());

        assertThat(judge(endless)).isEqualTo(accepted(0));
    }

    @Test
    void the_user_is_whom_the_token_names() {
        assertRefused(judge(issuer, "ES256", "bob", issuer.sign(good().build())), "user 'ann'");
        assertRefused(judge(issuer.sign(good().subject(null).build())), "no claim sub");
        assertRefused(judge(issuer, "ES256", "", issuer.sign(good().subject("").build())), "empty");
        assertRefused(
                judge(issuer, "ES256", null, issuer.sign(good().subject("a\u0000b").build())),
                "control characters");

        claims = new Claims("name", UserName.IGNORE, null, "publish", "subscribe");
        String named = issuer.sign(good().subject("x").claim("name", "ann").build());
        assertThat(judge(issuer, "ES256", "bob", named)).isEqualTo(accepted(90_000));
        assertRefused(judge(issuer.sign(good().claim("name", 7).build())), "another kind");
    }

    @Test
    void the_client_id_is_the_one_of_the_token() {
        claims = new Claims("sub", UserName.MATCH, "client", "publish", "subscribe");

        assertThat(judge(issuer.sign(good().claim("client", "lamp").build())))
                .isEqualTo(accepted(90_000));
        assertRefused(
                judge(issuer.sign(good().claim("client", "door").build())), "is not the client id");
        assertRefused(judge(issuer.sign(good().build())), "is not the client id");
    }

    @Test
    void rights_come_with_the_token() {
        String both =
                issuer.sign(
                        good().claim("publish", List.of("a/%u/#", "b"))
                                .claim("subscribe", "c/+")
                                .build());
        String one = issuer.sign(good().claim("publish", "a").build());

        Pass pass = ((Accepted) judge(both)).pass();
        Pass half = ((Accepted) judge(one)).pass();

        assertThat(pass.rights())
                .asString()
                .isEqualTo(OwnRights.of(List.of("a/%u/#", "b"), List.of("c/+")).toString());
        assertThat(half.rights())
                .asString()
                .isEqualTo(OwnRights.of(List.of("a"), List.of()).toString());
    }

    @Test
    void rights_that_cannot_be_read_let_nobody_in() {
        for (Object claim :
                List.of(
                        7,
                        true,
                        Map.of("a", "b"),
                        List.of("a", 7),
                        List.of("a/#/b"),
                        "$share/a/b")) {
            assertRefused(judge(issuer.sign(good().claim("publish", claim).build())), "");
        }
        String[] many = new String[OwnRights.MOST + 1];
        Arrays.fill(many, "a");
        assertRefused(
                judge(issuer.sign(good().claim("subscribe", List.of(many)).build())),
                "may be 1000");
    }

    @Test
    void a_token_as_authentication_data_counts_too() {
        method = "JWT";
        String token = issuer.sign(good().build());

        assertThat(judge(token)).isEqualTo(accepted(90_000));
        assertThat(judge(token + "x"))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused ->
                                assertThat(refused.reason()).isEqualTo(ReasonCode.NOT_AUTHORIZED));
    }

    /// A key set of the attacker's own, or a path, must not be looked at.
    @Test
    void what_a_header_says_of_keys_counts_for_nothing() {
        Issuer attacker = Issuer.of("ES256");
        for (String keyId : List.of("../../../dev/null", "' OR 1=1 --", "http://127.0.0.1/keys")) {
            assertRefused(
                    judge(attacker.sign(good().build(), keyId)), "signed with none of the keys");
            assertThat(judge(issuer.sign(good().build(), keyId))).isEqualTo(accepted(90_000));
        }
        String header =
                "{\"alg\":\"ES256\",\"jku\":\"http://127.0.0.1:9/keys\",\"x5u\":\"http://127.0.0.1:9/x\"}";
        assertRefused(
                judge(base64(header) + "." + base64("{\"sub\":\"ann\"}") + ".AAAA"),
                "signed with none of the keys");
        assertRefused(
                judge(
                        base64("{\"alg\":\"ES256\",\"crit\":[\"b64\"],\"b64\":false}")
                                + "."
                                + base64("{\"sub\":\"ann\"}")
                                + ".AAAA"),
                "");
    }

    @Test
    void what_is_too_long_or_too_deep_is_refused_and_no_more() {
        String deep = "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000);
        String head = base64("{\"alg\":\"ES256\"}");

        for (String token :
                List.of(
                        base64(deep) + ".e30.AAAA",
                        head + "." + base64(deep) + ".AAAA",
                        head + "." + base64("{\"sub\":\"" + "x".repeat(1 << 20) + "\"}") + ".AAAA",
                        head + ".e30." + "A".repeat(1 << 20))) {
            assertThat(judge(token)).isInstanceOf(Refused.class);
        }
        assertThat(judge(issuer.sign(good().build()))).isEqualTo(accepted(90_000));
    }

    private static String base64(String json) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void nothing_of_a_token_is_in_what_is_said_of_it() {
        String token = issuer.sign(good().issuer("https://x").build());

        String said = judge(token).toString();

        for (String part : parts(token)) {
            assertThat(said).doesNotContain(part);
        }
    }

    @Test
    void what_looks_like_a_token_is_taken_for_one() {
        JwtSettings settings =
                new JwtSettings(
                        new InFile(JwtKeys.read(issuer.file(), Set.of("ES256"))),
                        Set.of("ES256"),
                        CHECKS,
                        Claims.DEFAULT);
        try (JwtLogin way = new JwtLogin(settings, "jwt 1", () -> NOW)) {
            assertThat(way.takes(login("ann", issuer.sign(good().build()), null))).isTrue();
            assertThat(way.takes(login("ann", "anything", "JWT"))).isTrue();
            for (String other :
                    List.of("", "e", "ey", "secret", "ey.x", "ey.x.y.z", "ey.ü.z", "a.b.c")) {
                assertThat(way.takes(login("ann", other, null))).as(other).isFalse();
            }
            assertThat(way.takes(login("ann", "eyJ.x.y", "SCRAM-SHA-256"))).isFalse();
        }
    }

    @Test
    void a_private_key_does_not_belong_into_the_file() {
        String pem = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n";

        assertThatThrownBy(() ->
                        JwtKeys.read(pem.getBytes(StandardCharsets.US_ASCII), Set.of("RS256")))
                .hasMessage("has a private key; only its public key belongs here");
    }
}
