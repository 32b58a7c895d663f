package io.sotto.transport;

import static io.sotto.transport.RunningBroker.settings;
import static io.sotto.transport.TestKeys.pair;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.handler.ssl.OpenSsl;
import io.sotto.transport.TlsSettings.Clients;
import io.sotto.transport.TlsSettings.Engine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Which suites are offered.
@Timeout(60)
class TlsCiphersTest {
    private static RunningBroker broker(TlsSettings tls) throws IOException {
        return new RunningBroker(
                settings(30, 1000, 0), new Carriers(true, WebSocketSettings.DEFAULT, tls, null));
    }

    private static TlsSettings choosing(Engine engine, String... suites) {
        TlsSettings like = TestKeys.settings(engine, Clients.NONE, pair("server"));
        return new TlsSettings(
                like.certificates(),
                like.clients(),
                like.plain(),
                like.oldVersion(),
                engine,
                like.handshakes(),
                like.upkeep(),
                List.of(suites));
    }

    private static String agreed(RunningBroker broker, String protocol, String... offered)
            throws Exception {
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), broker.listener().port());
                SSLSocket socket =
                        (SSLSocket)
                                TestKeys.context(null)
                                        .getSocketFactory()
                                        .createSocket(plain, "localhost", 0, true)) {
            socket.setSoTimeout(20_000);
            socket.setEnabledProtocols(new String[] {protocol});
            socket.setEnabledCipherSuites(offered);
            socket.startHandshake();
            return socket.getSession().getCipherSuite();
        }
    }

    /// BoringSSL would offer the others of TLS 1.3 too.
    @ParameterizedTest
    @EnumSource(names = {"AUTO", "JDK"})
    void of_each_version_those_suites_are_offered_that_are_named(Engine engine) throws Exception {
        String chosen = "TLS_AES_256_GCM_SHA384";
        String[] all = TlsSettings.MODERN_CIPHERS.toArray(String[]::new);
        String[] old = TlsSettings.CIPHERS.toArray(String[]::new);
        try (RunningBroker broker = broker(choosing(engine, chosen))) {
            assertThat(agreed(broker, "TLSv1.3", all)).isEqualTo(chosen);
            assertThatThrownBy(() -> agreed(broker, "TLSv1.3", "TLS_AES_128_GCM_SHA256"))
                    .isInstanceOf(IOException.class);
            assertThat(agreed(broker, "TLSv1.2", old)).isIn(TlsSettings.CIPHERS);
        }
    }

    @Test
    void boring_ssl_is_not_asked_for_what_it_cannot_do() {
        assumeTrue(OpenSsl.isAvailable(), "BoringSSL does not load here");

        assertThatThrownBy(
                        () -> broker(choosing(Engine.BORINGSSL, "TLS_AES_256_GCM_SHA384")).close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("offers all suites of TLS 1.3 or none");
    }
}
