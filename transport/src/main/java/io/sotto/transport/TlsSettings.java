package io.sotto.transport;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a listener speaks TLS.
///
/// @param certificates who the listener is; the first one for whoever asks for no name, or for one
///   that no certificate has; settings `listeners[].tls.certificate`, `.key`, `.passphrase-file`
///   and, for the others, `.more`
/// @param clients what is asked of clients
/// @param plain whether connections without TLS are served as well; setting `listeners[].tls.plain`
/// @param oldVersion whether TLS 1.2 is spoken beside 1.3; setting `listeners[].tls.version-1.2`
/// @param engine setting `listeners[].tls.engine`
/// @param handshakes bounds of what nobody is known in yet
/// @param upkeep how the files are looked after
/// @param ciphers which suites are offered, of [#CIPHERS] and [#MODERN_CIPHERS]; of a version of
///   which none is among them, all; setting `listeners[].tls.ciphers`
public record TlsSettings(
        List<Pair> certificates,
        Clients clients,
        boolean plain,
        boolean oldVersion,
        Engine engine,
        Handshakes handshakes,
        Upkeep upkeep,
        List<String> ciphers) {
    /// The suites of TLS 1.2 with forward secrecy and authenticated encryption.
    public static final List<String> CIPHERS =
            List.of(
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /// The suites of TLS 1.3.
    public static final List<String> MODERN_CIPHERS =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256");

    public TlsSettings {
        ciphers = List.copyOf(ciphers);
    }

    /// The suites that are offered, in the order in which they were named.
    List<String> offered() {
        List<String> offered = new ArrayList<>(of(MODERN_CIPHERS));
        offered.addAll(of(CIPHERS));
        return offered;
    }

    private List<String> of(List<String> version) {
        List<String> named = ciphers.stream().filter(version::contains).toList();
        return named.isEmpty() ? version : named;
    }

    /// Whether some suite of TLS 1.3 is not offered, which BoringSSL does not know how to do.
    public boolean leavesModernOut() {
        return !of(MODERN_CIPHERS).containsAll(MODERN_CIPHERS);
    }

    /// A certificate with its chain, and its key, in PEM.
    ///
    /// @param passphrase a file whose first line opens the key, or null when it is open
    /// @param chain a file with certificates that may complete the chain, or null; setting
    ///   `listeners[].tls.chain`
    public record Pair(
            Path certificate, Path key, @Nullable Path passphrase, @Nullable Path chain) {
        public Pair(Path certificate, Path key, @Nullable Path passphrase) {
            this(certificate, key, passphrase, null);
        }
    }

    /// What is asked of clients.
    ///
    /// @param authorities files of the authorities whose certificates count; setting
    ///   `listeners[].tls.client-ca`
    /// @param revoked files of revocation lists, or empty for no check; with them, a list that is
    ///   missing or out of date revokes all; setting `listeners[].tls.crl`
    public record Clients(
            Need need, List<Path> authorities, List<Path> revoked, Identity identity) {
        public static final Clients NONE =
                new Clients(Need.NONE, List.of(), List.of(), Identity.NONE);
    }

    /// Whether clients show a certificate; setting `listeners[].tls.client-certificate`.
    public enum Need {
        NONE,
        OPTIONAL,
        REQUIRED
    }

    /// What of its certificate is the user name of a client; setting `listeners[].tls.identity`.
    public enum Identity {
        /// The certificate lets a client in and says nothing of who it is.
        NONE,
        COMMON_NAME,
        SAN_DNS,
        SAN_EMAIL,
        SAN_URI,
        /// The whole subject, as RFC 2253 writes it: `CN=sensor,O=House`.
        SUBJECT
    }

    /// What does the cryptography.
    public enum Engine {
        /// BoringSSL where it loads and can do what is asked, else the JDK.
        AUTO,
        JDK,
        BORINGSSL
    }

    /// Bounds of handshakes.
    ///
    /// @param timeout seconds that one may take, 1 to 3,600; setting
    ///   `listeners[].tls.handshake-timeout`
    /// @param atOnce how many there are at once; the oldest gives way to one more; 1 to 1,000,000;
    ///   setting `listeners[].tls.handshakes`
    public record Handshakes(int timeout, int atOnce) {
        public static final Handshakes DEFAULT = new Handshakes(10, 1_000);
    }

    /// How the files are looked after.
    ///
    /// @param watch seconds between two looks at whether they changed, 1 to 86,400; setting
    ///   `listeners[].tls.watch`
    /// @param warning seconds before a certificate expires from which on the log says so, 0 to ten
    ///   years; setting `listeners[].tls.expiry-warning`
    public record Upkeep(int watch, int warning) {
        public static final Upkeep DEFAULT = new Upkeep(10, 30 * 24 * 3600);
    }
}
