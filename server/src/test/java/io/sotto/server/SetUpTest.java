package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Target;
import io.sotto.conformance.Version;
import io.sotto.server.Reload.Report;
import io.sotto.server.config.ConfigException;
import io.sotto.testkit.login.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What lets clients in, or says what they may do, and cannot be set up.
@Timeout(60)
class SetUpTest {
    private static final Target.Login ANN = new Target.Login("ann", "a");
    private static final String USERS = "users:\n" + LiveBroker.user(ANN.user(), ANN.password());
    private static final String CERTIFICATE = "certificate: PEM/server.pem";
    private static final String PAIR = CERTIFICATE + ", key: PEM/server.key";
    private static final String AUTHORITY =
            PAIR + ", client-certificate: required, client-ca: PEM/ca.pem";

    @TempDir Path directory = Path.of("");

    /// @param setting what is at fault, by its key or its file
    private static Arguments row(String setting, String text) {
        return Arguments.of(setting, text);
    }

    /// One more listener.
    private static Arguments tls(String setting, String tls) {
        return row(setting, "  - {name: third, port: 0, tls: {%s}}\n".formatted(tls));
    }

    static Stream<Arguments> faults() {
        return Stream.concat(logins(), files());
    }

    private static Stream<Arguments> logins() {
        return Stream.of(
                row("jwt.key-file", "jwt: {algorithms: [RS256], key-file: DIR/nowhere}\n"),
                row("jwt.key-file", "jwt: {algorithms: [RS256], key-file: DIR}\n"),
                row("jwt.key-file", "jwt: {algorithms: [RS256], key-file: DIR/words}\n"),
                row("jwt.key-file", "jwt: {algorithms: [RS256], key-file: DIR/empty}\n"),
                row("jwt.key-file", "jwt: {algorithms: [RS256], key-file: PEM/server.key}\n"),
                row("jwt.key-file", "jwt: {algorithms: [ES256], key-file: PEM/server.pem}\n"),
                row("jwt.key-file", "jwt: {algorithms: [HS256], key-file: DIR/words}\n"),
                row("jwt.key-file", "jwt: {algorithms: [RS256]}\n"),
                row("jwt.algorithms", "jwt: {algorithms: [none], key-file: PEM/server.pem}\n"),
                row("jwt.algorithms", "jwt: {key-file: PEM/server.pem}\n"),
                row("jwt.jwks-url", "jwt: {algorithms: [RS256], jwks-url: 'nowhere'}\n"),
                row("jwt.jwks-url", "jwt: {algorithms: [RS256], jwks-url: 'file:///keys'}\n"),
                row(
                        "jwt.jwks-ca",
                        "jwt: {algorithms: [RS256], jwks-url: 'https://a/k', jwks-ca: DIR/x}\n"),
                row(
                        "jwt.jwks-ca",
                        "jwt: {algorithms: [RS256], jwks-url: 'https://a/k', jwks-ca: DIR/words}\n"),
                row("http-login.url", "http-login: {url: 'http://'}\n"),
                row("http-login.url", "http-login: {url: 'ht tp://a/b'}\n"),
                row("http-login.url", "http-login: {timeout: 1s}\n"),
                row("http-login.ca", "http-login: {url: 'https://a/b', ca: DIR/empty}\n"),
                row(
                        "http-login.token-file",
                        "http-login: {url: 'https://a/b', token-file: DIR/nowhere}\n"),
                row("listener third", "  - {name: third, port: 0, authentication: [jwt]}\n"),
                row("listener third", "  - {name: third, port: 0, authentication: [http]}\n"));
    }

    private static Stream<Arguments> files() {
        return Stream.of(
                row("password-file", "password-file: DIR/nowhere\n"),
                row("password-file", "password-file: DIR\n"),
                row("words:1", "password-file: DIR/words\n"),
                row("bytes", "password-file: DIR/bytes\n"),
                row("acl-file", "acl-file: DIR/nowhere\n"),
                row("acl-file", "acl-file: DIR\n"),
                row("words:1", "acl-file: DIR/words\n"),
                row("bytes", "acl-file: DIR/bytes\n"),
                tls("words", "certificate: DIR/words, key: PEM/server.key"),
                tls("nowhere", "certificate: DIR/nowhere, key: PEM/server.key"),
                tls("words", CERTIFICATE + ", key: DIR/words"),
                tls("client.key", CERTIFICATE + ", key: PEM/client.key"),
                tls("rsa.pkcs1.aes.key", CERTIFICATE + ", key: PEM/rsa.pkcs1.aes.key"),
                tls("nowhere", PAIR + ", passphrase-file: DIR/nowhere"),
                tls("tls.client-ca", PAIR + ", client-certificate: required"),
                tls("words", PAIR + ", client-certificate: required, client-ca: DIR/words"),
                tls("words", AUTHORITY + ", crl: DIR/words"),
                tls("nowhere", AUTHORITY + ", crl: DIR/nowhere"));
    }

    private Map<String, String> places() throws IOException {
        Files.writeString(directory.resolve("words"), "open sesame\n");
        Files.writeString(directory.resolve("empty"), "");
        Files.write(directory.resolve("bytes"), new byte[] {'a', ':', (byte) 0xFF, '\n'});
        return Map.of(
                "DIR", directory.toString(),
                "PEM", TestKeys.file("server.pem").resolveSibling("").toString());
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("faults")
    @Hostile("H-CFG-02")
    void what_cannot_be_set_up_refuses_the_start_and_a_reload_keeps_what_was(
            String setting, String text) throws Exception {
        Map<String, String> places = places();
        assertThatThrownBy(() -> new LiveBroker(directory, text + USERS, places).close())
                .isInstanceOfAny(ConfigException.class, IOException.class)
                .hasMessageContaining(setting);

        try (LiveBroker live = new LiveBroker(directory, USERS, places);
                Broker broker =
                        Broker.of(Target.of(live.tcp()).with(List.of(ANN)), Version.V5, "s")) {
            Report report = live.reload(text);

            assertThat(report.status()).isPositive();
            assertThat(report.lines()).anyMatch(line -> line.contains(setting));
            assertThat(report.lines()).last().isEqualTo("nothing was changed");
            broker.connectAnonymously().login(ANN).open();
            broker.connectAnonymously().send().expectRefused(0x87);
            broker.connectAnonymously()
                    .login(new Target.Login("ann", "b"))
                    .send()
                    .expectRefused(0x86);
        }
    }
}
