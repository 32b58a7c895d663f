package io.sotto.transport;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import io.sotto.transport.TlsSettings.Clients;
import io.sotto.transport.TlsSettings.Engine;
import io.sotto.transport.TlsSettings.Need;
import io.sotto.transport.TlsSettings.Pair;
import java.io.IOException;
import java.net.IDN;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// What the files of a listener said when they were read: a TLS context per certificate, and when
/// which of them ends. Immutable; a new state of the files is another one.
///
/// Contexts share no sessions and no tickets, so that nobody resumes across a change of the files
/// what would not be begun anew.
final class TlsContexts {
    private static final int DNS = 2;

    /// Seconds for which a session of TLS may be resumed.
    private static final int SESSION = 3_600;

    static {
        // A client of TLS 1.2 may else have the JDK do a handshake again and again.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    private final List<SslContext> contexts = new ArrayList<>();
    private final Map<String, SslContext> byName = new HashMap<>();
    private final List<Expiry> expiries = new ArrayList<>();
    private final List<X509CRL> lists = new ArrayList<>();

    /// Something that ends.
    record Expiry(String what, Instant at, boolean isRevocation) {}

    private TlsContexts() {}

    /// @throws IOException with a sentence that has the name of the file at fault
    static TlsContexts read(TlsSettings settings) throws IOException {
        TlsContexts read = new TlsContexts();
        try {
            TrustManagerFactory trust =
                    settings.clients().need() == Need.NONE ? null : read.trust(settings.clients());
            for (Pair pair : settings.certificates()) {
                Credentials credentials = Credentials.read(pair);
                SslContext context = context(settings, credentials, trust);
                read.contexts.add(context);
                for (String name : names(credentials.certificate())) {
                    read.byName.putIfAbsent(name, context);
                }
                Instant end = credentials.certificate().getNotAfter().toInstant();
                read.expiries.add(
                        new Expiry("the certificate in " + pair.certificate(), end, false));
            }
            return read;
        } catch (GeneralSecurityException e) {
            read.release();
            throw new IOException("the TLS engine refuses the certificates: " + e.getMessage(), e);
        } catch (IOException e) {
            read.release();
            throw e;
        }
    }

    private static SslContext context(
            TlsSettings settings, Credentials credentials, @Nullable TrustManagerFactory trust)
            throws IOException {
        SslContextBuilder builder =
                SslContextBuilder.forServer(
                                credentials.key(),
                                credentials.chain().toArray(X509Certificate[]::new))
                        .sslProvider(provider(settings))
                        .protocols(
                                settings.oldVersion()
                                        ? List.of("TLSv1.3", "TLSv1.2")
                                        : List.of("TLSv1.3"))
                        .ciphers(settings.offered(), SupportedCipherSuiteFilter.INSTANCE)
                        .sessionTimeout(SESSION)
                        .clientAuth(
                                switch (settings.clients().need()) {
                                    case NONE -> ClientAuth.NONE;
                                    case OPTIONAL -> ClientAuth.OPTIONAL;
                                    case REQUIRED -> ClientAuth.REQUIRE;
                                });
        return (trust == null ? builder : builder.trustManager(trust)).build();
    }

    private static SslProvider provider(TlsSettings settings) throws IOException {
        Engine engine = settings.engine();
        boolean isThere = engine != Engine.JDK && OpenSsl.isAvailable();
        if (engine == Engine.BORINGSSL && !isThere) {
            throw new IOException("BoringSSL does not load on this machine (tls.engine)");
        }
        if (engine == Engine.BORINGSSL && settings.leavesModernOut()) {
            throw new IOException(
                    "BoringSSL offers all suites of TLS 1.3 or none (tls.engine, tls.ciphers)");
        }
        return isThere && !settings.leavesModernOut()
                ? SslProvider.OPENSSL_REFCNT
                : SslProvider.JDK;
    }

    private TrustManagerFactory trust(Clients clients)
            throws GeneralSecurityException, IOException {
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        for (Path file : clients.authorities()) {
            for (X509Certificate certificate : Credentials.certificates(file)) {
                String alias = "authority-" + authorities.size();
                authorities.setCertificateEntry(alias, certificate);
            }
        }
        PKIXBuilderParameters parameters =
                new PKIXBuilderParameters(authorities, new X509CertSelector());
        parameters.setRevocationEnabled(false);
        if (!clients.revoked().isEmpty()) {
            for (Path file : clients.revoked()) {
                lists.addAll(Credentials.revocations(file));
            }
            for (X509CRL list : lists) {
                noteEnd(list);
            }
            // Lists alone, and those that are here: nothing is fetched. What no list speaks of, or
            // one that is out of date, counts as revoked.
            PKIXRevocationChecker checker =
                    (PKIXRevocationChecker)
                            CertPathBuilder.getInstance("PKIX").getRevocationChecker();
            checker.setOptions(
                    EnumSet.of(
                            PKIXRevocationChecker.Option.PREFER_CRLS,
                            PKIXRevocationChecker.Option.NO_FALLBACK));
            parameters.addCertPathChecker(checker);
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(new CertPathTrustManagerParameters(parameters));
        return trust;
    }

    private void noteEnd(X509CRL list) {
        if (list.getNextUpdate() != null) {
            String what = "the revocation list of " + list.getIssuerX500Principal();
            expiries.add(new Expiry(what, list.getNextUpdate().toInstant(), true));
        }
    }

    /// The DNS names that a certificate is for, in lower case.
    private static List<String> names(X509Certificate certificate)
            throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        return names == null
                ? List.of()
                : names.stream()
                        .filter(name -> name.getFirst() instanceof Integer kind && kind == DNS)
                        .map(name -> String.valueOf(name.get(1)).toLowerCase(Locale.ROOT))
                        .toList();
    }

    boolean hasOne() {
        return contexts.size() == 1;
    }

    SslContext first() {
        return contexts.getFirst();
    }

    /// The context of the certificate for the name that a client asks for (RFC 6066, section 3).
    SslContext of(@Nullable String name) {
        if (name == null) {
            return first();
        }
        String asked = IDN.toASCII(name, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        SslContext exact = byName.get(asked);
        int dot = asked.indexOf('.');
        SslContext any = dot < 0 ? null : byName.get("*" + asked.substring(dot));
        return exact != null ? exact : any != null ? any : first();
    }

    /// The revocation lists.
    List<X509CRL> lists() {
        return lists;
    }

    List<Expiry> expiries() {
        return expiries;
    }

    /// Lets go of what lies outside of the heap; connections keep theirs.
    void release() {
        contexts.forEach(ReferenceCountUtil::release);
    }
}
