package io.sotto.access.jwt;

import com.nimbusds.jwt.JWTClaimsSet;
import io.sotto.access.Errands;
import io.sotto.access.Names;
import io.sotto.access.OwnRights;
import io.sotto.access.Way;
import io.sotto.access.jwt.JwtReader.TokenException;
import io.sotto.access.jwt.JwtSettings.Claims;
import io.sotto.access.jwt.JwtSettings.UserName;
import io.sotto.broker.spi.Pass;
import io.sotto.broker.spi.Principal;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Lets in who has a token (JWT, RFC 7519): as the password, or in MQTT 5.0 as the data of the
/// authentication method `JWT`, by which a connected client shows a new one before the old one
/// ends.
///
/// A token says who the client is and until when, and may say what its client id is and what it may
/// do. Signatures are checked, and keys fetched, on threads of their own.
public final class JwtLogin implements Way, AutoCloseable {
    /// The authentication method; its data is the token.
    public static final String METHOD = "JWT";

    private static final int AT_ONCE = Math.max(2, Runtime.getRuntime().availableProcessors());
    private static final int WAITING = 1_000;

    private final JwtSettings settings;
    private final String way;
    private final InstantSource clock;
    private final JwtReader reader;
    private final Errands errands = new Errands("sotto-jwt", AT_ONCE, WAITING);

    /// @param way what [Pass#way] says of those who are let in
    public JwtLogin(JwtSettings settings, String way, InstantSource clock) {
        this.settings = settings;
        this.way = way;
        this.clock = clock;
        this.reader = new JwtReader(settings, clock);
    }

    /// What [Pass#way] says of those who are let in.
    public String way() {
        return way;
    }

    /// What looks like a token.
    @Override
    public boolean takes(Login login) {
        return METHOD.equals(login.method())
                || login.method() == null
                        && login.password() != null
                        && looksLikeToken(login.password());
    }

    /// Three parts of base64url, of which the first begins as a JSON object does.
    private static boolean looksLikeToken(Payload password) {
        int dots = 0;
        for (int i = 0; i < password.size(); i++) {
            int letter = password.view().get(i);
            boolean plain =
                    letter >= '0' && letter <= '9'
                            || letter >= 'A' && letter <= 'Z'
                            || letter >= 'a' && letter <= 'z'
                            || letter == '-'
                            || letter == '_';
            if (letter == '.') {
                dots++;
            } else if (!plain) {
                return false;
            }
        }
        return dots == 2 && password.view().get(0) == 'e' && password.view().get(1) == 'y';
    }

    @Override
    public void authenticate(Login login, Consumer<Outcome> answer) {
        Payload token = login.method() == null ? login.password() : login.data();
        if (!errands.run(() -> answer.accept(judge(login, token)))) {
            answer.accept(
                    new Refused(
                            ReasonCode.SERVER_BUSY,
                            "too many logins at once, try again later",
                            "too many tokens wait to be checked"));
        }
    }

    private Outcome judge(Login login, @Nullable Payload token) {
        try {
            String text =
                    token == null ? "" : new String(token.toByteArray(), StandardCharsets.US_ASCII);
            return accepted(login, reader.read(text));
        } catch (TokenException e) {
            return e.getCause() == null
                    ? refused(login, String.valueOf(e.getMessage()))
                    : unavailable(String.valueOf(e.getMessage()));
        } catch (ParseException e) {
            return refused(login, "a claim is of another kind than it is to be");
        } catch (IllegalArgumentException e) {
            return refused(login, "it " + e.getMessage());
        } catch (RuntimeException e) {
            return unavailable(e.toString());
        }
    }

    private Outcome accepted(Login login, JWTClaimsSet claims)
            throws TokenException, ParseException {
        Claims names = settings.claims();
        String user = claims.getStringClaim(names.user());
        if (user == null) {
            throw new TokenException("it has no claim " + names.user() + " (jwt.user-claim)");
        }
        Names.check(user);
        String said = login.userName();
        if (names.connect() == UserName.MATCH && said != null && !said.equals(user)) {
            throw new TokenException(
                    "it is one of user '" + user + "', not of the user name (jwt.user-name)");
        }
        if (names.clientId() != null
                && !login.clientId().equals(claims.getStringClaim(names.clientId()))) {
            throw new TokenException(
                    "its claim "
                            + names.clientId()
                            + " is not the client id (jwt.client-id-claim)");
        }
        Pass pass = new Pass(way, rights(claims), reader.millis(claims, clock.instant()));
        return new Accepted(new Principal(user), null, pass);
    }

    /// What the token says of rights; one claim without the other allows nothing of the other.
    private @Nullable OwnRights rights(JWTClaimsSet claims) throws ParseException {
        String publish = settings.claims().publish();
        String subscribe = settings.claims().subscribe();
        if (!claims.getClaims().containsKey(publish)
                && !claims.getClaims().containsKey(subscribe)) {
            return null;
        }
        return OwnRights.of(filters(claims, publish), filters(claims, subscribe));
    }

    private static List<String> filters(JWTClaimsSet claims, String name) throws ParseException {
        Object claim = claims.getClaim(name);
        if (claim instanceof String one) {
            return List.of(one);
        }
        List<String> filters = claim == null ? List.of() : claims.getStringListClaim(name);
        if (filters == null || filters.stream().anyMatch(Objects::isNull)) {
            throw new ParseException("no list of texts: " + name, 0);
        }
        return filters;
    }

    private static Refused refused(Login login, String explanation) {
        return new Refused(
                login.method() == null
                        ? ReasonCode.BAD_USER_NAME_OR_PASSWORD
                        : ReasonCode.NOT_AUTHORIZED,
                login.method() == null
                        ? "user name or password is not right"
                        : "the authentication failed",
                "its token does not count: " + explanation);
    }

    private static Refused unavailable(String why) {
        return new Refused(
                ReasonCode.SERVER_UNAVAILABLE,
                "the login could not be checked",
                "a token could not be checked: " + why);
    }

    /// Checks no more; logins that wait get no answer.
    @Override
    public void close() {
        errands.close();
        reader.close();
    }
}
