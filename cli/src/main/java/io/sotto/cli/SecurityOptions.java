package io.sotto.cli;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What may be said of TLS beyond whom to trust and who we are.
final class SecurityOptions {
    private static final Map<String, String> VERSIONS =
            Map.of("tlsv1.2", "TLSv1.2", "tlsv1.3", "TLSv1.3");

    @Mixin TlsOptions certificates = new TlsOptions();

    @Option(
            names = "--tls-use-os-certs",
            description = "Connects with TLS and trusts the certificates of the Java runtime.")
    boolean runtimeCertificates;

    @Option(
            names = "--tls-version",
            paramLabel = "VERSION",
            description = "Only this version: tlsv1.2 or tlsv1.3.")
    @Nullable String version;

    @Option(
            names = "--tls-alpn",
            paramLabel = "PROTOCOL",
            description = "The protocol to ask for by ALPN, such as mqtt.")
    @Nullable String protocol;

    SecurityOptions() {}

    boolean isAsked() {
        return certificates.isAsked() || runtimeCertificates;
    }

    /// What the options come to.
    ///
    /// @throws IOException with a sentence, when a file is not what it should be
    Sockets.Security settle() throws IOException {
        BrokerCheck.Tls tls = certificates.settle();
        SSLParameters parameters = new SSLParameters();
        if (tls.named()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (version != null) {
            String name = VERSIONS.get(version.toLowerCase(Locale.ROOT));
            if (name == null) {
                throw new IllegalArgumentException("--tls-version is tlsv1.2 or tlsv1.3");
            }
            parameters.setProtocols(new String[] {name});
        }
        if (protocol != null) {
            parameters.setApplicationProtocols(new String[] {protocol});
        }
        return new Sockets.Security(tls.context(), parameters);
    }
}
