package io.sotto.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// A setting that is another than it was. Listeners, users, groups and rules are not among them:
/// what those come to is compared as a whole.
public record Difference(String key, String before, String after) {
    private static final String NONE = "none";

    /// What may change while the broker runs, beside users and rules.
    private static final Set<String> LIVE =
            Set.of(
                    "acl-file",
                    "acl-retained",
                    "acl-subscriptions",
                    "password-file",
                    "limits.client-id-bytes",
                    "limits.connect-timeout",
                    "limits.inflight",
                    "limits.inflight-bytes",
                    "limits.keep-alive",
                    "limits.login-failures",
                    "limits.login-pause",
                    "limits.receive-maximum",
                    "limits.session-expiry",
                    "limits.sessions",
                    "limits.subscriptions",
                    "limits.subscriptions-in-all",
                    "limits.topic-aliases",
                    "limits.unreleased");

    private static final List<String> LIVE_SECTIONS =
            List.of("clients.", "http-login.", "jwt.", "log.", "mqtt.", "queue.", "shared.");

    private static final List<String> ELSEWHERE = List.of("listeners", "users", "groups", "acl");

    /// All settings that differ and may change while the broker runs.
    public static List<Difference> live(SottoConfig before, SottoConfig after) {
        return between(before, after).stream().filter(each -> isLive(each.key)).toList();
    }

    /// All settings that differ and need another start.
    public static List<Difference> others(SottoConfig before, SottoConfig after) {
        return between(before, after).stream().filter(each -> !isLive(each.key)).toList();
    }

    /// Whether a setting may change while the broker runs.
    static boolean isLive(String key) {
        return LIVE.contains(key)
                || LIVE_SECTIONS.stream().anyMatch(key::startsWith)
                || isElsewhere(key);
    }

    private static boolean isElsewhere(String key) {
        return ELSEWHERE.stream().anyMatch(list -> key.equals(list) || key.startsWith(list + "["));
    }

    private static List<Difference> between(SottoConfig before, SottoConfig after) {
        Set<String> keys = new TreeSet<>(before.values().keySet());
        keys.addAll(after.values().keySet());
        List<Difference> differences = new ArrayList<>();
        for (String key : keys) {
            String old = before.values().getOrDefault(key, NONE);
            String fresh = after.values().getOrDefault(key, NONE);
            if (!Objects.equals(old, fresh) && !isElsewhere(key)) {
                differences.add(new Difference(key, old, fresh));
            }
        }
        return differences;
    }

    @Override
    public String toString() {
        return key + ": " + before + " -> " + after;
    }
}
