package io.sotto.access.http;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.sotto.access.Errands;
import io.sotto.access.Way;
import io.sotto.broker.spi.Pass;
import io.sotto.broker.spi.Principal;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ReasonCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Asks somebody else over HTTP whether a client may log in, who it is and what it may do: once a
/// login, never for a message. Who cannot be asked lets nobody in.
///
/// An answer that lets in is remembered for a while, by a hash of the whole login under a key that
/// dies with this object, so that no password is kept. What is remembered is bounded; what was not
/// asked for the longest is forgotten first.
public final class HttpLogin implements Way, AutoCloseable {
    private static final String MAC = "HmacSHA256";

    private final HttpLoginSettings settings;
    private final HttpCalls calls;
    private final Errands errands;
    private final LongSupplier clock;
    private final String way;
    private final SecretKeySpec key;
    private final Map<String, Remembered> remembered = new LinkedHashMap<>(16, 0.75f, true);

    /// @param answer what was said
    /// @param at when
    /// @param until when it is forgotten
    private record Remembered(HttpAnswer answer, long at, long until) {}

    /// @param way what [Pass#way] says of those who are let in
    /// @param clock in milliseconds, monotonic
    public HttpLogin(HttpLoginSettings settings, String way, LongSupplier clock) {
        this.settings = settings;
        this.way = way;
        this.clock = clock;
        this.calls = new HttpCalls(settings.target());
        this.errands = new Errands("sotto-http-login", settings.atOnce(), settings.waiting());
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, MAC);
    }

    /// What [Pass#way] says of those who are let in.
    public String way() {
        return way;
    }

    /// A user name, with a password or without.
    @Override
    public boolean takes(Login login) {
        return login.method() == null && login.userName() != null;
    }

    @Override
    public void authenticate(Login login, Consumer<Outcome> answer) {
        if (!errands.run(() -> answer.accept(judge(login)))) {
            answer.accept(
                    new Refused(
                            ReasonCode.SERVER_BUSY,
                            "too many logins at once, try again later",
                            "too many logins wait to be asked about (http-login.waiting)"));
        }
    }

    private Outcome judge(Login login) {
        String question = question(login);
        String hash = hash(question);
        long now = clock.getAsLong();
        Remembered known = recall(hash, now);
        if (known != null) {
            return outcome(login, known.answer, now - known.at);
        }
        try {
            HttpCalls.Answer said = calls.post(question);
            if (said.status() == 401 || said.status() == 403) {
                return refused(login, "status " + said.status());
            }
            if (said.status() != 200) {
                return unavailable("it answers with status " + said.status());
            }
            HttpAnswer answer = HttpAnswer.parse(said.body());
            remember(hash, answer, clock.getAsLong());
            return outcome(login, answer, 0);
        } catch (IOException e) {
            return unavailable(String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            return unavailable("its answer " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unavailable("the broker stops");
        }
    }

    private Outcome outcome(Login login, HttpAnswer answer, long age) {
        String user = answer.user() != null ? answer.user() : login.userName();
        if (!answer.allow() || user == null || user.isEmpty()) {
            String reason = answer.reason();
            return refused(login, reason == null ? "no reason is given" : reason);
        }
        long millis = TimeUnit.SECONDS.toMillis(answer.seconds());
        return new Accepted(
                new Principal(user),
                null,
                new Pass(way, answer.rights(), millis == 0 ? 0 : Math.max(1, millis - age)));
    }

    private static Refused refused(Login login, String reason) {
        return new Refused(
                ReasonCode.BAD_USER_NAME_OR_PASSWORD,
                "user name or password is not right",
                "user '" + login.userName() + "' is not let in by http-login: " + reason);
    }

    private static Refused unavailable(String why) {
        return new Refused(
                ReasonCode.SERVER_UNAVAILABLE,
                "the login could not be checked",
                "http-login could not be asked: " + why);
    }

    /// The body of the request.
    private static String question(Login login) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("clientId", login.clientId());
        members.put("userName", login.userName());
        Payload password = login.password();
        if (password != null) {
            byte[] bytes = password.toByteArray();
            String text = text(bytes);
            members.put(
                    text == null ? "passwordBase64" : "password",
                    text == null ? Base64.getEncoder().encodeToString(bytes) : text);
        }
        if (login.origin().certified() != null) {
            members.put("certificate", login.origin().certified());
        }
        members.put("address", login.origin().address());
        members.put("listener", login.origin().listener());
        return JSONObjectUtils.toJSONString(members);
    }

    private static @Nullable String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private String hash(String question) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(question.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + MAC, e);
        }
    }

    private @Nullable Remembered recall(String hash, long now) {
        synchronized (remembered) {
            Remembered known = remembered.get(hash);
            if (known != null && known.until <= now) {
                remembered.remove(hash);
                return null;
            }
            return known;
        }
    }

    private void remember(String hash, HttpAnswer answer, long now) {
        if (!answer.allow() || settings.cache() == 0) {
            return;
        }
        long seconds = settings.cache();
        if (answer.seconds() > 0) {
            seconds = Math.min(seconds, answer.seconds());
        }
        synchronized (remembered) {
            remembered.put(
                    hash, new Remembered(answer, now, now + TimeUnit.SECONDS.toMillis(seconds)));
            if (remembered.size() > settings.cacheSize()) {
                remembered.remove(remembered.keySet().iterator().next());
            }
        }
    }

    /// Asks no more; logins that are under way get no answer.
    @Override
    public void close() {
        errands.close();
        calls.close();
    }
}
