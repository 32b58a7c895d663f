package io.sotto.transport;

import io.sotto.transport.Pem.Block;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Reads private keys in the forms that are around: PKCS#8 (RFC 5958), PKCS#1 of RSA (RFC 8017),
/// SEC1 of elliptic curves (RFC 5915), each of them open or encrypted.
final class PrivateKeys {
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");
    private static final HexFormat HEX = HexFormat.of();

    /// AlgorithmIdentifier of rsaEncryption, 1.2.840.113549.1.1.1, with NULL.
    private static final byte[] RSA = HEX.parseHex("300d06092a864886f70d0101010500");

    /// The object identifier of ecPublicKey, 1.2.840.10045.2.1.
    private static final byte[] EC = HEX.parseHex("06072a8648ce3d0201");

    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int PARAMETERS = 0xA0;

    private static final Pattern DEK =
            Pattern.compile("DEK-Info: *(AES-(?:128|192|256)|DES-EDE3)-CBC, *([0-9A-Fa-f]+)");

    private PrivateKeys() {}

    /// The first key of a file.
    ///
    /// @param passphrase what opens it, or null
    /// @throws IOException with a sentence that has the name of the file and no secret
    static PrivateKey read(Path file, char @Nullable [] passphrase) throws IOException {
        for (Block block : Pem.read(file)) {
            if (block.label().endsWith("PRIVATE KEY")) {
                try {
                    return key(pkcs8(block, passphrase));
                } catch (GeneralSecurityException | IllegalArgumentException e) {
                    throw new IOException(
                            passphrase == null
                                    ? file + " has a key that cannot be used: " + e.getMessage()
                                    : file + " is not opened by its passphrase",
                            e);
                } catch (LockedException e) {
                    throw new IOException(file + " is encrypted: give its passphrase-file", e);
                }
            }
        }
        throw new IOException(file + " has no private key in PEM");
    }

    /// A key that is encrypted, and no passphrase.
    private static final class LockedException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                // of another algorithm
            }
        }
        throw new InvalidKeySpecException("neither RSA nor EC nor EdDSA");
    }

    private static byte[] pkcs8(Block block, char @Nullable [] passphrase)
            throws GeneralSecurityException, IOException, LockedException {
        return switch (block.label()) {
            case "PRIVATE KEY" -> block.bytes();
            case "ENCRYPTED PRIVATE KEY" -> decrypted(block.bytes(), needed(passphrase));
            case "RSA PRIVATE KEY" ->
                    der(SEQUENCE, VERSION_0, RSA, der(OCTETS, open(block, passphrase)));
            case "EC PRIVATE KEY" -> {
                byte[] sec1 = open(block, passphrase);
                byte[] algorithm = der(SEQUENCE, EC, curve(sec1));
                yield der(SEQUENCE, VERSION_0, algorithm, der(OCTETS, sec1));
            }
            default -> throw new InvalidKeySpecException("a " + block.label() + " is not read");
        };
    }

    private static char[] needed(char @Nullable [] passphrase) throws LockedException {
        if (passphrase == null) {
            throw new LockedException();
        }
        return passphrase;
    }

    private static byte[] decrypted(byte[] bytes, char[] passphrase)
            throws GeneralSecurityException, IOException {
        EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(bytes);
        // The parameters of PBES2 name the algorithm in full; older schemes are named by their own.
        String algorithm =
                info.getAlgName().equals("PBES2")
                                || info.getAlgName().equals("1.2.840.113549.1.5.13")
                        ? info.getAlgParameters().toString()
                        : info.getAlgName();
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.DECRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(passphrase)),
                info.getAlgParameters());
        return info.getKeySpec(cipher).getEncoded();
    }

    /// The bytes of a key in an old form, which `openssl` encrypts with a key that it derives with
    /// MD5 from the passphrase and the first bytes of the initialization vector.
    private static byte[] open(Block block, char @Nullable [] passphrase)
            throws GeneralSecurityException, LockedException {
        if (!block.headers().contains("ENCRYPTED")) {
            return block.bytes();
        }
        Matcher dek = DEK.matcher(block.headers());
        if (!dek.find()) {
            throw new InvalidKeySpecException("encrypted in a way that is not read");
        }
        boolean aes = dek.group(1).startsWith("AES");
        int size = aes ? Integer.parseInt(dek.group(1).substring(4)) / 8 : 24;
        byte[] vector = HEX.parseHex(dek.group(2));
        byte[] secret = new String(needed(passphrase)).getBytes(StandardCharsets.UTF_8);
        byte[] derived = {};
        byte[] last = {};
        while (derived.length < size) {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(last);
            md5.update(secret);
            md5.update(vector, 0, 8);
            last = md5.digest();
            derived = joined(derived, last);
        }
        Cipher cipher =
                Cipher.getInstance(aes ? "AES/CBC/PKCS5Padding" : "DESede/CBC/PKCS5Padding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(Arrays.copyOf(derived, size), aes ? "AES" : "DESede"),
                new IvParameterSpec(vector));
        return cipher.doFinal(block.bytes());
    }

    /// The object identifier of the curve of a SEC1 key: its element [0].
    private static byte[] curve(byte[] sec1) throws InvalidKeySpecException {
        int at = content(sec1, 0);
        while (at < sec1.length) {
            int inner = content(sec1, at);
            int end = inner + length(sec1, at);
            if ((sec1[at] & 0xFF) == PARAMETERS && end <= sec1.length) {
                return Arrays.copyOfRange(sec1, inner, end);
            }
            at = end;
        }
        throw new InvalidKeySpecException("an EC key that does not name its curve");
    }

    private static int content(byte[] der, int at) throws InvalidKeySpecException {
        int first = byteAt(der, at + 1);
        return at + 2 + (first < 0x80 ? 0 : first & 0x7F);
    }

    private static int length(byte[] der, int at) throws InvalidKeySpecException {
        int first = byteAt(der, at + 1);
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7F); i++) {
            length = length << 8 | byteAt(der, at + 2 + i);
        }
        return length;
    }

    private static int byteAt(byte[] der, int at) throws InvalidKeySpecException {
        if (at < 0 || at >= der.length) {
            throw new InvalidKeySpecException("a key that is cut");
        }
        return der[at] & 0xFF;
    }

    private static byte[] der(int tag, byte[]... parts) {
        byte[] content = joined(parts);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }
}
