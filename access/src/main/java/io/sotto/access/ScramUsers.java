package io.sotto.access;

import io.sotto.broker.spi.Principal;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ReasonCode;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The users of the configuration who log in by SCRAM: enhanced authentication (5.0, section 4.12),
/// in which the password never leaves the client.
///
/// A name that is not known is asked as if it were, and fails like a wrong password. Every step is
/// answered at once, on the loop that asks: what SCRAM makes slow is the client's part, and a whole
/// exchange costs this side 12 to 30 µs, measured warm.
public final class ScramUsers implements Way {
    private static final int NONCE_BYTES = 18;

    private final Map<String, Offer> offers = new HashMap<>();
    private final SecureRandom random = new SecureRandom();

    /// @param users the credentials by user name
    public ScramUsers(Map<String, List<ScramCredential>> users) {
        users.forEach((name, credentials) -> {
            for (ScramCredential credential : credentials) {
                offers.computeIfAbsent(
                                credential.mechanism().method(), method -> new Offer(credential))
                        .users
                        .put(name, credential);
            }
        });
    }

    /// Whether clients send this user name as it is, so that it is found.
    public static boolean canSend(String name) {
        return !name.isEmpty() && SaslPrep.isPrepared(name);
    }

    /// One method, with the users who have a credential for it.
    private static final class Offer {
        private final Map<String, ScramCredential> users = new HashMap<>();
        private final ScramCredential first;

        Offer(ScramCredential first) {
            this.first = first;
        }

        /// For a name that is not known, a decoy. It is made from the server key of a user, so that
        /// it stays the same when the broker starts again, as a real one does.
        ScramCredential credential(String name) {
            ScramCredential known = users.get(name);
            return known != null ? known : first.decoy(name);
        }
    }

    /// A method for which a user has a credential.
    @Override
    public boolean takes(Login login) {
        return login.method() != null && offers.containsKey(login.method());
    }

    @Override
    public void authenticate(Login login, Consumer<Outcome> answer) {
        Offer offer = login.method() == null ? null : offers.get(login.method());
        answer.accept(
                offer == null
                        ? new Refused(
                                ReasonCode.BAD_AUTHENTICATION_METHOD,
                                "the authentication method is not offered",
                                "authentication method '" + login.method() + "' is not offered")
                        : begin(offer, login));
    }

    private Outcome begin(Offer offer, Login login) {
        try {
            ScramFirst first = ScramFirst.parse(bytes(login.data()));
            if (login.userName() != null && !login.userName().equals(first.name())) {
                throw new ScramException("the user name of CONNECT is another than that of SCRAM");
            }
            ScramExchange exchange =
                    new ScramExchange(first, offer.credential(first.name()), freshNonce());
            boolean known = offer.users.containsKey(first.name());
            return new Challenge(
                    Payload.of(exchange.challenge()),
                    (data, answer) -> answer.accept(conclude(exchange, first.name(), known, data)));
        } catch (ScramException e) {
            return refused(e.explanation());
        }
    }

    private static Outcome conclude(
            ScramExchange exchange, String name, boolean known, @Nullable Payload data) {
        try {
            String proof = exchange.conclude(bytes(data));
            return new Accepted(new Principal(name), Payload.of(proof));
        } catch (ScramException e) {
            return refused(
                    known
                            ? e.explanation() + ", user '" + name + "'"
                            : "user '" + name + "' is not known");
        }
    }

    /// The code says no more than that: one that also ends a connection whose re-authentication
    /// failed.
    private static Refused refused(String explanation) {
        return new Refused(
                ReasonCode.NOT_AUTHORIZED, "the authentication failed", "SCRAM: " + explanation);
    }

    private String freshNonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return Base64.getEncoder().encodeToString(nonce);
    }

    private static byte[] bytes(@Nullable Payload data) {
        return data == null ? new byte[0] : data.toByteArray();
    }
}
