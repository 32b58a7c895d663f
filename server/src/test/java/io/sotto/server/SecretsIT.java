package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.client.Client;
import io.sotto.client.ClientException;
import io.sotto.client.ClientOptions;
import io.sotto.client.Transport;
import io.sotto.conformance.Broker;
import io.sotto.conformance.Carrier;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Scram;
import io.sotto.conformance.Target;
import io.sotto.conformance.Target.Login;
import io.sotto.conformance.Version;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.testkit.login.LoginHook;
import io.sotto.testkit.login.TestKeys;
import io.sotto.testkit.login.Tokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The real jar, to which people log in and fail to in every way there is, and which is reloaded
/// and looked at: no secret is in what it writes or answers, or in what any command prints.
@Timeout(120)
class SecretsIT {
    private static final Login ANN = new Login("ann", "Secret-Of-Ann");
    private static final Login SHY = new Login("shy", "Secret-Of-Shy");
    private static final Login WEB = new Login("web", "Secret-Of-Web");
    private static final String WRONG = "Secret-That-Is-Wrong";
    private static final String SIGNING = "Secret-That-Tokens-Are-Signed-With";
    private static final String HOOK = "Secret-Of-The-Hook";
    private static final String PASSPHRASE = "Secret-Of-The-Key";
    private static final Pattern CREDENTIAL =
            Pattern.compile("(?:password|scram-sha-\\d+): '?([^'\\n]+)");

    private final Path jar = Path.of(System.getProperty("sotto.jar"));
    private final List<String> secrets =
            new ArrayList<>(
                    List.of(
                            ANN.password(),
                            SHY.password(),
                            WEB.password(),
                            WRONG,
                            SIGNING,
                            HOOK,
                            PASSPHRASE));
    private final StringBuilder said = new StringBuilder();
    @TempDir Path directory = Path.of("");
    private int secure;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private String config(LoginHook hook, String signing) throws Exception {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            secure = secure == 0 ? probe.getLocalPort() : secure;
        }
        String users = BrokerProcess.user(jar, ANN) + BrokerProcess.user(jar, SHY, "--scram");
        Matcher credentials = CREDENTIAL.matcher(users);
        while (credentials.find()) {
            secrets.add(credentials.group(1));
        }
        secrets.add(Files.readAllLines(TestKeys.file("server.key")).get(1));
        return """
        limits.login-failures: unlimited
        listeners:
          - name: plain
          - name: secure
            port: %d
            tls:
              %s
              passphrase-file: %s
              client-certificate: optional
              client-ca: %s
        jwt: {algorithms: [HS256], key-file: %s}
        http-login: {url: '%s/all', token-file: %s}
        users:
        """
                        .formatted(
                                secure,
                                TestKeys.server().replace(", ", "\n      "),
                                file("passphrase", PASSPHRASE + "\n"),
                                TestKeys.file("ca.pem"),
                                file("signing-" + signing.length(), signing),
                                hook.url(),
                                file("hook-token", HOOK + "\n"))
                + users;
    }

    /// Notes what an attempt came to.
    private void attempt(ClientOptions options) {
        try (Client client = Client.connect(options)) {
            said.append("in: ").append(client.connAck()).append('\n');
        } catch (ClientException e) {
            said.append("not in: ").append(e).append(' ').append(e.getCause()).append('\n');
        }
    }

    private String token(int seconds, String signing) {
        String token = Tokens.of("ann", seconds, signing);
        secrets.add(token);
        secrets.add(token.substring(token.lastIndexOf('.') + 1));
        return token;
    }

    private void everybody(BrokerProcess broker, ProtocolVersion version) {
        ClientOptions plain =
                ClientOptions.of("127.0.0.1", broker.address().getPort()).version(version);
        for (Login login : List.of(ANN, SHY, WEB)) {
            attempt(plain.login(login.user(), Payload.of(login.password())));
            attempt(plain.login(login.user(), Payload.of(WRONG)));
            // In the wrong place.
            attempt(plain.login(login.user(), null));
        }
        attempt(plain.login("ann", Payload.of(token(60, SIGNING))));
        attempt(plain.login("ann", Payload.of(token(-60, SIGNING))));
        attempt(plain.login("ann", Payload.of(token(60, SIGNING + WRONG))));
        attempt(plain.login("bob", Payload.of(token(60, SIGNING))));
        for (String certificate : List.of("client", "expired", "stranger")) {
            attempt(certified(certificate).version(version));
            attempt(certified(certificate).version(version).login("ann", Payload.of(WRONG)));
        }
    }

    private ClientOptions certified(String name) {
        SSLContext context = TestKeys.client(name);
        return ClientOptions.of(patience -> {
            SSLSocket socket =
                    (SSLSocket)
                            context.getSocketFactory()
                                    .createSocket(InetAddress.getLoopbackAddress(), secure);
            socket.startHandshake();
            return Transport.over(socket);
        });
    }

    private void byScram(BrokerProcess process) {
        try (Broker broker =
                Broker.of(
                        Target.of(Carrier.tcp(process.address())).with(List.of(ANN)),
                        Version.V5,
                        "scram")) {
            for (boolean right : new boolean[] {true, false}) {
                Scram scram = new Scram(new Target.Scram("SCRAM-SHA-256", SHY));
                var client = broker.connectAnonymously().with(scram.first()).send();
                var challenge = client.expectAuth(0x18);
                client.sendAuth(
                        0x18, right ? scram.answer(challenge) : scram.wrongAnswer(challenge));
                said.append(client.expect(PacketType.CONNACK)).append('\n');
            }
        }
    }

    private String figures(BrokerProcess broker) {
        StringBuilder figures = new StringBuilder();
        ClientOptions options =
                ClientOptions.of("127.0.0.1", broker.address().getPort())
                        .login(ANN.user(), Payload.of(ANN.password()));
        try (Client client = Client.connect(options)) {
            client.subscribe("$SYS/#", QoS.AT_LEAST_ONCE);
            client.subscribe("#", QoS.AT_LEAST_ONCE);
            Publish publish = client.receive(Duration.ofSeconds(20));
            while (publish != null) {
                figures.append(publish.topic())
                        .append(' ')
                        .append(new String(publish.payload().toByteArray(), StandardCharsets.UTF_8))
                        .append('\n');
                publish = client.receive(Duration.ofMillis(200));
            }
        }
        return figures.toString();
    }

    private String run(String... arguments) throws Exception {
        List<String> command = BrokerProcess.command(jar);
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        said.append(text);
        return text;
    }

    @Test
    void no_secret_is_in_what_is_written_answered_or_printed() throws Exception {
        LoginHook hook = new LoginHook(Map.of(WEB.user(), WEB.password()), "nobody");
        String config = config(hook, SIGNING);
        BrokerProcess broker = BrokerProcess.start(jar, config);
        Path file = broker.data().resolveSibling("sotto.yaml");
        String data = broker.data().toString();
        for (ProtocolVersion version : ProtocolVersion.values()) {
            everybody(broker, version);
        }
        byScram(broker);
        said.append(figures(broker));
        String seen = said.toString();
        hook.close();
        everybody(broker, ProtocolVersion.MQTT_5);

        Files.writeString(file, config(hook, SIGNING + "-Another"));
        secrets.add(SIGNING + "-Another");
        String preview = run("reload", "--data", data, "--dry-run");
        String reloaded = run("reload", "--data", data);
        String plain = "users: [{name: ann, password: %s}]\n".formatted(ANN.password());
        String odd = "jwt: {algorithms: [HS256], key-file: %s}\n".formatted(file("weak", "Secret"));
        String doctor = run("doctor", "--config", file.toString(), "--data", data);
        run("doctor", "--config", file.toString(), "--data", data, "--json");
        run("acl", "test", "--config", file.toString(), "--user", "ann", "publish", "x");
        Files.writeString(file, plain + odd);
        String faulty = run("reload", "--data", data);
        run("serve", "--config", file.toString(), "--data", directory.resolve("other").toString());
        run("doctor", "--config", file.toString());
        broker.stop();
        said.append(broker.log());

        // What has to be there, so that something can be in it.
        assertThat(seen).contains("in: ConnAck", "not in: ", "$SYS/broker/version");
        assertThat(broker.log()).contains("client ", "refused: ", "wrong password", "TLS: ");
        assertThat(preview).contains("ann");
        assertThat(reloaded).contains("jwt");
        assertThat(doctor).contains("login");
        assertThat(faulty).contains("users[].password", "jwt.key-file");
        for (String secret : secrets) {
            assertThat(said.toString()).doesNotContain(secret);
        }
    }
}
