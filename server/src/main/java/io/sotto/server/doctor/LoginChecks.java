package io.sotto.server.doctor;

import io.sotto.server.config.SottoConfig;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;

/// What tokens and questions over HTTP rest on: secrets that nobody else reads, and addresses that
/// can be trusted.
final class LoginChecks {
    private static final String AREA = "login";

    private LoginChecks() {}

    static void run(SottoConfig config, List<Finding> findings) {
        if (config.logins().hasSecret()) {
            secret(config, "jwt.key-file", findings);
        }
        if (config.logins().http() != null) {
            secret(config, "http-login.token-file", findings);
        }
        config.logins().addresses().forEach((key, uri) -> address(key, uri, findings));
    }

    private static void secret(SottoConfig config, String key, List<Finding> findings) {
        String file = config.values().getOrDefault(key, "none");
        if (!"none".equals(file)) {
            SecretChecks.secret(AREA, Path.of(file), findings);
        }
    }

    private static void address(String key, URI uri, List<Finding> findings) {
        try {
            if ("http".equals(uri.getScheme())
                    && !InetAddress.getByName(uri.getHost()).isLoopbackAddress()) {
                findings.add(
                        Finding.warning(
                                AREA,
                                key
                                        + " is asked without TLS: "
                                        + (key.startsWith("jwt")
                                                ? "who is in between can give keys of his own"
                                                : "who is in between reads the passwords"),
                                "give an address with https:"));
            }
        } catch (UnknownHostException e) {
            findings.add(
                    Finding.warning(
                            AREA,
                            key + ": the name " + uri.getHost() + " is not known here",
                            "see that it is right, and that this machine can look it up"));
        }
    }
}
