package io.sotto.access.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.access.OwnRights;
import io.sotto.broker.spi.Authenticator.Accepted;
import io.sotto.broker.spi.Authenticator.Login;
import io.sotto.broker.spi.Authenticator.Outcome;
import io.sotto.broker.spi.Authenticator.Refused;
import io.sotto.broker.spi.Origin;
import io.sotto.broker.spi.Pass;
import io.sotto.broker.spi.Principal;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpLoginTest {
    private final WebAnswers web = new WebAnswers();
    private final AtomicLong now = new AtomicLong();
    private HttpLogin way = way(60, 2, 8, 8);

    private HttpLogin way(int cache, int size, int atOnce, int waiting) {
        return new HttpLogin(
                new HttpLoginSettings(
                        new HttpTarget(web.uri(), List.of(), "our secret", 1),
                        cache,
                        size,
                        atOnce,
                        waiting),
                "http 1",
                now::get);
    }

    @AfterEach
    void close() {
        way.close();
        web.close();
    }

    private static Login login(String client, Payload password) {
        Origin origin = new Origin("tls", "10.0.0.7", 4711, false);
        return new Login(origin, client, "ann", password, null, null);
    }

    private CompletableFuture<Outcome> begin(String client, String password) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        way.authenticate(login(client, Payload.of(password)), outcome::complete);
        return outcome;
    }

    private Outcome judge(String client, String password) {
        return begin(client, password).join();
    }

    private static void assertRefused(Outcome outcome, ReasonCode reason, String why) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> {
                            assertThat(refused.reason()).isEqualTo(reason);
                            assertThat(refused.explanation()).contains(why);
                            assertThat(refused.toString()).doesNotContain("tea");
                        });
    }

    @Test
    void the_other_side_is_told_who_asks_and_says_who_it_is() {
        web.answer(200, "{\"allow\":true}");

        Outcome outcome = judge("lamp", "tea");

        assertThat(outcome)
                .isEqualTo(new Accepted(new Principal("ann"), null, new Pass("http 1", null, 0)));
        assertThat(web.asked())
                .containsExactly(
                        "{\"clientId\":\"lamp\",\"userName\":\"ann\",\"password\":\"tea\","
                                + "\"address\":\"10.0.0.7\",\"listener\":\"tls\"}");
        assertThat(web.bearers()).containsExactly("Bearer our secret");
    }

    @Test
    void who_gives_no_name_is_nobody_to_ask_about() {
        Origin origin = new Origin("tls", "10.0.0.7", 4711, false);

        assertThat(way.takes(new Login(origin, "lamp", null, null, null, null))).isFalse();
        assertThat(way.takes(new Login(origin, "lamp", null, Payload.of("tea"), null, null)))
                .isFalse();
        assertThat(way.takes(new Login(origin, "lamp", "", null, null, null))).isTrue();
        web.answer(200, "{\"allow\":true}");
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        way.authenticate(new Login(origin, "lamp", "", null, null, null), outcome::complete);
        assertRefused(outcome.join(), ReasonCode.BAD_USER_NAME_OR_PASSWORD, "");
    }

    @Test
    void a_password_that_is_no_text_is_sent_as_base64() {
        web.answer(200, "{\"allow\":true}");
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();

        way.authenticate(
                login("lamp", Payload.copyOf(new byte[] {(byte) 0xFF, 0})), outcome::complete);

        assertThat(outcome.join()).isInstanceOf(Accepted.class);
        assertThat(web.asked().getFirst()).contains("\"passwordBase64\":\"/wA=\"");
    }

    @Test
    void the_answer_may_say_who_until_when_and_what() {
        web.answer(
                200,
                "{\"allow\":true,\"user\":\"bob\",\"expiresIn\":60,\"publish\":[\"a/%u\"],"
                        + "\"subscribe\":[\"b/#\"]}");

        Accepted accepted = (Accepted) judge("lamp", "tea");

        assertThat(accepted.principal()).isEqualTo(new Principal("bob"));
        assertThat(accepted.pass().millis()).isEqualTo(60_000);
        assertThat(accepted.pass().rights())
                .asString()
                .isEqualTo(OwnRights.of(List.of("a/%u"), List.of("b/#")).toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200|{\"allow\":false,\"reason\":\"no such user\"}|no such user",
                "200|{\"allow\":false}|no reason is given",
                "401|nobody|status 401",
                "403||status 403"
            })
    void who_is_not_allowed_is_told_what_a_wrong_password_is(int status, String body, String why) {
        web.answer(status, body == null ? "" : body);

        assertRefused(judge("lamp", "tea"), ReasonCode.BAD_USER_NAME_OR_PASSWORD, why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yes",
                "{}",
                "[]",
                "{\"allow\":\"true\"}",
                "{\"allow\":1}",
                "{\"Allow\":true}",
                "{\"allow\":true,\"publsh\":[]}",
                "{\"allow\":true,\"publish\":[\"a/#/b\"]}",
                "{\"allow\":true,\"publish\":\"a\"}",
                "{\"allow\":true,\"subscribe\":[7]}",
                "{\"allow\":true,\"publish\":[null]}",
                "{\"allow\":true,\"user\":\"\"}",
                "{\"allow\":true,\"user\":\"a\\u0000\"}",
                "{\"allow\":true,\"expiresIn\":0}",
                "{\"allow\":true,\"expiresIn\":\"60\"}"
            })
    void an_answer_that_is_not_as_it_is_to_be_lets_nobody_in(String body) {
        web.answer(200, body);

        assertRefused(judge("lamp", "tea"), ReasonCode.SERVER_UNAVAILABLE, "http-login");
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 302, 307, 404, 500, 503})
    void another_status_lets_nobody_in_and_nothing_is_redirected(int status) {
        web.answer(status, "");

        assertRefused(judge("lamp", "tea"), ReasonCode.SERVER_UNAVAILABLE, "status " + status);
        assertThat(web.asked()).hasSize(1);
    }

    @Test
    void who_does_not_answer_lets_nobody_in() {
        CountDownLatch never = new CountDownLatch(1);
        web.holdBack(never);

        assertRefused(judge("lamp", "tea"), ReasonCode.SERVER_UNAVAILABLE, "within 1 s");
        never.countDown();
        web.close();
        assertRefused(judge("lamp", "tea"), ReasonCode.SERVER_UNAVAILABLE, "cannot be asked");
    }

    @Test
    void an_answer_without_an_end_is_cut() {
        web.answer(200, "{\"allow\":true,\"reason\":\"" + "x".repeat(2 << 20) + "\"}");

        assertRefused(judge("lamp", "tea"), ReasonCode.SERVER_UNAVAILABLE, "cannot be asked");
    }

    @Test
    void a_yes_is_remembered_for_the_same_login_alone() {
        web.answer(200, "{\"allow\":true,\"expiresIn\":30}");
        judge("lamp", "tea");
        now.set(10_000);

        Accepted again = (Accepted) judge("lamp", "tea");
        judge("lamp", "coffee");
        judge("door", "tea");

        assertThat(again.pass().millis()).isEqualTo(20_000);
        assertThat(web.asked()).hasSize(3);

        now.set(30_000);
        judge("lamp", "tea");
        assertThat(web.asked()).hasSize(4);
    }

    @Test
    void a_no_is_asked_about_again() {
        web.answer(200, "{\"allow\":false}");
        judge("lamp", "tea");
        web.answer(200, "{\"allow\":true}");

        assertThat(judge("lamp", "tea")).isInstanceOf(Accepted.class);
    }

    @Test
    void what_is_remembered_is_bounded() {
        web.answer(200, "{\"allow\":true}");
        judge("one", "tea");
        judge("two", "tea");
        judge("one", "tea");
        judge("three", "tea");
        assertThat(web.asked()).hasSize(3);

        judge("one", "tea");
        assertThat(web.asked()).hasSize(3);
        judge("two", "tea");
        assertThat(web.asked()).hasSize(4);
    }

    @Test
    void nothing_is_remembered_where_that_is_said() {
        way.close();
        way = way(0, 2, 8, 8);
        web.answer(200, "{\"allow\":true}");

        judge("lamp", "tea");
        judge("lamp", "tea");

        assertThat(web.asked()).hasSize(2);
    }

    @Test
    void one_login_too_many_is_told_that_the_server_is_busy() {
        way.close();
        way = way(60, 2, 1, 2);
        CountDownLatch gate = new CountDownLatch(1);
        web.holdBack(gate);
        web.answer(200, "{\"allow\":true}");
        List<CompletableFuture<Outcome>> taken = new ArrayList<>();
        for (String client : List.of("one", "two", "three")) {
            taken.add(begin(client, "tea"));
        }

        Outcome beyond = judge("four", "tea");

        assertRefused(beyond, ReasonCode.SERVER_BUSY, "http-login.waiting");
        gate.countDown();
        assertThat(taken).allMatch(outcome -> outcome.join() instanceof Accepted);
    }
}
