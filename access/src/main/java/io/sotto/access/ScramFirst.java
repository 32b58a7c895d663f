package io.sotto.access;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a client begins a SCRAM exchange with (RFC 5802, section 7: `client-first-message`).
///
/// @param header whether the client knows of channel binding, and as whom it wants to act
/// @param bare the message without that
/// @param name the user name, decoded and in its one form
/// @param nonce the client's
record ScramFirst(String header, String bare, String name, String nonce) {
    private static final Pattern MESSAGE =
            Pattern.compile(
                    "([ny],(?:a=(?<other>[^,]*))?,)"
                            + "(?<bare>n=(?<name>[^,]*),r=(?<nonce>[\\x21-\\x2B\\x2D-\\x7E]+)(?:,.*)?)");

    /// @throws ScramException when it is not such a message, or asks for what is not offered
    static ScramFirst parse(byte[] message) throws ScramException {
        String text = new String(message, StandardCharsets.UTF_8);
        if (text.startsWith("p=")) {
            throw new ScramException("channel binding was asked for and is not offered");
        }
        Matcher parts = MESSAGE.matcher(text);
        if (!parts.matches()) {
            throw new ScramException("the first data is no SCRAM message");
        }
        String name = name(parts.group("name"));
        String other = parts.group("other");
        if (other != null && !name(other).equals(name)) {
            throw new ScramException("'" + name + "' asked to act as somebody else");
        }
        return new ScramFirst(parts.group(1), parts.group("bare"), name, parts.group("nonce"));
    }

    /// Within a name a comma is `=2C` and an equals sign `=3D`.
    private static String name(String encoded) throws ScramException {
        if (encoded.isEmpty() || encoded.replace("=2C", "").replace("=3D", "").contains("=")) {
            throw new ScramException("the user name is empty or wrongly escaped");
        }
        try {
            return SaslPrep.prepared(encoded.replace("=2C", ",").replace("=3D", "="));
        } catch (IllegalArgumentException e) {
            throw new ScramException("the user name " + e.getMessage());
        }
    }
}
