package io.sotto.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class TlsOptionsTest {
    private static final char[] PASSWORD = "secret".toCharArray();

    @TempDir static Path directory = Path.of("");

    /// A key and its certificate by each algorithm, as PEM, from the JDK's own tool.
    @BeforeAll
    static void makeKeys() throws Exception {
        for (String algorithm : new String[] {"EC", "RSA", "Ed25519"}) {
            Path store = directory.resolve(algorithm + ".p12");
            String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
            Process made =
                    new ProcessBuilder(
                                    keytool,
                                    "-genkeypair",
                                    "-alias",
                                    "own",
                                    "-keyalg",
                                    algorithm,
                                    "-dname",
                                    "CN=ada",
                                    "-storepass",
                                    "secret",
                                    "-keystore",
                                    store.toString())
                            .redirectErrorStream(true)
                            .start();
            String said = new String(made.getInputStream().readAllBytes(), UTF_8);
            assertThat(made.waitFor()).as(said).isZero();
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, PASSWORD);
            }
            pem(algorithm + ".key", "PRIVATE KEY", keys.getKey("own", PASSWORD).getEncoded());
            pem(algorithm + ".crt", "CERTIFICATE", keys.getCertificate("own").getEncoded());
        }
    }

    private static void pem(String name, String kind, byte[] content) throws IOException {
        String base64 = Base64.getMimeEncoder().encodeToString(content);
        Files.writeString(
                directory.resolve(name),
                "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, base64, kind));
    }

    private static TlsOptions options(String... arguments) {
        return CommandLine.populateCommand(new TlsOptions(), arguments);
    }

    private static String file(String name) {
        return directory.resolve(name).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void a_client_may_show_a_certificate_of_its_own(String algorithm) throws IOException {
        TlsOptions options =
                options(
                        "--cafile=" + file("EC.crt"),
                        "--cert=" + file(algorithm + ".crt"),
                        "--key=" + file(algorithm + ".key"));

        assertThat(options.isAsked()).isTrue();
        assertThat(options.settle().named()).isTrue();
    }

    @Test
    void without_any_option_there_is_no_tls() {
        assertThat(options().isAsked()).isFalse();
    }

    @Test
    void what_is_not_what_it_should_be_is_said_so() {
        assertThatThrownBy(() -> options("--cert=" + file("EC.crt")).settle())
                .hasMessageContaining("go together");
        assertThatThrownBy(() ->
                        options("--cert=" + file("EC.crt"), "--key=" + file("EC.crt")).settle())
                .hasMessageContaining("openssl pkcs8 -topk8");
        assertThatThrownBy(() -> options("--cafile=" + file("EC.key")).settle())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file("EC.key") + " holds no certificate");
        assertThatThrownBy(() -> options("--cafile=" + file("none")).settle())
                .isInstanceOf(IOException.class)
                .hasMessage("cannot read " + file("none") + ": there is no such file");
        assertThatThrownBy(() -> options("--cafile=" + directory).settle())
                .isInstanceOf(IOException.class)
                .hasMessage("cannot read " + directory + ": Is a directory");
    }
}
