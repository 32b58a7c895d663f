package io.sotto.transport;

import java.math.BigInteger;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.security.auth.x500.X500Principal;

/// The connections whose peer showed a certificate, until they end: one that a later list revokes
/// is closed when that list is read. Safe to use from any thread.
///
/// What stands on a list counts and nothing else: a list that is missing or out of date keeps those
/// from coming who come, and would else send everybody away who is there.
final class Certified {
    private final Map<NettyWire, Shown> shown = new ConcurrentHashMap<>();

    /// What a list has of a certificate.
    private record Name(X500Principal issuer, BigInteger serial) {
        static Name of(X509Certificate certificate) {
            return new Name(certificate.getIssuerX500Principal(), certificate.getSerialNumber());
        }

        boolean isOn(X509CRL list) {
            return list.getIssuerX500Principal().equals(issuer)
                    && list.getRevokedCertificate(serial) != null;
        }
    }

    private record Shown(String listener, List<Name> chain) {}

    /// A handshake is over.
    ///
    /// @param lists what holds now, which may be younger than what the handshake was judged by
    void add(NettyWire link, String listener, List<X509Certificate> chain, List<X509CRL> lists) {
        Shown its = new Shown(listener, chain.stream().map(Name::of).toList());
        shown.put(link, its);
        review(link, its, lists);
    }

    /// The connection has ended.
    void remove(NettyWire link) {
        shown.remove(link);
    }

    /// Other lists hold at a listener.
    void review(String listener, List<X509CRL> lists) {
        shown.forEach((link, its) -> {
            if (its.listener.equals(listener)) {
                review(link, its, lists);
            }
        });
    }

    private static void review(NettyWire link, Shown its, List<X509CRL> lists) {
        for (Name name : its.chain) {
            if (lists.stream().anyMatch(name::isOn)) {
                link.revoked(
                        "certificate %s of %s is revoked (listeners[].tls.crl)"
                                .formatted(name.serial.toString(16), name.issuer));
                return;
            }
        }
    }
}
