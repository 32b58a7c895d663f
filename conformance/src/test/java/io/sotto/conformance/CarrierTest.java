package io.sotto.conformance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.conformance.Carrier.Stream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class CarrierTest {
    private static final int PATIENCE = 10_000;

    @TempDir Path directory = Path.of("");

    private final CompletableFuture<byte[]> read = new CompletableFuture<>();
    private final ServerSocket plain;

    CarrierTest() throws IOException {
        plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        plain.close();
    }

    /// Greets the one that connects and reads to the end.
    private InetSocketAddress greet(ServerSocket listening) {
        Thread.ofVirtual()
                .start(() -> {
                    try (Socket socket = listening.accept()) {
                        socket.setSoTimeout(PATIENCE);
                        socket.getOutputStream().write("hello".getBytes(US_ASCII));
                        read.complete(socket.getInputStream().readAllBytes());
                    } catch (IOException e) {
                        read.completeExceptionally(e);
                    }
                });
        return new InetSocketAddress("localhost", listening.getLocalPort());
    }

    private void expectBothDirections(Stream stream) throws Exception {
        stream.patience(PATIENCE);
        assertThat(stream.input().readNBytes(5)).asString(US_ASCII).isEqualTo("hello");
        stream.output().write("goodbye".getBytes(US_ASCII));
        stream.finish();

        assertThat(read.get(PATIENCE, TimeUnit.MILLISECONDS))
                .asString(US_ASCII)
                .isEqualTo("goodbye");
        assertThat(stream.input().read()).as("the end, in order").isEqualTo(-1);
    }

    @Test
    void bytes_and_the_end_go_both_ways_over_tcp() throws Exception {
        try (Stream stream = Carrier.tcp(greet(plain)).open(0)) {
            expectBothDirections(stream);
        }
    }

    @Test
    void bytes_and_the_end_go_both_ways_over_tls() throws Exception {
        SSLContext context = contextFor("localhost");
        try (ServerSocket secure = secure(context);
                Stream stream = Carrier.tls(greet(secure), context, true).open(0)) {
            expectBothDirections(stream);
        }
    }

    @Test
    void a_certificate_of_another_name_is_refused_unless_any_will_do() throws Exception {
        SSLContext context = contextFor("elsewhere");
        try (ServerSocket secure = secure(context)) {
            InetSocketAddress address = greet(secure);
            assertThatThrownBy(() -> Carrier.tls(address, context, true).open(0))
                    .isInstanceOf(SSLException.class);
            greet(secure);

            try (Stream stream = Carrier.tls(address, context, false).open(0)) {
                assertThat(stream.input().read()).isEqualTo('h');
            }
        }
    }

    @Test
    void a_reset_is_no_end_in_order() throws Exception {
        Stream stream = Carrier.tcp(greet(plain)).open(0);
        assertThat(stream.input().read()).isEqualTo('h');

        stream.reset();

        assertThat(read).failsWithin(Duration.ofMillis(PATIENCE));
    }

    @Test
    void who_waits_in_vain_is_told() throws Exception {
        try (Stream stream = Carrier.tcp(greet(plain)).open(0)) {
            InputStream in = stream.input();
            assertThat(in.readNBytes(5)).hasSize(5);

            stream.patience(20);

            assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
        }
    }

    private ServerSocket secure(SSLContext context) throws IOException {
        ServerSocketFactory factory = context.getServerSocketFactory();
        return factory.createServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    /// A certificate for this name that trusts itself, made by the JDK's own tool.
    private SSLContext contextFor(String name) throws Exception {
        Path file = directory.resolve(name + ".p12");
        String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process made =
                new ProcessBuilder(
                                keytool,
                                "-genkeypair",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=" + name,
                                "-ext",
                                "SAN=dns:" + name,
                                "-storepass",
                                "secret",
                                "-keystore",
                                file.toString())
                        .inheritIO()
                        .start();
        assertThat(made.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, "secret".toCharArray());
        }
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, "secret".toCharArray());
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
