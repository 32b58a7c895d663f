package io.sotto.access.http;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.sotto.access.Names;
import io.sotto.access.OwnRights;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the other side said of a login.
///
/// @param allow whether the client is let in
/// @param user who it is, or null for who it says
/// @param rights what it may do, or null where rules say that
/// @param seconds for how long that holds, 0 for ever
/// @param reason for the log, or null
record HttpAnswer(
        boolean allow,
        @Nullable String user,
        @Nullable OwnRights rights,
        long seconds,
        @Nullable String reason) {
    private static final Set<String> MEMBERS =
            Set.of("allow", "user", "publish", "subscribe", "expiresIn", "reason");

    /// The longest that a login may hold, in seconds: a hundred years.
    private static final long LONGEST = 100L * 365 * 24 * 3600;

    /// Reads one; whatever is not as it is to be is refused, so that a slip of the other side lets
    /// nobody in.
    ///
    /// @throws IllegalArgumentException with a clause that says what is wrong
    static HttpAnswer parse(String json) {
        try {
            Map<String, Object> members = JSONObjectUtils.parse(json);
            for (String name : members.keySet()) {
                if (!MEMBERS.contains(name)) {
                    throw new IllegalArgumentException("has '" + name + "', which is not known");
                }
            }
            if (!(members.get("allow") instanceof Boolean allow)) {
                throw new IllegalArgumentException("has no allow that is true or false");
            }
            String user = JSONObjectUtils.getString(members, "user");
            if (user != null) {
                Names.check(user);
            }
            return new HttpAnswer(
                    allow,
                    user,
                    rights(members),
                    seconds(members),
                    JSONObjectUtils.getString(members, "reason"));
        } catch (ParseException e) {
            throw new IllegalArgumentException("is not as it is to be: " + e.getMessage(), e);
        }
    }

    private static long seconds(Map<String, Object> members) throws ParseException {
        if (members.get("expiresIn") == null) {
            return 0;
        }
        long seconds = JSONObjectUtils.getLong(members, "expiresIn");
        if (seconds < 1 || seconds > LONGEST) {
            throw new IllegalArgumentException(
                    "has an expiresIn that is not within 1 s to 100 years");
        }
        return seconds;
    }

    private static @Nullable OwnRights rights(Map<String, Object> members) throws ParseException {
        List<String> publish = filters(members, "publish");
        List<String> subscribe = filters(members, "subscribe");
        return publish == null && subscribe == null
                ? null
                : OwnRights.of(
                        publish == null ? List.of() : publish,
                        subscribe == null ? List.of() : subscribe);
    }

    private static @Nullable List<String> filters(Map<String, Object> members, String name)
            throws ParseException {
        List<String> filters = JSONObjectUtils.getStringList(members, name);
        if (filters != null && filters.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("has a null within " + name);
        }
        return filters;
    }
}
