package io.sotto.access;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The server's half of one SCRAM exchange (RFC 5802): what it asks, and its verdict.
///
/// It costs four computations of a hash; what is slow about SCRAM is the client's part.
final class ScramExchange {
    private static final Pattern FINAL =
            Pattern.compile(
                    "(?<unproven>c=(?<header>[A-Za-z0-9+/=]*),r=(?<nonce>[^,]*)(?:,.*)?)"
                            + ",p=(?<proof>[A-Za-z0-9+/=]*)");

    private final ScramFirst first;
    private final ScramCredential credential;
    private final String nonce;

    /// @param serverNonce printable, without commas, and never used before
    ScramExchange(ScramFirst first, ScramCredential credential, String serverNonce) {
        this.first = first;
        this.credential = credential;
        this.nonce = first.nonce() + serverNonce;
    }

    /// What the client is asked: to prove that it knows the password for this salt.
    String challenge() {
        return "r=%s,s=%s,i=%d"
                .formatted(nonce, credential.saltInBase64(), credential.iterations());
    }

    /// Judges the client's answer.
    ///
    /// @return what proves to the client that the server knows its credential
    /// @throws ScramException when the answer proves nothing
    String conclude(byte[] message) throws ScramException {
        Matcher parts = FINAL.matcher(new String(message, StandardCharsets.UTF_8));
        if (!parts.matches()) {
            throw new ScramException("the answer is no SCRAM message");
        }
        if (!parts.group("nonce").equals(nonce)) {
            throw new ScramException("the answer is not one to this challenge");
        }
        Base64.Encoder base64 = Base64.getEncoder();
        byte[] header = first.header().getBytes(StandardCharsets.UTF_8);
        if (!parts.group("header").equals(base64.encodeToString(header))) {
            throw new ScramException("the answer contradicts the first message: somebody between?");
        }
        byte[] said =
                (first.bare() + "," + challenge() + "," + parts.group("unproven"))
                        .getBytes(StandardCharsets.UTF_8);
        if (!credential.isProvenBy(proof(parts.group("proof")), said)) {
            throw new ScramException("wrong password");
        }
        return "v=" + base64.encodeToString(credential.signature(said));
    }

    private static byte[] proof(String base64) throws ScramException {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new ScramException("the proof is not Base64");
        }
    }
}
