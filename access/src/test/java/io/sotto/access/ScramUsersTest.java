package io.sotto.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Authenticator.Accepted;
import io.sotto.broker.spi.Authenticator.Challenge;
import io.sotto.broker.spi.Authenticator.Login;
import io.sotto.broker.spi.Authenticator.Outcome;
import io.sotto.broker.spi.Authenticator.Refused;
import io.sotto.broker.spi.Origin;
import io.sotto.broker.spi.Principal;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScramUsersTest {
    private static final int ITERATIONS = 4096;

    private final ScramUsers users =
            new ScramUsers(
                    Map.of(
                            "ann",
                            List.of(tea(ScramMechanism.SHA_256), tea(ScramMechanism.SHA_512))));

    private static ScramCredential tea(ScramMechanism mechanism) {
        return ScramCredential.of(mechanism, "tea", ITERATIONS, new SecureRandom());
    }

    private Outcome begin(@Nullable String userName, @Nullable String method, String data) {
        Origin origin = new Origin("tcp", "127.0.0.1", 4711, false);
        List<Outcome> outcomes = new ArrayList<>();
        users.authenticate(
                new Login(origin, "lamp", userName, null, method, Payload.of(data)), outcomes::add);
        assertThat(outcomes).hasSize(1);
        return outcomes.getFirst();
    }

    private Challenge challenge(String name) {
        Outcome outcome = begin(null, "SCRAM-SHA-256", "n,,n=" + name + ",r=client");
        assertThat(outcome).isInstanceOf(Challenge.class);
        return (Challenge) outcome;
    }

    private static String text(@Nullable Payload data) {
        return data == null ? "" : new String(data.toByteArray(), StandardCharsets.UTF_8);
    }

    /// The client's half (RFC 5802, section 3), from a challenge.
    private static Outcome answer(
            Challenge challenge, ScramMechanism mechanism, String name, String password) {
        String asked = text(challenge.data());
        String[] parts = asked.split(",", 3);
        byte[] salt = Base64.getDecoder().decode(parts[1].substring("s=".length()));
        byte[] salted = mechanism.salted(password, salt, ITERATIONS);
        byte[] clientKey = mechanism.hmac(salted, "Client Key".getBytes(StandardCharsets.US_ASCII));
        String unproven = "c=biws," + parts[0];
        String said = "n=" + name + ",r=client," + asked + "," + unproven;
        byte[] proof =
                mechanism.hmac(mechanism.hash(clientKey), said.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < proof.length; i++) {
            proof[i] ^= clientKey[i];
        }
        String answer = unproven + ",p=" + Base64.getEncoder().encodeToString(proof);
        List<Outcome> outcomes = new ArrayList<>();
        challenge.next().respond(Payload.of(answer), outcomes::add);
        assertThat(outcomes).hasSize(1);
        return outcomes.getFirst();
    }

    @ParameterizedTest
    @EnumSource
    void who_knows_the_password_is_let_in_and_told_that_the_server_knows_it(
            ScramMechanism mechanism) {
        Outcome first = begin(null, mechanism.method(), "n,,n=ann,r=client");

        Outcome outcome = answer((Challenge) first, mechanism, "ann", "tea");

        assertThat(outcome).isInstanceOf(Accepted.class);
        Accepted accepted = (Accepted) outcome;
        assertThat(accepted.principal()).isEqualTo(new Principal("ann"));
        assertThat(text(accepted.data())).startsWith("v=");
    }

    @Test
    void an_unknown_user_is_asked_alike_and_refused_alike() {
        Challenge known = challenge("ann");
        Challenge unknown = challenge("eve");

        assertThat(text(unknown.data())).hasSameSizeAs(text(known.data())).startsWith("r=client");
        Refused wrong = (Refused) answer(known, ScramMechanism.SHA_256, "ann", "coffee");
        Refused nobody = (Refused) answer(unknown, ScramMechanism.SHA_256, "eve", "tea");
        assertThat(nobody.reason()).isEqualTo(wrong.reason()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(nobody.sentence()).isEqualTo(wrong.sentence());
        assertThat(wrong.explanation()).contains("wrong password, user 'ann'");
        assertThat(nobody.explanation()).contains("user 'eve' is not known");
    }

    @Test
    void an_unknown_user_always_has_the_same_salt() {
        String[] once = text(challenge("eve").data()).split(",", 2);
        String[] again = text(challenge("eve").data()).split(",", 2);

        assertThat(again[1]).isEqualTo(once[1]);
        assertThat(again[0]).as("a nonce is used once").isNotEqualTo(once[0]);
    }

    @Test
    void another_user_name_in_connect_is_refused() {
        assertThat(begin("ann", "SCRAM-SHA-256", "n,,n=ann,r=x")).isInstanceOf(Challenge.class);
        assertThat(begin("bob", "SCRAM-SHA-256", "n,,n=ann,r=x")).isInstanceOf(Refused.class);
    }

    @Test
    void what_is_no_scram_message_is_refused() {
        assertThat(begin(null, "SCRAM-SHA-256", "hello")).isInstanceOf(Refused.class);
        assertThat(begin(null, "SCRAM-SHA-256", "")).isInstanceOf(Refused.class);
    }

    @Test
    void other_methods_and_none_are_for_others() {
        assertThat(begin("ann", null, "")).isInstanceOf(Refused.class);
        assertThat(begin(null, "SCRAM-SHA-1", "n,,n=ann,r=x")).isInstanceOf(Refused.class);
    }
}
