package io.sotto.server.config;

import io.sotto.access.PasswordFile;
import io.sotto.access.PasswordHash;
import io.sotto.access.ScramCredential;
import io.sotto.access.ScramMechanism;
import io.sotto.access.ScramUsers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Who may log in, and what proves it: a password, an exchange of SCRAM, or either.
///
/// @param scram at most one credential for each hash function
public record UserConfig(
        String name, @Nullable PasswordHash password, List<ScramCredential> scram) {

    /// Reads a user; one that is wrong is told among the faults.
    static UserConfig read(Settings item) {
        String name = item.textThatMustBe("name", "text");
        if (name.isEmpty() && item.isGiven("name")) {
            item.fault(item.lineOf("name"), "name", "is empty");
        }
        PasswordHash password =
                proof(item, name, "password", "hash, by `sotto passwd`", PasswordHash::parse);
        List<ScramCredential> scram = new ArrayList<>();
        boolean given = item.isGiven("password");
        for (ScramMechanism mechanism : ScramMechanism.values()) {
            String key = mechanism.method().toLowerCase(Locale.ROOT);
            given |= item.isGiven(key);
            ScramCredential credential =
                    proof(
                            item,
                            name,
                            key,
                            "credential, by `sotto passwd --scram`",
                            text -> scram(mechanism, name, text));
            if (credential != null) {
                scram.add(credential);
            }
        }
        if (!given) {
            item.fault(item.line(), "password", "is missing, and there is no SCRAM instead");
        }
        item.refuseTheRest();
        return new UserConfig(name, password, List.copyOf(scram));
    }

    /// The users of a password file as mosquitto_passwd writes it.
    static List<UserConfig> ofFile(Settings settings) {
        String file = settings.text("password-file", "file", "none");
        String text = file == null ? null : OtherFile.read(settings, "password-file", file);
        if (file == null || text == null) {
            return List.of();
        }
        return PasswordFile.read(text, OtherFile.faults(settings, file)).entrySet().stream()
                .map(entry -> new UserConfig(entry.getKey(), entry.getValue(), List.of()))
                .toList();
    }

    private static <T> @Nullable T proof(
            Settings item, String name, String key, String values, Function<String, T> parse) {
        String text = item.text(key, values, "none");
        if (text == null) {
            return null;
        }
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            item.fault(
                    item.lineOf(key),
                    key,
                    "of '" + name + "' " + e.getMessage() + "; make one with ./sotto passwd");
            return null;
        }
    }

    private static ScramCredential scram(ScramMechanism mechanism, String name, String text) {
        ScramCredential credential = ScramCredential.parse(text);
        if (credential.mechanism() != mechanism) {
            throw new IllegalArgumentException("is one for " + credential.mechanism().method());
        }
        if (!ScramUsers.canSend(name)) {
            throw new IllegalArgumentException(
                    "is of a user name that clients send in another form (RFC 4013)");
        }
        return credential;
    }
}
