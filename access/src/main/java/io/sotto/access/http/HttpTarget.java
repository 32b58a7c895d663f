package io.sotto.access.http;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where to ask over HTTP, and how long to wait.
///
/// @param uri http or https
/// @param authorities whose certificates count; empty for those that the Java runtime knows
/// @param bearer what is sent as a bearer token, or null for none
/// @param timeout in seconds, for a whole exchange
public record HttpTarget(
        URI uri, List<X509Certificate> authorities, @Nullable String bearer, int timeout) {
    private static final int HIGHEST_PORT = 65_535;

    public HttpTarget {
        authorities = List.copyOf(authorities);
    }

    /// The address that this text is.
    ///
    /// @throws IllegalArgumentException with a clause that says why it is none
    public static URI address(String text) {
        URI uri = URI.create(text);
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        boolean isPort = uri.getPort() <= HIGHEST_PORT;
        if (!http || uri.getHost() == null || uri.getUserInfo() != null || !isPort) {
            throw new IllegalArgumentException(
                    "is to be an address such as https://auth.example/login, without a user");
        }
        return uri;
    }

    /// The token that this text is.
    ///
    /// @throws IllegalArgumentException with a clause that says why it is none, and never has it
    public static String token(String text) {
        String token = text.strip();
        if (token.isEmpty() || !token.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new IllegalArgumentException(
                    "has no token, which is one line of letters, digits and signs of ASCII");
        }
        return token;
    }

    /// Without the token.
    @Override
    public String toString() {
        return uri.toString();
    }
}
