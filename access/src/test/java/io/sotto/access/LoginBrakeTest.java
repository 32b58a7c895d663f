package io.sotto.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.access.LoginBrake.Limits;
import io.sotto.broker.spi.Authenticator;
import io.sotto.broker.spi.Authenticator.Accepted;
import io.sotto.broker.spi.Authenticator.Login;
import io.sotto.broker.spi.Authenticator.Outcome;
import io.sotto.broker.spi.Authenticator.Refused;
import io.sotto.broker.spi.Origin;
import io.sotto.broker.spi.Principal;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ReasonCode;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoginBrakeTest {
    private final AtomicInteger now = new AtomicInteger(1_000_000);
    private final AtomicInteger judged = new AtomicInteger();
    private final LoginBrake brake = new LoginBrake(this::judge, new Limits(3, 1), now::get);
    private final BlockingQueue<Outcome> answers = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        brake.close();
    }

    private void judge(Login login, Consumer<Outcome> answer) {
        judged.incrementAndGet();
        Payload password = login.password();
        answer.accept(
                password != null && password.equals(Payload.of("right"))
                        ? new Accepted(new Principal(String.valueOf(login.userName())), null)
                        : new Refused(
                                ReasonCode.BAD_USER_NAME_OR_PASSWORD, "wrong", "wrong password"));
    }

    private void ask(String address, @Nullable String user, String password) {
        Origin origin = new Origin("tcp", address, 4711, true);
        Payload proof = user == null ? null : Payload.of(password);
        brake.authenticate(new Login(origin, "lamp", user, proof, null, null), answers::add);
    }

    /// The answer to a login that does not have to wait.
    private Outcome now(String address, @Nullable String user, String password) {
        ask(address, user, password);
        Outcome outcome = answers.poll();
        assertThat(outcome).as("answered at once").isNotNull();
        return outcome;
    }

    private void fail(int times, String address, String user) {
        for (int i = 0; i < times; i++) {
            now(address, user, "guess " + i);
        }
    }

    @Test
    void the_free_failures_and_all_successes_are_answered_at_once() {
        for (int i = 0; i < 20; i++) {
            assertThat(now("10.0.0.1", "ann", "right")).isInstanceOf(Accepted.class);
        }
        fail(3, "10.0.0.1", "eve");

        assertThat(judged).hasValue(23);
    }

    @Test
    void one_failure_more_waits_and_is_answered_alike() throws InterruptedException {
        fail(3, "10.0.0.1", "ann");

        ask("10.0.0.1", "ann", "guess");

        assertThat(judged).hasValue(3);
        assertThat(answers.poll()).isNull();
        Outcome late = answers.poll(20, TimeUnit.SECONDS);
        assertThat(late)
                .isEqualTo(
                        new Refused(
                                ReasonCode.BAD_USER_NAME_OR_PASSWORD, "wrong", "wrong password"));
    }

    @Test
    void the_right_password_waits_as_well_so_that_time_tells_nothing() throws InterruptedException {
        fail(3, "10.0.0.1", "ann");

        ask("10.0.0.1", "ann", "right");

        assertThat(answers.poll()).isNull();
        assertThat(answers.poll(20, TimeUnit.SECONDS)).isInstanceOf(Accepted.class);
    }

    @Test
    void many_at_once_wait_in_line_and_who_would_wait_too_long_is_told_so() {
        fail(3, "10.0.0.1", "ann");

        for (int i = 0; i < 1_000; i++) {
            ask("10.0.0.1", "ann", "guess");
        }

        assertThat(answers)
                .hasSizeBetween(1_000 - 9, 1_000 - 7)
                .allSatisfy(outcome -> {
                    assertThat(outcome).isInstanceOf(Refused.class);
                    Refused refused = (Refused) outcome;
                    assertThat(refused.reason()).isEqualTo(ReasonCode.CONNECTION_RATE_EXCEEDED);
                    assertThat(refused.explanation()).contains("limits.login-failures");
                });
        assertThat(judged.get()).isLessThanOrEqualTo(4);
    }

    @Test
    void time_forgives() {
        fail(3, "10.0.0.1", "ann");

        now.addAndGet(3_000);

        fail(3, "10.0.0.1", "ann");
    }

    @Test
    void one_address_is_braked_whatever_users_it_tries() {
        fail(1, "10.0.0.1", "ann");
        fail(1, "10.0.0.1", "bob");
        fail(1, "10.0.0.1", "cid");

        ask("10.0.0.1", "dan", "guess");

        assertThat(answers.poll()).isNull();
        assertThat(now("10.0.0.2", "dan", "right")).isInstanceOf(Accepted.class);
    }

    @Test
    void one_user_is_braked_from_wherever_he_is_tried() {
        fail(1, "10.0.0.1", "ann");
        fail(1, "10.0.0.2", "ann");
        fail(1, "10.0.0.3", "ann");

        ask("10.0.0.4", "ann", "guess");

        assertThat(answers.poll()).isNull();
    }

    @Test
    void nobody_is_locked_out_of_a_place_that_he_came_from_before() {
        now("10.0.0.9", "ann", "right");
        fail(3, "10.0.0.1", "ann");

        assertThat(now("10.0.0.9", "ann", "right")).isInstanceOf(Accepted.class);
    }

    @Test
    void who_proves_nothing_is_not_held_up() {
        fail(3, "10.0.0.1", "ann");

        now("10.0.0.1", null, "");

        assertThat(judged).hasValue(4);
    }

    @Test
    void without_a_limit_nothing_is_slow() {
        try (LoginBrake off = new LoginBrake(this::judge, new Limits(0, 1), now::get)) {
            Authenticator open = off;
            Origin origin = new Origin("tcp", "10.0.0.1", 1, true);
            for (int i = 0; i < 100; i++) {
                open.authenticate(
                        new Login(origin, "lamp", "ann", Payload.of("guess"), null, null),
                        answers::add);
            }
        }

        assertThat(answers).hasSize(100);
    }
}
