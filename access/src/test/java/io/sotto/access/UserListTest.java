package io.sotto.access;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.access.UserList.UnknownUser;
import io.sotto.broker.spi.Authenticator.Accepted;
import io.sotto.broker.spi.Authenticator.Login;
import io.sotto.broker.spi.Authenticator.Outcome;
import io.sotto.broker.spi.Authenticator.Refused;
import io.sotto.broker.spi.Origin;
import io.sotto.broker.spi.Principal;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ReasonCode;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UserListTest {
    private final UserList users =
            new UserList(
                    Map.of("ann", PasswordHash.of("tea", new SecureRandom())),
                    UnknownUser.REFUSE,
                    1,
                    1);
    private final BlockingQueue<Outcome> answers = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        users.close();
    }

    private static Login login(
            boolean anonymous, @Nullable String userName, @Nullable String password) {
        return new Login(
                new Origin("tcp", "127.0.0.1", 4711, anonymous),
                "lamp",
                userName,
                password == null ? null : Payload.of(password),
                null,
                null);
    }

    private Outcome answer(Login login) throws InterruptedException {
        users.authenticate(login, answers::add);
        Outcome outcome = answers.poll(20, TimeUnit.SECONDS);
        assertThat(outcome).isNotNull();
        return outcome;
    }

    private static void isRefused(Outcome outcome, ReasonCode reason, String explanation) {
        assertThat(outcome).isInstanceOf(Refused.class);
        Refused refused = (Refused) outcome;
        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(refused.explanation()).contains(explanation);
        assertThat(refused.sentence()).doesNotContain("ann").doesNotContain("eve");
    }

    @Test
    void the_right_password_proves_the_name() throws InterruptedException {
        assertThat(answer(login(false, "ann", "tea")))
                .isEqualTo(new Accepted(new Principal("ann"), null));
    }

    @Test
    void hashes_of_several_kinds_stand_side_by_side() throws InterruptedException {
        try (UserList mixed =
                new UserList(
                        Map.of(
                                "ann",
                                PasswordHash.of("tea", new SecureRandom()),
                                "bob",
                                PasswordHash.parse(
                                        "$2b$05$abcdefghijklmnopqrstuu680Yiaj5hFUaJTH/rTAcbA2PQ"
                                                + "EGfiZu")))) {
            for (String name : List.of("ann", "bob", "eve", "joe", "sue")) {
                mixed.authenticate(login(false, name, "pencil"), answers::add);

                Outcome outcome = answers.poll(20, TimeUnit.SECONDS);
                assertThat(outcome)
                        .isInstanceOf(name.equals("bob") ? Accepted.class : Refused.class);
            }
        }
    }

    @Test
    void a_name_that_nobody_has_may_count_as_none_where_none_is_needed()
            throws InterruptedException {
        try (UserList open =
                new UserList(
                        Map.of("ann", PasswordHash.of("tea", new SecureRandom())),
                        UnknownUser.ANONYMOUS)) {
            open.authenticate(login(true, "eve", "x"), answers::add);
            Outcome unnamed = answers.poll(20, TimeUnit.SECONDS);
            open.authenticate(login(false, "eve", "x"), answers::add);
            Outcome closed = answers.poll(20, TimeUnit.SECONDS);
            open.authenticate(login(true, "ann", "x"), answers::add);
            Outcome wrong = answers.poll(20, TimeUnit.SECONDS);

            assertThat(unnamed).isEqualTo(new Accepted(Principal.ANONYMOUS, null));
            assertThat(List.of(requireNonNull(closed), requireNonNull(wrong)))
                    .hasOnlyElementsOfType(Refused.class);
        }
    }

    @Test
    void a_wrong_password_and_an_unknown_user_are_told_the_same() throws InterruptedException {
        Outcome wrong = answer(login(true, "ann", "coffee"));
        Outcome unknown = answer(login(true, "eve", "tea"));

        isRefused(wrong, ReasonCode.BAD_USER_NAME_OR_PASSWORD, "wrong password for user 'ann'");
        isRefused(unknown, ReasonCode.BAD_USER_NAME_OR_PASSWORD, "user 'eve' is not known");
        assertThat(((Refused) wrong).sentence()).isEqualTo(((Refused) unknown).sentence());
    }

    @Test
    void a_name_without_a_password_proves_nothing() throws InterruptedException {
        isRefused(
                answer(login(true, "ann", null)),
                ReasonCode.BAD_USER_NAME_OR_PASSWORD,
                "no password");
    }

    @Test
    void an_empty_name_is_a_name_and_not_anonymous() throws InterruptedException {
        isRefused(
                answer(login(true, "", "")),
                ReasonCode.BAD_USER_NAME_OR_PASSWORD,
                "user '' is not known");
    }

    @Test
    void an_anonymous_client_is_answered_at_once_where_the_listener_admits_it() {
        List<Outcome> outcomes = new ArrayList<>();

        users.authenticate(login(true, null, null), outcomes::add);
        users.authenticate(login(false, null, null), outcomes::add);

        assertThat(outcomes.getFirst()).isEqualTo(new Accepted(Principal.ANONYMOUS, null));
        isRefused(outcomes.getLast(), ReasonCode.NOT_AUTHORIZED, "listener 'tcp'");
    }

    @Test
    void a_certificate_proves_its_name_and_no_other() throws InterruptedException {
        Origin sensor = new Origin("tls", "127.0.0.1", 4711, false).as("sensor-1");

        assertThat(answer(new Login(sensor, "lamp", null, null, null, null)))
                .isEqualTo(new Accepted(new Principal("sensor-1"), null));
        assertThat(answer(new Login(sensor, "lamp", "sensor-1", null, null, null)))
                .isEqualTo(new Accepted(new Principal("sensor-1"), null));
        isRefused(
                answer(new Login(sensor, "lamp", "ann", null, null, null)),
                ReasonCode.BAD_USER_NAME_OR_PASSWORD,
                "no password");
        assertThat(answer(new Login(sensor, "lamp", "ann", Payload.of("tea"), null, null)))
                .isEqualTo(new Accepted(new Principal("ann"), null));
    }

    @Test
    void an_authentication_method_is_refused() throws InterruptedException {
        Origin origin = new Origin("tcp", "127.0.0.1", 4711, true);

        isRefused(
                answer(new Login(origin, "lamp", null, null, "SCRAM-SHA-1", null)),
                ReasonCode.BAD_AUTHENTICATION_METHOD,
                "SCRAM-SHA-1");
    }

    @Test
    void when_too_many_wait_the_server_is_busy_and_everybody_is_answered()
            throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            users.authenticate(login(true, "ann", "tea"), answers::add);
        }

        int busy = 0;
        for (int i = 0; i < 10; i++) {
            if (answers.poll(20, TimeUnit.SECONDS) instanceof Refused refused) {
                assertThat(refused.reason()).isEqualTo(ReasonCode.SERVER_BUSY);
                busy++;
            }
        }
        assertThat(busy).isBetween(1, 9);
        assertThat(answers).isEmpty();
    }
}
