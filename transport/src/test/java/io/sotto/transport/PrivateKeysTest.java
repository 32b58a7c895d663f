package io.sotto.transport;

import static io.sotto.transport.TestKeys.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.transport.TlsSettings.Pair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateKeysTest {
    private static final String PHRASE = "open sesame";

    @TempDir Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"rsa.pkcs1.key", "server.key"})
    void an_open_key_of_rsa_is_the_same_in_each_form(String name) throws IOException {
        assertThat(Credentials.read(new Pair(file("server.pem"), file(name), null)).key())
                .isEqualTo(PrivateKeys.read(file("server.key"), null));
    }

    @Test
    void a_certificate_that_stands_alone_gets_its_chain_from_another_file() throws IOException {
        Path leaf = file("leaf.pem");
        Path key = file("leaf.key");

        Credentials alone = Credentials.read(new Pair(leaf, key, null));
        Credentials complete = Credentials.read(new Pair(leaf, key, null, file("authorities.pem")));

        assertThat(alone.chain()).hasSize(1);
        assertThat(complete.chain())
                .extracting(each -> each.getSubjectX500Principal().getName())
                .containsExactly("CN=localhost", "CN=Sotto test between");
    }

    @Test
    void a_chain_that_is_complete_stays_as_it_is() throws IOException {
        Pair pair = new Pair(file("server.pem"), file("server.key"), null, file("ca.pem"));

        assertThat(Credentials.read(pair).chain()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa.pkcs8.encrypted.key", "rsa.pkcs1.aes.key", "rsa.pkcs1.des3.key"})
    void a_key_of_rsa_is_opened_by_its_passphrase(String name) throws IOException {
        Pair pair = new Pair(file("server.pem"), file(name), file("passphrase"));

        assertThat(Credentials.read(pair).key())
                .isEqualTo(PrivateKeys.read(file("server.key"), null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ec.sec1.key", "ec.sec1.aes.key", "ec.pkcs8.encrypted.key", "second.key"})
    void a_key_of_an_elliptic_curve_is_the_same_in_each_form(String name) throws IOException {
        Pair pair = new Pair(file("second.pem"), file(name), file("passphrase"));

        ECPrivateKey plain = (ECPrivateKey) PrivateKeys.read(file("second.key"), null);
        assertThat(((ECPrivateKey) Credentials.read(pair).key()).getS()).isEqualTo(plain.getS());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa.pkcs8.encrypted.key", "rsa.pkcs1.aes.key", "ec.sec1.aes.key"})
    void what_opens_no_key_is_told_without_a_secret(String name) {
        assertThatThrownBy(() -> PrivateKeys.read(file(name), null))
                .isInstanceOf(IOException.class)
                .hasMessage(file(name) + " is encrypted: give its passphrase-file");
        assertThatThrownBy(() -> PrivateKeys.read(file(name), "wrong".toCharArray()))
                .isInstanceOf(IOException.class)
                .hasMessage(file(name) + " is not opened by its passphrase")
                .hasMessageNotContaining(PHRASE);
    }

    @Test
    void a_key_of_another_certificate_is_refused() {
        Pair pair = new Pair(file("server.pem"), file("second.key"), null);

        assertThatThrownBy(() -> Credentials.read(pair))
                .hasMessageContaining("is not the key of the certificate in");
    }

    @Test
    void files_that_are_none_are_told_by_name() throws IOException {
        Path nothing = directory.resolve("nothing");
        Path noise = Files.writeString(directory.resolve("noise"), "noise\n");
        Path cut =
                Files.writeString(
                        directory.resolve("cut"),
                        """
                        -----BEGIN PRIVATE KEY-----
                        MIGHAgEAMBMGByqGSM49
                        -----END PRIVATE KEY-----
                        """);

        assertThatThrownBy(() -> PrivateKeys.read(nothing, null))
                .hasMessage(nothing + " is not there");
        assertThatThrownBy(() -> PrivateKeys.read(noise, null))
                .hasMessage(noise + " has no private key in PEM");
        assertThatThrownBy(() -> PrivateKeys.read(cut, null))
                .hasMessageStartingWith(cut + " has a key that cannot be used");
        assertThatThrownBy(() -> Credentials.certificates(noise))
                .hasMessage(noise + " has no certificate in PEM");
        assertThatThrownBy(() -> Credentials.revocations(noise))
                .hasMessage(noise + " has no revocation list that can be read");
    }
}
