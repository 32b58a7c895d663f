package io.sotto.access.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import io.sotto.access.http.HttpTarget;
import io.sotto.access.http.WebAnswers;
import io.sotto.access.jwt.JwtSettings.AtAddress;
import io.sotto.access.jwt.JwtSettings.Checks;
import io.sotto.access.jwt.JwtSettings.Claims;
import io.sotto.access.jwt.JwtSettings.Expiry;
import io.sotto.broker.spi.Authenticator.Accepted;
import io.sotto.broker.spi.Authenticator.Login;
import io.sotto.broker.spi.Authenticator.Outcome;
import io.sotto.broker.spi.Authenticator.Refused;
import io.sotto.broker.spi.Origin;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ReasonCode;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FetchedKeysTest {
    private final Issuer first = Issuer.of("RS256");
    private final Issuer second = Issuer.of("RS256");
    private final WebAnswers web = new WebAnswers();
    private final JwtLogin way =
            new JwtLogin(
                    new JwtSettings(
                            new AtAddress(new HttpTarget(web.uri(), List.of(), null, 1), 60, 59, 0),
                            Set.of("RS256"),
                            new Checks(null, Set.of(), 0, Expiry.REQUIRED),
                            Claims.DEFAULT),
                    "jwt 1",
                    Instant::now);

    @AfterEach
    void close() {
        way.close();
        web.close();
    }

    private static RSAKey key(Issuer issuer, String id) {
        return new RSAKey.Builder((RSAPublicKey) issuer.keys().getPublic()).keyID(id).build();
    }

    private void serve(RSAKey... keys) {
        web.answer(200, new JWKSet(Arrays.asList(keys)).toString());
    }

    private Outcome judge(Issuer issuer, String keyId) {
        JWTClaimsSet claims =
                new JWTClaimsSet.Builder()
                        .subject("ann")
                        .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                        .build();
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        way.authenticate(
                new Login(
                        new Origin("tcp", "127.0.0.1", 1, false),
                        "lamp",
                        "ann",
                        Payload.of(issuer.sign(claims, keyId)),
                        null,
                        null),
                outcome::complete);
        return outcome.join();
    }

    @Test
    void keys_are_fetched_once_and_again_for_one_that_is_not_known() {
        serve(key(first, "1"));
        assertThat(judge(first, "1")).isInstanceOf(Accepted.class);
        assertThat(judge(first, "1")).isInstanceOf(Accepted.class);
        assertThat(web.asked()).hasSize(1);

        serve(key(first, "1"), key(second, "2"));
        assertThat(judge(second, "2")).isInstanceOf(Accepted.class);
        assertThat(judge(first, "1")).isInstanceOf(Accepted.class);
        assertThat(web.asked()).hasSize(2);
    }

    @Test
    void keys_that_nobody_has_do_not_make_the_broker_fetch_and_fetch() {
        serve(key(first, "1"));
        assertThat(judge(first, "1")).isInstanceOf(Accepted.class);

        for (int i = 0; i < 20; i++) {
            assertThat(judge(second, "made up " + i)).isInstanceOf(Refused.class);
        }

        assertThat(web.asked()).hasSize(2);
        assertThat(judge(first, "1")).isInstanceOf(Accepted.class);
    }

    @Test
    void without_keys_nobody_gets_in() {
        web.answer(500, "");
        assertUnavailable(judge(first, "1"));
        web.answer(200, "no keys");
        assertUnavailable(judge(first, "1"));
        serve();
        assertThat(judge(first, "1")).isInstanceOf(Refused.class);
    }

    @Test
    void who_does_not_answer_lets_nobody_in() {
        CountDownLatch never = new CountDownLatch(1);
        web.holdBack(never);

        assertUnavailable(judge(first, "1"));

        never.countDown();
    }

    private static void assertUnavailable(Outcome outcome) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused ->
                                assertThat(refused.reason())
                                        .isEqualTo(ReasonCode.SERVER_UNAVAILABLE));
    }
}
