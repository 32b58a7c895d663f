package io.sotto.server.mosquitto;

import io.sotto.server.mosquitto.Finding.Verdict;
import io.sotto.transport.TlsSettings;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the directives about TLS at one listener are in Sotto.
final class TlsDirectives {
    private static final Map<String, String> SUITES = suites();

    private final Report report;
    private final SottoFile file;
    private final Values values;
    private final Section options;

    TlsDirectives(Report report, SottoFile file, Section options) {
        this.report = report;
        this.file = file;
        this.values = new Values(report);
        this.options = options;
    }

    /// Writes the keys of TLS.
    ///
    /// @return whether every client has shown who it is before it says anything
    boolean translate() {
        Directive certificate = options.last("certfile");
        Directive key = options.last("keyfile");
        withoutAnother();
        if (certificate == null && key == null) {
            withoutTls();
            return false;
        }
        if (certificate == null || key == null) {
            Directive alone = certificate == null ? key : certificate;
            if (alone != null) {
                report.refuse(alone, "certfile and keyfile belong together; one is missing");
            }
            return false;
        }
        path(certificate, "tls.certificate");
        path(key, "tls.key");
        version();
        ciphers(options.last("ciphers"), options.last("ciphers_tls1.3"));
        return clients();
    }

    /// What no certificate is needed for to be judged.
    private void withoutAnother() {
        for (Directive directive : options.all()) {
            switch (directive.name()) {
                case "dhparamfile" ->
                        report.add(
                                directive,
                                Verdict.NOT_NEEDED,
                                "keys are exchanged on elliptic curves");
                case "tls_keyform" -> {
                    if (directive.value().equals("pem")) {
                        report.add(directive, Verdict.SAME, "");
                    } else {
                        report.refuse(directive, "keys are read from files in PEM alone");
                    }
                }
                case "tls_engine", "tls_engine_kpass_sha1" ->
                        report.refuse(directive, "keys are read from files in PEM alone");
                case "psk_hint" ->
                        report.refuse(
                                directive,
                                "Sotto offers no TLS with pre-shared keys; use certificates, or"
                                        + " users with passwords, over TLS");
                case "disable_client_cert_date_checks" ->
                        report.add(
                                directive,
                                values.isTrue(directive) ? Verdict.NOT_SUPPORTED : Verdict.SAME,
                                "a certificate out of date is always refused");
                default -> {
                    // Judged elsewhere.
                }
            }
        }
    }

    private void unlessFalse(Directive directive, String words) {
        if (values.isTrue(directive)) {
            report.refuse(directive, words);
        } else {
            report.add(directive, Verdict.SAME, "");
        }
    }

    /// Without a certificate of its own, Mosquitto runs the listener without TLS, whatever else is
    /// said; here that is refused where it says that clients need one.
    private void withoutTls() {
        for (String name :
                List.of(
                        "cafile",
                        "capath",
                        "ciphers",
                        "ciphers_tls1.3",
                        "crlfile",
                        "tls_version")) {
            for (Directive directive : options.all(name)) {
                report.add(
                        directive,
                        Verdict.NOT_NEEDED,
                        "without certfile and keyfile the listener has no TLS, here as there");
            }
        }
        for (String name :
                List.of(
                        "require_certificate",
                        "use_identity_as_username",
                        "use_subject_as_username")) {
            for (Directive directive : options.all(name)) {
                unlessFalse(
                        directive, "without certfile and keyfile there are no client certificates");
            }
        }
    }

    private void path(Directive directive, String key) {
        if (isReadable(directive)) {
            String path = absolute(directive.value());
            file.ofListener(key, SottoFile.quoted(path), directive);
            report.imported(directive, key);
        }
    }

    static String absolute(String path) {
        return Path.of(path).toAbsolutePath().normalize().toString();
    }

    private boolean isReadable(Directive directive) {
        Path path = Path.of(directive.value());
        if (Files.isRegularFile(path) && Files.isReadable(path)) {
            return true;
        }
        report.refuse(
                directive,
                "'" + directive.value() + "' is no file that can be read by who runs this");
        return false;
    }

    private void version() {
        Directive version = options.last("tls_version");
        if (version == null) {
            return;
        }
        switch (version.value()) {
            case "tlsv1.3" -> {
                file.ofListener("tls.version-1.2", "false", version);
                report.imported(version, "tls.version-1.2: false");
            }
            case "tlsv1.2" -> report.add(version, Verdict.SAME, "TLS 1.3 and 1.2");
            case "tlsv1.1", "tlsv1" ->
                    report.add(
                            version,
                            Verdict.NOT_SUPPORTED,
                            "TLS 1.3 and 1.2 alone are spoken; older clients cannot connect");
            default -> report.refuse(version, "is to be tlsv1.3, tlsv1.2 or tlsv1.1");
        }
    }

    private void ciphers(@Nullable Directive old, @Nullable Directive modern) {
        List<String> suites = new ArrayList<>();
        Directive from = null;
        if (modern != null) {
            List<String> chosen = new ArrayList<>(List.of(modern.value().split(":", -1)));
            chosen.retainAll(TlsSettings.MODERN_CIPHERS);
            if (chosen.isEmpty()) {
                report.add(
                        modern,
                        Verdict.NOT_SUPPORTED,
                        "it names none of the suites of TLS 1.3 that Sotto has: "
                                + String.join(", ", TlsSettings.MODERN_CIPHERS));
            } else {
                report.imported(modern, "tls.ciphers, of those that Sotto has");
                suites.addAll(chosen);
                from = modern;
            }
        }
        if (old != null) {
            List<String> chosen = oldSuites(old);
            if (chosen.isEmpty()) {
                report.add(
                        old,
                        Verdict.NOT_SUPPORTED,
                        "only suites with forward secrecy and authenticated encryption are"
                                + " offered, and this names none of them by its own name");
            } else {
                report.imported(old, "tls.ciphers, of those that Sotto has");
                suites.addAll(chosen);
                from = from == null ? old : from;
            }
        }
        if (!suites.isEmpty()) {
            file.ofListener("tls.ciphers", SottoFile.quoted(suites), from);
        }
    }

    /// A list of suites by OpenSSL's names; what stands for many of them, such as `HIGH`, is for
    /// OpenSSL alone to know.
    private static List<String> oldSuites(Directive directive) {
        List<String> chosen = new ArrayList<>();
        for (String name : List.of(directive.value().split(":", -1))) {
            String suite = SUITES.get(name);
            if (suite != null) {
                chosen.add(suite);
            } else if (!name.matches("[A-Z0-9]+(-[A-Z0-9]+)+")) {
                return List.of();
            }
        }
        return chosen;
    }

    /// What OpenSSL calls the suites of [TlsSettings#CIPHERS].
    private static Map<String, String> suites() {
        Map<String, String> suites = new HashMap<>();
        for (String suite : TlsSettings.CIPHERS) {
            String name = suite.substring("TLS_".length()).replace("_WITH_", "-");
            name = name.replace("AES_128", "AES128").replace("AES_256", "AES256");
            name = name.replace("POLY1305_SHA256", "POLY1305").replace('_', '-');
            suites.put(name, suite);
        }
        return Map.copyOf(suites);
    }

    private boolean clients() {
        Directive required = options.last("require_certificate");
        Directive subject = options.last("use_subject_as_username");
        boolean isSubject = values.isTrue(subject, false);
        Directive identity = isSubject ? subject : options.last("use_identity_as_username");
        boolean isRequired = values.isTrue(required, false);
        boolean isIdentity = values.isTrue(identity, false);
        for (Directive other : options.all("use_subject_as_username")) {
            if (!isSubject) {
                report.add(other, Verdict.SAME, "");
            }
        }
        chain(options.last("cafile"));
        if (!isRequired) {
            withoutClients(required, identity, isIdentity);
            return false;
        }
        file.ofListener("tls.client-certificate", "required", required);
        report.imported(required(required), "tls.client-certificate: required");
        String kind = isSubject ? "subject" : isIdentity ? "common-name" : "none";
        file.ofListener("tls.identity", kind, identity);
        if (identity != null) {
            report.imported(
                    identity,
                    isIdentity
                            ? "tls.identity: "
                                    + kind
                                    + "; a client that gives another user name has to prove it"
                            : "tls.identity: none");
        }
        List<String> authorities = new ArrayList<>();
        Directive cafile = options.last("cafile");
        if (cafile != null && isReadable(cafile)) {
            authorities.add(absolute(cafile.value()));
        }
        Directive capath = options.last("capath");
        if (capath != null) {
            authorities.addAll(folder(capath));
        }
        if (authorities.isEmpty()) {
            report.refuse(required(required), "needs cafile or capath: which certificates count?");
        } else {
            file.ofListener(
                    "tls.client-ca",
                    SottoFile.quoted(authorities),
                    cafile == null ? capath : cafile);
        }
        revocation();
        return isIdentity;
    }

    private static Directive required(@Nullable Directive required) {
        return required == null ? new Directive("", 0, "require_certificate", "") : required;
    }

    private void withoutClients(
            @Nullable Directive required, @Nullable Directive identity, boolean isIdentity) {
        if (required != null) {
            report.add(required, Verdict.SAME, "");
        }
        if (identity != null && isIdentity) {
            report.refuse(identity, "without require_certificate true nobody shows a certificate");
        } else if (identity != null) {
            report.add(identity, Verdict.SAME, "");
        }
        for (String name : List.of("capath", "crlfile")) {
            for (Directive directive : options.all(name)) {
                report.add(directive, Verdict.NOT_NEEDED, "no certificate is asked of any client");
            }
        }
    }

    /// Mosquitto sends the authorities between the certificate and its root along.
    private void chain(@Nullable Directive cafile) {
        if (cafile != null && isReadable(cafile)) {
            file.ofListener("tls.chain", SottoFile.quoted(absolute(cafile.value())), cafile);
            report.imported(cafile, "tls.chain, and tls.client-ca where certificates are asked");
        }
    }

    /// OpenSSL looks only at files that `openssl rehash` has named.
    private List<String> folder(Directive capath) {
        List<String> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of(capath.value()))) {
            for (Path path : all) {
                if (String.valueOf(path.getFileName()).matches("[0-9a-f]{8}\\.\\d+")) {
                    files.add(absolute(path.toString()));
                }
            }
        } catch (IOException e) {
            report.refuse(capath, "is no folder that can be read");
            return files;
        }
        files.sort(null);
        if (files.isEmpty()) {
            report.refuse(
                    capath, "has no certificates that `openssl rehash` has named; give cafile");
        } else {
            report.imported(
                    capath,
                    "tls.client-ca: the "
                            + files.size()
                            + " files that are there now; later"
                            + " ones are to be added by hand");
        }
        return files;
    }

    private void revocation() {
        Directive list = options.last("crlfile");
        if (list != null) {
            path(list, "tls.crl");
        }
    }
}
