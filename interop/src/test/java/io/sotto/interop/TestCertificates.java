package io.sotto.interop;

import java.nio.file.Files;
import java.nio.file.Path;

/// The certificates that the tests of `transport` have, which its `src/test/tls/make` made.
final class TestCertificates {
    private static final Path PLACE =
            Path.of(
                    "..",
                    "transport",
                    "src",
                    "test",
                    "resources",
                    "io",
                    "sotto",
                    "transport",
                    "tls");

    private TestCertificates() {}

    static Path file(String name) {
        Path file = PLACE.resolve(name).toAbsolutePath().normalize();
        if (!Files.isRegularFile(file)) {
            throw new AssertionError("no " + file);
        }
        return file;
    }

    /// The lines of a listener for its own certificate.
    static String server() {
        return "certificate: %s, key: %s".formatted(file("server.pem"), file("server.key"));
    }
}
