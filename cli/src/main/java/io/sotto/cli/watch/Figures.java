package io.sotto.cli.watch;

import io.sotto.mqtt.Publish;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a broker says of itself below `$SYS/broker/`, under the names that Sotto and mosquitto
/// give. What it does not say is not shown.
public final class Figures {
    private static final String ROOT = "$SYS/broker/";
    private static final int MOST = 500;
    private static final int MOST_BYTES = 100;
    private static final double SECONDS_A_MINUTE = 60;

    private final Map<String, String> known = new HashMap<>();

    public Figures() {}

    /// Takes a message, if it is one of the broker's own.
    ///
    /// @return whether it is below `$SYS`
    public boolean add(Publish message) {
        String topic = message.topic().toString();
        if (!topic.startsWith("$SYS/")) {
            return false;
        }
        boolean room = known.size() < MOST && message.payload().size() <= MOST_BYTES;
        if (topic.startsWith(ROOT) && room) {
            known.put(
                    topic.substring(ROOT.length()),
                    Shown.printable(
                            new String(message.payload().toByteArray(), StandardCharsets.UTF_8)));
        }
        return true;
    }

    List<String> lines() {
        if (known.isEmpty()) {
            return List.of("broker  says nothing of itself below $SYS, or not to this client");
        }
        List<String> lines = new ArrayList<>();
        lines.add(
                joined(
                        "broker",
                        plain("version", "%s"),
                        plain("uptime", "up %s"),
                        plain("clients/connected", "%s clients"),
                        plain("subscriptions/count", "%s subscriptions"),
                        plain("retained messages/count", "%s retained"),
                        plain("store/messages/count", "%s kept")));
        lines.add(
                joined(
                        "load",
                        perSecond("load/publish/received/1min", "%s messages in"),
                        perSecond("load/publish/sent/1min", "%s out"),
                        perSecond("load/publish/dropped/1min", "%s dropped"),
                        perSecond("load/bytes/received/1min", "%s bytes in"),
                        perSecond("load/bytes/sent/1min", "%s out"),
                        "(the broker's own mean of a minute)"));
        return lines;
    }

    private static String joined(String name, @Nullable String... parts) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-6s", name));
        String between = "  ";
        for (String part : parts) {
            if (part != null) {
                line.append(between).append(part);
                between = ", ";
            }
        }
        return line.toString();
    }

    private @Nullable String plain(String name, String format) {
        String value = known.get(name);
        return value == null ? null : format.replace("%s", value);
    }

    private @Nullable String perSecond(String name, String format) {
        String value = known.get(name);
        if (value == null) {
            return null;
        }
        try {
            double rate = Double.parseDouble(value) / SECONDS_A_MINUTE;
            return format.replace("%s", rate == 0 ? "0/s" : Shown.rate(rate));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
