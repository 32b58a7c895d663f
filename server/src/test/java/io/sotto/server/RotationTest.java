package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.client.Client;
import io.sotto.client.ClientException;
import io.sotto.client.ClientOptions;
import io.sotto.client.Transport;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import io.sotto.server.config.SottoConfig;
import io.sotto.server.config.SottoConfig.Overrides;
import io.sotto.testkit.login.TestKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Certificates, authorities, revocation lists, users, rules and listeners change under a load of
/// connections that all publish and receive, and nobody who keeps the right is disconnected.
@Timeout(180)
class RotationTest {
    private static final int TALKERS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path directory = Path.of("");
    private final AtomicInteger said = new AtomicInteger();
    private final List<Talker> talkers = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private Server server;
    private Reload reload;
    private int port;

    /// A connection that hears what it says itself, over and over, and never connects again.
    private final class Talker {
        private final Client client;
        private final TopicName topic;
        private final CompletableFuture<Integer> outcome = new CompletableFuture<>();
        private volatile boolean done;

        Talker(int number) {
            client = Client.connect(options("client", null).clientId("talker-" + number));
            topic = TopicName.of("talk/" + number);
            client.subscribe(topic.toString(), QoS.AT_LEAST_ONCE);
            threads.execute(this::talk);
        }

        private void talk() {
            try {
                int count = 0;
                while (!done) {
                    Payload word = Payload.of(Integer.toString(count));
                    client.publish(topic, word, QoS.AT_LEAST_ONCE, false);
                    Publish heard = client.receive(PATIENCE);
                    if (heard == null || !heard.payload().equals(word)) {
                        throw new IllegalStateException("said " + count + ", heard " + heard);
                    }
                    count++;
                    said.incrementAndGet();
                }
                outcome.complete(count);
            } catch (RuntimeException e) {
                outcome.completeExceptionally(e);
            }
        }
    }

    @BeforeEach
    void start() throws Exception {
        copy("server.pem", "server.pem");
        copy("server.key", "server.key");
        copy("ca.pem", "ca.pem");
        copy("none-revoked.crl", "crl");
        configure("");
        Overrides overrides =
                new Overrides(
                        directory.resolve("sotto.yaml"), null, null, directory.resolve("data"));
        SottoConfig config = SottoConfig.load(overrides);
        server = Server.start(config);
        reload = server.reload(Reload.Source.of(overrides), config);
        port = Integer.parseInt(server.places().replaceAll(".*:", ""));
    }

    @AfterEach
    void stop() {
        talkers.forEach(talker -> talker.client.abort());
        threads.close();
        server.stop();
    }

    private void copy(String from, String to) throws IOException {
        Path fresh = Files.copy(TestKeys.file(from), directory.resolve(to + ".new"));
        Files.move(
                fresh,
                directory.resolve(to),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private void configure(String rest) throws IOException {
        Files.writeString(
                directory.resolve("sotto.yaml"),
                """
                log: {level: error}
                durability: memory
                listeners:
                  - name: secure
                    port: 0
                    tls:
                      certificate: %1$s/server.pem
                      key: %1$s/server.key
                      client-certificate: required
                      client-ca: %1$s/ca.pem
                      crl: %1$s/crl
                      watch: 1s
                """
                                .formatted(directory)
                        + rest);
    }

    /// @param seen hears whose certificate the broker showed, or null
    private ClientOptions options(String name, @Nullable List<String> seen) {
        SSLContext context = TestKeys.client(name);
        return ClientOptions.of(timeout -> {
            SSLSocket socket =
                    (SSLSocket)
                            context.getSocketFactory()
                                    .createSocket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
            socket.startHandshake();
            socket.setSoTimeout(0);
            if (seen != null) {
                seen.add(socket.getSession().getPeerPrincipal().getName());
            }
            return Transport.over(socket);
        });
    }

    /// Whether a client with this certificate is let in, and whom it meets.
    private boolean comesIn(String name, @Nullable List<String> seen) {
        try (Client client = Client.connect(options(name, seen))) {
            return client.isConnected();
        } catch (ClientException e) {
            return false;
        }
    }

    private boolean meets(String server) {
        List<String> seen = new ArrayList<>();
        return comesIn("client", seen) && seen.contains("CN=" + server);
    }

    /// All have said and heard something more when this is so.
    private void await(String what, BooleanSupplier condition) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(end);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        int before = said.get();
        while (said.get() < before + 2 * TALKERS) {
            assertThat(talkers).as(what).noneMatch(talker -> talker.outcome.isDone());
            assertThat(Instant.now()).as("traffic after: " + what).isBefore(end);
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    @Test
    void nobody_who_keeps_the_right_is_disconnected() throws Exception {
        Client later = Client.connect(options("revoked", null));
        for (int i = 0; i < TALKERS; i++) {
            talkers.add(new Talker(i));
        }
        await("the first certificate", () -> meets("localhost"));
        later.subscribe("$SYS/broker/certificates/expiry", QoS.AT_MOST_ONCE);
        Publish expiry = later.receive(PATIENCE);
        String left =
                expiry == null
                        ? "nothing came"
                        : new String(expiry.payload().toByteArray(), StandardCharsets.US_ASCII);
        assertThat(left).matches("[1-9][0-9]{8,}");

        copy("second.pem", "server.pem");
        copy("second.key", "server.key");
        reload.apply();
        await("another certificate", () -> meets("second"));

        copy("other-ca.pem", "ca.pem");
        await("another authority, found by itself", () -> !comesIn("client", null));
        copy("ca.pem", "ca.pem");
        reload.apply();
        await("the authority is back", () -> comesIn("client", null));

        assertThat(comesIn("revoked", null)).isTrue();
        copy("revoked.crl", "crl");
        await("a certificate is revoked", () -> !comesIn("revoked", null));
        await("who has it is sent away", () -> !later.isConnected());
        assertThat(comesIn("client", null)).isTrue();

        for (int i = 0; i < 20; i++) {
            // Every second time there is one more listener.
            configure(
                    """
                    %sacl: [{user: sensor-1, allow: both, topics: [talk/#, other/%d]}]
                    limits.inflight: %d
                    """
                            .formatted(
                                    i % 2 == 0 ? "" : "  - {name: extra, port: 0}\n", i, 100 + i));
            assertThat(reload.apply().status()).isZero();
        }
        await("20 reloads", () -> true);

        talkers.forEach(talker -> talker.done = true);
        for (Talker talker : talkers) {
            assertThat(talker.outcome.get()).isPositive();
            assertThat(talker.client.isConnected()).isTrue();
        }
        later.abort();
    }
}
