package io.sotto.conformance;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/// The client's half of one SCRAM exchange (RFC 5802), by the book, and with a wrong proof when
/// told so. User names and passwords are ASCII.
public final class Scram {
    private static final String HEADER = "n,,";

    private final String method;
    private final String bare;
    private final String nonce;
    private final String password;
    private String expected = "";

    public Scram(Target.Scram login) {
        this(login.method(), login.login());
    }

    private Scram(String method, Target.Login login) {
        this.method = method;
        this.password = login.password();
        this.nonce = "%016x".formatted(ThreadLocalRandom.current().nextLong());
        String name = login.user().replace("=", "=3D").replace(",", "=2C");
        this.bare = "n=" + name + ",r=" + nonce;
    }

    public String method() {
        return method;
    }

    /// The properties of CONNECT or AUTH that begin it.
    public String first() {
        return properties(HEADER + bare);
    }

    /// The properties of the AUTH that answers a challenge.
    public String answer(Packet challenge) {
        return answer(challenge, password);
    }

    /// The same by somebody who does not know the password.
    public String wrongAnswer(Packet challenge) {
        return answer(challenge, password + " but not quite");
    }

    private String answer(Packet challenge, String tried) {
        String asked = data(challenge);
        String[] parts = asked.split(",", -1);
        boolean whole =
                parts.length >= 3
                        && parts[0].startsWith("r=" + nonce)
                        && parts[0].length() > nonce.length() + 2
                        && parts[1].startsWith("s=")
                        && parts[2].startsWith("i=");
        Unexpected.unless(whole, "no challenge of SCRAM with our nonce: '%s'", asked);
        byte[] salt = Base64.getDecoder().decode(parts[1].substring(2));
        int iterations = Integer.parseInt(parts[2].substring(2));
        byte[] header = HEADER.getBytes(StandardCharsets.US_ASCII);
        String unproven = "c=" + Base64.getEncoder().encodeToString(header) + "," + parts[0];
        String said = bare + "," + asked + "," + unproven;
        try {
            byte[] salted = salted(tried, salt, iterations);
            byte[] clientKey = hmac(salted, "Client Key");
            byte[] storedKey =
                    MessageDigest.getInstance(method.substring("SCRAM-".length()))
                            .digest(clientKey);
            byte[] proof = hmac(storedKey, said);
            for (int i = 0; i < proof.length; i++) {
                proof[i] ^= clientKey[i];
            }
            Base64.Encoder base64 = Base64.getEncoder();
            expected = "v=" + base64.encodeToString(hmac(hmac(salted, "Server Key"), said));
            return properties(unproven + ",p=" + base64.encodeToString(proof));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(method + " cannot be computed here", e);
        }
    }

    private byte[] salted(String tried, byte[] salt, int iterations)
            throws GeneralSecurityException {
        int bits = Mac.getInstance(mac()).getMacLength() * Byte.SIZE;
        PBEKeySpec spec = new PBEKeySpec(tried.toCharArray(), salt, iterations, bits);
        return SecretKeyFactory.getInstance("PBKDF2With" + mac()).generateSecret(spec).getEncoded();
    }

    private byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(mac());
        mac.init(new SecretKeySpec(key, mac()));
        return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
    }

    private String mac() {
        return "Hmac" + method.substring("SCRAM-".length()).replace("-", "");
    }

    /// The broker has shown that it knows the user too.
    public void expectProof(Packet last) {
        Unexpected.unless(
                data(last).equals(expected),
                "the broker does not prove itself: '%s' in %s",
                data(last),
                last);
    }

    /// The method stands in a packet as it stood in CONNECT; returns the packet.
    public Packet expectMethod(Packet packet) {
        Unexpected.unless(
                packet.properties().text(0x15).equals(method),
                "without the method of CONNECT: %s",
                packet);
        return packet;
    }

    private String properties(String data) {
        return Property.authenticationMethod(method) + Property.authenticationData(data);
    }

    private static String data(Packet packet) {
        return packet.properties().has(0x16)
                ? ((Bytes) packet.properties().all(0x16).getFirst()).text()
                : "";
    }
}
