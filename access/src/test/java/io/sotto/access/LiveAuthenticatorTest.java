package io.sotto.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.access.LiveAuthenticator.Book;
import io.sotto.broker.spi.Authenticator.Accepted;
import io.sotto.broker.spi.Authenticator.Challenge;
import io.sotto.broker.spi.Authenticator.Login;
import io.sotto.broker.spi.Authenticator.Outcome;
import io.sotto.broker.spi.Authenticator.Refused;
import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.Origin;
import io.sotto.broker.spi.Pass;
import io.sotto.broker.spi.Principal;
import io.sotto.broker.spi.Standing;
import io.sotto.mqtt.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LiveAuthenticatorTest {
    private static final Origin ORIGIN = new Origin("tcp", "127.0.0.1", 1, false);
    private static final Accepted ANN = new Accepted(new Principal("ann"), null);

    private final List<Consumer<Outcome>> waiting = new ArrayList<>();
    private final List<Login> asked = new ArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();

    private Book book(Map<String, String> proofs, String... open) {
        return new Book(
                (login, answer) -> {
                    asked.add(login);
                    waiting.add(answer);
                },
                proofs,
                Set.of(open),
                Map.of("tcp", Set.of("")));
    }

    private static Subject subject(String user, Origin origin) {
        return new Subject(new Principal(user), "lamp", origin);
    }

    private static Login login(@Nullable String user, Origin origin) {
        return new Login(origin, "lamp", user, Payload.of("tea"), null, null);
    }

    @Test
    void a_login_under_way_counts_while_nothing_changes_for_its_user() {
        LiveAuthenticator live = new LiveAuthenticator(book(Map.of("ann", "1", "bob", "2")));
        live.authenticate(login("ann", ORIGIN), outcomes::add);

        live.replace(book(Map.of("ann", "1")));
        waiting.getFirst().accept(ANN);

        assertThat(outcomes).containsExactly(ANN);
    }

    @Test
    void a_login_by_what_held_before_does_not_count() {
        LiveAuthenticator live = new LiveAuthenticator(book(Map.of("ann", "1")));
        live.authenticate(login("ann", ORIGIN), outcomes::add);
        live.authenticate(login("ann", ORIGIN), outcomes::add);

        live.replace(book(Map.of("ann", "other")));
        waiting.getFirst().accept(ANN);
        live.replace(book(Map.of()));
        waiting.getLast().accept(ANN);

        assertThat(outcomes).hasSize(2).allMatch(Refused.class::isInstance);
    }

    @Test
    void the_last_step_of_an_exchange_is_held_against_what_holds_then() {
        LiveAuthenticator live = new LiveAuthenticator(book(Map.of("ann", "1")));
        live.authenticate(login("ann", ORIGIN), outcomes::add);
        waiting.getFirst().accept(new Challenge(Payload.EMPTY, (data, then) -> then.accept(ANN)));
        Challenge challenge = (Challenge) outcomes.removeFirst();

        live.replace(book(Map.of("ann", "other")));
        challenge.next().respond(null, outcomes::add);

        assertThat(outcomes).singleElement().isInstanceOf(Refused.class);
    }

    @Test
    void listeners_open_and_close_for_clients_without_a_name() {
        LiveAuthenticator live = new LiveAuthenticator(book(Map.of(), "tcp"));
        live.authenticate(login(null, ORIGIN), outcomes::add);

        live.replace(book(Map.of()));
        live.authenticate(login(null, ORIGIN), outcomes::add);
        waiting.getFirst().accept(new Accepted(Principal.ANONYMOUS, null));

        assertThat(asked.getFirst().origin().anonymousAllowed()).isTrue();
        assertThat(asked.getLast().origin().anonymousAllowed()).isFalse();
        assertThat(outcomes).singleElement().isInstanceOf(Refused.class);
    }

    @Test
    void who_is_known_by_a_certificate_needs_no_entry() {
        Book before = book(Map.of("ann", "1"));
        Book after = book(Map.of());

        Standing itself = before.standing(after, subject("ann", ORIGIN.as("ann")));
        Standing another = before.standing(after, subject("ann", ORIGIN.as("bob")));
        Standing unlisted = before.standing(after, subject("cy", ORIGIN.as("cy")));

        assertThat(itself).isEqualTo(Standing.SAME);
        assertThat(another).isEqualTo(Standing.GONE);
        assertThat(unlisted).isEqualTo(Standing.SAME);
    }

    @Test
    void who_came_by_a_token_stays_while_tokens_are_judged_alike_there() {
        Pass pass = new Pass("token 1", null, 0);
        Accepted ann = new Accepted(new Principal("ann"), null, pass);
        Subject subject = new Subject(new Principal("ann"), "lamp", ORIGIN, pass);
        Book first = tokens("tcp", "token 1");
        LiveAuthenticator live = new LiveAuthenticator(first);
        live.authenticate(login("ann", ORIGIN), outcomes::add);
        live.authenticate(login("ann", ORIGIN), outcomes::add);

        waiting.getFirst().accept(ann);
        live.replace(tokens("tcp", "token 2"));
        waiting.getLast().accept(ann);

        assertThat(outcomes.getFirst()).isEqualTo(ann);
        assertThat(outcomes.getLast()).isInstanceOf(Refused.class);
        assertThat(first.standing(tokens("tcp", "token 1"), subject)).isEqualTo(Standing.SAME);
        assertThat(first.standing(tokens("tcp", "token 2"), subject)).isEqualTo(Standing.CHANGED);
        assertThat(first.standing(tokens("ws", "token 1"), subject)).isEqualTo(Standing.CHANGED);
    }

    private Book tokens(String listener, String way) {
        return new Book(
                (login, answer) -> waiting.add(answer),
                Map.of(),
                Set.of(),
                Map.of(listener, Set.of(way)));
    }

    @Test
    void a_listener_may_admit_users_no_longer() {
        LiveAuthenticator live = new LiveAuthenticator(book(Map.of("ann", "1")));
        live.authenticate(login("ann", ORIGIN), outcomes::add);
        Book before = live.present();
        Book after =
                new Book(
                        before.judge(),
                        before.proofs(),
                        Set.of(),
                        Map.of("tcp", Set.of("token 1"), "ws", Set.of("")));

        live.replace(after);
        waiting.getFirst().accept(ANN);

        assertThat(outcomes).singleElement().isInstanceOf(Refused.class);
        assertThat(before.standing(after, subject("ann", ORIGIN))).isEqualTo(Standing.CHANGED);
        assertThat(before.standing(after, subject("ann", ORIGIN.as("ann"))))
                .isEqualTo(Standing.SAME);
        assertThat(before.standing(after, subject("ann", Origin.NOWHERE))).isEqualTo(Standing.SAME);
    }

    @Test
    void whose_listener_is_gone_does_not_stay() {
        Book before = book(Map.of("ann", "1"));
        Book after = tokens("ws", "token");

        assertThat(before.standing(after, subject("ann", ORIGIN.as("ann"))))
                .isEqualTo(Standing.CHANGED);
        assertThat(before.standing(after, subject("ann", Origin.NOWHERE))).isEqualTo(Standing.GONE);
    }

    @Test
    void another_password_is_another_standing() {
        Book before = book(Map.of("ann", "1", "bob", "2"));
        Book after = book(Map.of("ann", "1", "bob", "3"));

        assertThat(before.standing(after, subject("ann", ORIGIN))).isEqualTo(Standing.SAME);
        assertThat(before.standing(after, subject("bob", ORIGIN))).isEqualTo(Standing.CHANGED);
    }

    @Test
    void a_book_does_not_show_what_proves_a_user() {
        assertThat(book(Map.of("ann", "$argon2id$secret")).toString()).isEqualTo("1 users");
    }
}
