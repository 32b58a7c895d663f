package io.sotto.testkit.login;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Tokens that are signed with HS256, made without the library that reads them.
public final class Tokens {
    private Tokens() {}

    /// A token of a user that ends after so many seconds.
    public static String of(String user, int seconds, String secret) {
        return of(user, seconds, secret, "");
    }

    /// The same with more in it.
    ///
    /// @param more claims in JSON, each after a comma
    public static String of(String user, int seconds, String secret, String more) {
        long end = Instant.now().getEpochSecond() + seconds;
        String signed =
                base64("{\"alg\":\"HS256\"}")
                        + "."
                        + base64("{\"sub\":\"%s\",\"exp\":%d%s}".formatted(user, end, more));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            byte[] signature = mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(String json) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
