package io.sotto.transport;

import io.sotto.mqtt.Utf8;
import io.sotto.transport.TlsSettings.Identity;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/// The user name in a certificate. It may stand in topics and in rules about topics; what would
/// mean something else there is no name.
final class PeerName {
    /// The kinds of names in a certificate (RFC 5280, section 4.2.1.6).
    private static final int EMAIL = 1;

    private static final int DNS = 2;
    private static final int URI = 6;

    /// What a subject may have that RFC 2253 has no word for, by its number.
    private static final Map<String, String> NAMES =
            Map.of("1.2.840.113549.1.9.1", "emailAddress", "2.5.4.5", "serialNumber");

    private static final int LONGEST = 65_535;

    private PeerName() {}

    /// The name, or null when the certificate has none that may be one.
    static @Nullable String of(X509Certificate certificate, Identity identity) {
        try {
            String name =
                    switch (identity) {
                        case NONE -> null;
                        case COMMON_NAME -> commonName(certificate);
                        case SAN_DNS -> alternative(certificate, DNS);
                        case SAN_EMAIL -> alternative(certificate, EMAIL);
                        case SAN_URI -> alternative(certificate, URI);
                        case SUBJECT ->
                                certificate
                                        .getSubjectX500Principal()
                                        .getName(X500Principal.RFC2253, NAMES);
                    };
            return name != null && isOne(name, identity == Identity.SAN_URI) ? name : null;
        } catch (InvalidNameException | CertificateParsingException e) {
            return null;
        }
    }

    /// The most specific one, where there are several.
    private static @Nullable String commonName(X509Certificate certificate)
            throws InvalidNameException {
        List<Rdn> names = new LdapName(certificate.getSubjectX500Principal().getName()).getRdns();
        return names.reversed().stream()
                .filter(name -> name.size() == 1 && name.getType().equalsIgnoreCase("CN"))
                .map(name -> name.getValue() instanceof String text ? text : "")
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String alternative(X509Certificate certificate, int kind)
            throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        return names == null
                ? null
                : names.stream()
                        .filter(name -> name.getFirst() instanceof Integer one && one == kind)
                        .map(name -> String.valueOf(name.get(1)))
                        .findFirst()
                        .orElse(null);
    }

    /// Whether a text can be a user name, wherever it comes from.
    ///
    /// @param slashes whether it may have them
    static boolean isOne(String name, boolean slashes) {
        return !name.isEmpty()
                && name.length() <= LONGEST
                && !Utf8.isDiscouraged(name)
                && name.indexOf('#') < 0
                && name.indexOf('+') < 0
                && (slashes || name.indexOf('/') < 0);
    }
}
