package io.sotto.access.jwt;

import com.nimbusds.jose.jwk.JWK;
import io.sotto.access.http.HttpTarget;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which tokens let somebody in, and what they say.
///
/// @param algorithms what they may be signed with, as RFC 7518 names it; setting `jwt.algorithms`
public record JwtSettings(Keys keys, Set<String> algorithms, Checks checks, Claims claims) {
    public JwtSettings {
        algorithms = Set.copyOf(algorithms);
    }

    /// Where the keys are.
    public sealed interface Keys {}

    /// In a file; setting `jwt.key-file`.
    public record InFile(List<JWK> keys) implements Keys {
        public InFile {
            keys = List.copyOf(keys);
        }

        /// Without the keys, which may be secret.
        @Override
        public String toString() {
            return keys.size() + " keys";
        }
    }

    /// At an address that has a key set (RFC 7517); settings `jwt.jwks-url`, `-ca` and `-timeout`.
    ///
    /// @param refresh after how many seconds they are fetched again; setting `jwt.jwks-refresh`
    /// @param pause how many seconds are between two fetches for a key that is not known; setting
    ///   `jwt.jwks-pause`
    /// @param outage for how many seconds more they count when they cannot be fetched; setting
    ///   `jwt.jwks-outage`
    public record AtAddress(HttpTarget target, int refresh, int pause, int outage) implements Keys {
        public static final int TIMEOUT = 5;
        public static final int REFRESH = 900;
        public static final int PAUSE = 30;
        public static final int OUTAGE = 3600;
    }

    /// What a token has to have.
    ///
    /// @param issuer who must have issued it, or null for anybody; setting `jwt.issuer`
    /// @param audience for one of whom it must be, or empty for anybody; setting `jwt.audience`
    /// @param leeway how many seconds clocks may differ; setting `jwt.leeway`
    /// @param expiry whether it has to end; setting `jwt.expiry`
    public record Checks(@Nullable String issuer, Set<String> audience, int leeway, Expiry expiry) {
        public static final int LEEWAY = 30;

        public Checks {
            audience = Set.copyOf(audience);
        }
    }

    /// Whether a token without an end counts.
    public enum Expiry {
        REQUIRED,
        OPTIONAL
    }

    /// Where a token says what.
    ///
    /// @param user the claim that has the user name; setting `jwt.user-claim`
    /// @param connect what the user name of CONNECT is for; setting `jwt.user-name`
    /// @param clientId the claim that has the client id, or null for none; setting
    ///   `jwt.client-id-claim`
    /// @param publish the claim of where the client may publish; setting `jwt.publish-claim`
    /// @param subscribe the same for subscriptions; setting `jwt.subscribe-claim`
    public record Claims(
            String user,
            UserName connect,
            @Nullable String clientId,
            String publish,
            String subscribe) {
        public static final Claims DEFAULT =
                new Claims("sub", UserName.MATCH, null, "publish", "subscribe");
    }

    /// What the user name of CONNECT is for, beside a token.
    public enum UserName {
        /// It is the one of the token, or is left out.
        MATCH,
        /// Nothing.
        IGNORE
    }
}
