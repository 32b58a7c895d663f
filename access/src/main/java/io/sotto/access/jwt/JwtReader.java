package io.sotto.access.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Resource;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import io.sotto.access.http.HttpCalls;
import io.sotto.access.jwt.JwtSettings.AtAddress;
import io.sotto.access.jwt.JwtSettings.Checks;
import io.sotto.access.jwt.JwtSettings.Expiry;
import io.sotto.access.jwt.JwtSettings.InFile;
import java.io.IOException;
import java.net.MalformedURLException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Reads tokens and believes those that are signed with one of the keys and meet all checks. It may
/// wait for keys to be fetched.
final class JwtReader implements AutoCloseable {
    private final JwtSettings settings;
    private final ClaimsVerifier verifier;
    private final @Nullable JWKSource<SecurityContext> fetched;
    private final @Nullable HttpCalls calls;

    JwtReader(JwtSettings settings, InstantSource clock) {
        this.settings = settings;
        this.verifier = new ClaimsVerifier(settings.checks(), clock);
        switch (settings.keys()) {
            case InFile _ -> {
                this.calls = null;
                this.fetched = null;
            }
            case AtAddress address -> {
                this.calls = new HttpCalls(address.target());
                this.fetched = source(address, calls);
            }
        }
    }

    /// A token does not count, or, where there is a cause, could not be checked.
    static final class TokenException extends Exception {
        private static final long serialVersionUID = 1L;

        TokenException(String explanation) {
            this(explanation, null);
        }

        TokenException(String explanation, @Nullable Exception cause) {
            super(explanation, cause, false, false);
        }
    }

    /// The library's check of what every token has, by a clock of ours.
    private static final class ClaimsVerifier extends DefaultJWTClaimsVerifier<SecurityContext> {
        private final InstantSource clock;

        ClaimsVerifier(Checks checks, InstantSource clock) {
            super(
                    checks.audience().isEmpty() ? null : checks.audience(),
                    issuedBy(checks.issuer()),
                    required(checks),
                    null);
            this.clock = clock;
            setMaxClockSkew(checks.leeway());
        }

        private static JWTClaimsSet issuedBy(@Nullable String issuer) {
            JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder();
            return issuer == null ? claims.build() : claims.issuer(issuer).build();
        }

        private static Set<String> required(Checks checks) {
            Set<String> required = new HashSet<>();
            if (checks.expiry() == Expiry.REQUIRED) {
                required.add("exp");
            }
            return required;
        }

        @Override
        protected Date currentTime() {
            return Date.from(clock.instant());
        }
    }

    private static JWKSource<SecurityContext> source(AtAddress address, HttpCalls calls) {
        try {
            long timeout = TimeUnit.SECONDS.toMillis(address.target().timeout());
            return JWKSourceBuilder.create(address.target().uri().toURL(), url -> fetch(calls))
                    .refreshAheadCache(false)
                    .cache(TimeUnit.SECONDS.toMillis(address.refresh()), timeout + 1_000)
                    .rateLimited(TimeUnit.SECONDS.toMillis(address.pause()))
                    .outageTolerant(
                            TimeUnit.SECONDS.toMillis((long) address.refresh() + address.outage()))
                    .build();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Resource fetch(HttpCalls calls) throws IOException {
        try {
            HttpCalls.Answer answer = calls.get();
            if (answer.status() != 200) {
                throw new IOException("it answers with status " + answer.status());
            }
            return new Resource(answer.body(), "application/json");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the broker stops", e);
        }
    }

    /// What a token claims.
    JWTClaimsSet read(String text) throws TokenException {
        try {
            SignedJWT token = SignedJWT.parse(text);
            JWSAlgorithm algorithm = token.getHeader().getAlgorithm();
            if (!settings.algorithms().contains(algorithm.getName())) {
                throw new TokenException(
                        "it is signed with " + algorithm + ", which jwt.algorithms does not have");
            }
            boolean signed = false;
            for (JWK key : keys(token.getHeader())) {
                signed |= JwtSignature.isBy(key, token);
            }
            if (!signed) {
                throw new TokenException("it is signed with none of the keys");
            }
            JWTClaimsSet claims = token.getJWTClaimsSet();
            verifier.verify(claims, null);
            return claims;
        } catch (ParseException e) {
            throw new TokenException("it is not as a token is to be");
        } catch (BadJWTException e) {
            throw new TokenException(String.valueOf(e.getMessage()));
        }
    }

    private List<JWK> keys(JWSHeader header) throws TokenException {
        if (settings.keys() instanceof InFile file) {
            KeyType type = KeyType.forAlgorithm(header.getAlgorithm());
            return file.keys().stream().filter(key -> key.getKeyType().equals(type)).toList();
        }
        JWKMatcher matcher = JWKMatcher.forJWSHeader(header);
        if (fetched == null || matcher == null) {
            return List.of();
        }
        try {
            return fetched.get(new JWKSelector(matcher), null);
        } catch (KeySourceException e) {
            throw new TokenException("the keys cannot be fetched: " + plain(e), e);
        }
    }

    /// What went wrong, and what first.
    private static String plain(Throwable thrown) {
        Throwable first = thrown;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        String said = String.valueOf(thrown.getMessage());
        String why = String.valueOf(first.getMessage());
        return said.contains(why) ? said : said + ": " + why;
    }

    /// For how long a token holds from now on, in milliseconds, 0 for ever.
    long millis(JWTClaimsSet claims, Instant now) {
        Date end = claims.getExpirationTime();
        if (end == null) {
            return 0;
        }
        long left = Duration.between(now, end.toInstant()).toMillis();
        return Math.max(1, left + TimeUnit.SECONDS.toMillis(settings.checks().leeway()));
    }

    @Override
    public void close() {
        if (calls != null) {
            calls.close();
        }
    }
}
