package io.sotto.server.config;

import io.sotto.access.LoginBrake;
import io.sotto.access.UserList.UnknownUser;
import io.sotto.access.http.HttpLoginSettings;
import io.sotto.access.jwt.JwtSettings;
import io.sotto.access.jwt.JwtSettings.AtAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How clients log in.
///
/// @param users each with a name of its own
/// @param unknownUser what becomes of a client whose user name nobody has; setting
///   `clients.unknown-user`
/// @param jwt how tokens are judged, or null where none count
/// @param http who is asked over HTTP, or null where nobody is
/// @param brake how much guessing goes
public record Logins(
        List<UserConfig> users,
        UnknownUser unknownUser,
        @Nullable JwtSettings jwt,
        @Nullable HttpLoginSettings http,
        LoginBrake.Limits brake) {

    /// Whether somebody could log in by this way.
    public boolean has(LoginWay way) {
        return switch (way) {
            case JWT -> jwt != null;
            case USERS -> !users.isEmpty();
            case HTTP -> http != null;
        };
    }

    /// The addresses that are asked, each with its setting.
    public Map<String, URI> addresses() {
        Map<String, URI> addresses = new LinkedHashMap<>();
        if (jwt != null && jwt.keys() instanceof AtAddress keys) {
            addresses.put("jwt.jwks-url", keys.target().uri());
        }
        if (http != null) {
            addresses.put("http-login.url", http.target().uri());
        }
        return addresses;
    }

    /// Whether tokens are checked with a secret, so that its file has to be kept.
    public boolean hasSecret() {
        return jwt != null && jwt.algorithms().stream().anyMatch(name -> name.startsWith("HS"));
    }

    /// Whether what a client may do can come with its login.
    boolean bringRights() {
        return jwt != null || http != null;
    }
}
