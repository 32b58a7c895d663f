package io.sotto.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.transport.TlsSettings.Clients;
import io.sotto.transport.TlsSettings.Engine;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import javax.net.ssl.SSLSocket;

class TlsCiphersTest {
    /// What is agreed on with a client of TLS 1.2 that offers one suite.
    private static String suite(RunningBroker broker, String offered) throws Exception {
        try (SSLSocket socket =
                (SSLSocket)
                        TestKeys.context(null)
                                .getSocketFactory()
                                .createSocket(
                                        InetAddress.getLoopbackAddress(),
                                        broker.listener().port())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setEnabledCipherSuites(new String[] {offered});
            socket.startHandshake();
            return socket.getSession().getCipherSuite();
        }
    }

    @WithEachEngine
    void only_the_suites_that_were_chosen_are_spoken(Engine engine) throws Exception {
        TlsSettings all = TestKeys.settings(engine, Clients.NONE, TestKeys.pair("server"));
        TlsSettings one =
                new TlsSettings(
                        all.certificates(),
                        all.clients(),
                        false,
                        true,
                        engine,
                        all.handshakes(),
                        all.upkeep(),
                        List.of("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"));
        try (RunningBroker broker =
                new RunningBroker(
                        RunningBroker.settings(30, 1000, 0), new Carriers(true, null, one, null))) {
            assertThat(suite(broker, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"))
                    .isEqualTo("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
            assertThatThrownBy(() -> suite(broker, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"))
                    .isInstanceOf(IOException.class);
        }
    }
}
