package io.sotto.server.mosquitto;

import io.sotto.server.mosquitto.Finding.Verdict;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the directives about the whole broker are in Sotto.
final class GlobalDirectives {
    private static final long MOST = Integer.MAX_VALUE;
    private static final long LARGEST_PACKET = 256L << 20;

    /// Mosquitto refuses less.
    private static final long SMALLEST_PACKET = 20;

    private static final long LARGEST_QUEUE = 1L << 40;
    private static final int HEADER = 65_536 + 8;

    /// Those that are the same for every value.
    private static final Map<String, Finding> FIXED =
            Map.ofEntries(
                    fixed("allow_duplicate_messages", Verdict.NOT_NEEDED, "MQTT says it"),
                    fixed(
                            "autosave_interval",
                            Verdict.NOT_NEEDED,
                            "the store is written before anything is acknowledged"),
                    fixed(
                            "autosave_on_changes",
                            Verdict.NOT_NEEDED,
                            "the store is written before anything is acknowledged"),
                    fixed("connection_messages", Verdict.NOT_NEEDED, "log.level says how much"),
                    fixed("log_facility", Verdict.NOT_NEEDED, "the log is standard error"),
                    fixed(
                            "log_timestamp_format",
                            Verdict.NOT_SUPPORTED,
                            "times are ISO 8601 in UTC; log.format: json is for programs"),
                    fixed(
                            "memory_limit",
                            Verdict.NOT_SUPPORTED,
                            "set SOTTO_JAVA_OPTS=-Xmx512m, or limits in the unit of systemd"),
                    fixed("packet_buffer_size", Verdict.NOT_NEEDED, "buffers grow with packets"),
                    fixed("persistence_file", Verdict.NOT_NEEDED, "the store is a folder"),
                    fixed(
                            "pid_file",
                            Verdict.NOT_NEEDED,
                            "a service manager knows the process; `sotto mosquitto` writes it"),
                    fixed("store_clean_interval", Verdict.NOT_NEEDED, "what is done goes at once"),
                    fixed(
                            "user",
                            Verdict.NOT_NEEDED,
                            "start Sotto as that user, as with User= in a unit of systemd"),
                    fixed("websockets_log_level", Verdict.NOT_NEEDED, "log.level says how much"),
                    fixed("websockets_headers_size", Verdict.NOT_NEEDED, "bounded already"),
                    fixed("enable_control_api", Verdict.NOT_SUPPORTED, "there is no such API"),
                    fixed(
                            "retain_expiry_interval",
                            Verdict.NOT_SUPPORTED,
                            "publish with a message expiry interval (MQTT 5)"));

    private final Report report;
    private final SottoFile file;
    private final Values values;

    GlobalDirectives(Report report, SottoFile file) {
        this.report = report;
        this.file = file;
        this.values = new Values(report);
    }

    private static Map.Entry<String, Finding> fixed(String name, Verdict verdict, String words) {
        return Map.entry(name, new Finding(new Directive("", 0, name, ""), verdict, words));
    }

    void translate(Section global) {
        for (Directive directive : global.all()) {
            Finding fixed = FIXED.get(directive.name());
            if (fixed != null) {
                report.add(directive, fixed.verdict(), fixed.words());
            } else if (directive.name().startsWith("log_")) {
                log(directive);
            } else {
                limit(directive);
            }
        }
        level(global.all("log_type"));
        expiry(global.last("persistent_client_expiration"));
        packets(global);
        location(global.last("persistence_location"));
        file.set("limits.topic-levels", "200", null);
    }

    private void limit(Directive directive) {
        switch (directive.name()) {
            case "per_listener_settings" -> {
                values.isTrue(directive);
                report.imported(directive, "each listener says who may come in");
            }
            case "global_max_clients" -> count(directive, "limits.sessions", -1, 1_000_000_000);
            case "global_max_connections" -> count(directive, "limits.connections", -1, 10_000_000);
            case "max_inflight_messages" -> count(directive, "limits.inflight", 0, 65_535);
            case "max_inflight_bytes" -> inflightBytes(directive);
            case "max_queued_messages" -> count(directive, "queue.messages", 0, 1_000_000_000);
            case "max_queued_bytes" -> queuedBytes(directive);
            case "max_keepalive" -> keepAlive(directive);
            case "queue_qos0_messages" -> flag(directive, "queue.qos0", false);
            case "retain_available" -> flag(directive, "mqtt.retain", true);
            case "sys_interval" -> sysInterval(directive);
            case "check_retain_source" -> {
                if (values.isTrue(directive)) {
                    report.add(directive, Verdict.SAME, "");
                } else {
                    set(directive, "acl-retained", "kept");
                }
            }
            case "upgrade_outgoing_qos" -> flag(directive, "clients.upgrade-qos", false);
            case "set_tcp_nodelay" -> only(directive, "true", Verdict.NOT_NEEDED, "it is on");
            case "persistence", "retained_persistence" ->
                    only(
                            directive,
                            "true",
                            Verdict.NOT_NEEDED,
                            "Sotto keeps what it acknowledges; durability: memory is for nothing");
            default -> {
                // Translated together with others.
            }
        }
    }

    /// One value is what Sotto does; the other is lost.
    private void only(Directive directive, String same, String words) {
        only(directive, same, Verdict.NOT_SUPPORTED, words);
    }

    private void only(Directive directive, String same, Verdict otherwise, String words) {
        values.isTrue(directive);
        boolean isSame = directive.value().equals(same);
        report.add(directive, isSame ? Verdict.SAME : otherwise, isSame ? "" : words);
    }

    private void flag(Directive directive, String key, boolean fallback) {
        boolean value = values.isTrue(directive);
        if (value == fallback) {
            report.add(directive, Verdict.SAME, "");
        } else {
            set(directive, key, String.valueOf(value));
        }
    }

    /// @param none what stands for as many as there can be
    private void count(Directive directive, String key, long none, long most) {
        Long value = values.number(directive, none, MOST);
        if (value != null) {
            set(directive, key, String.valueOf(value == none ? most : Math.clamp(value, 1, most)));
        }
    }

    private void set(Directive directive, String key, String value) {
        file.set(key, value, directive);
        report.imported(directive, key + ": " + value);
    }

    private void queuedBytes(Directive directive) {
        Long value = values.number(directive, 0, Long.MAX_VALUE);
        if (value != null) {
            long bytes = value == 0 ? LARGEST_QUEUE : Math.clamp(value, 1_024, LARGEST_QUEUE);
            set(directive, "queue.bytes", bytes + "B");
        }
    }

    private void inflightBytes(Directive directive) {
        Long value = values.number(directive, 0, Long.MAX_VALUE);
        if (value != null && value == 0) {
            report.add(directive, Verdict.SAME, "");
        } else if (value != null) {
            long bytes = Math.clamp(value, 1_024, LARGEST_QUEUE);
            set(directive, "limits.inflight-bytes", bytes + "B");
        }
    }

    private void keepAlive(Directive directive) {
        Long value = values.number(directive, 0, 65_535);
        if (value != null) {
            set(
                    directive,
                    "limits.keep-alive",
                    value == 0 || value == 65_535 ? "unlimited" : value + "s");
        }
    }

    private void sysInterval(Directive directive) {
        Long value = values.number(directive, 0, 65_535);
        if (value != null) {
            set(directive, "sys-interval", value == 0 ? "never" : Math.min(value, 3_600) + "s");
        }
    }

    private void log(Directive directive) {
        switch (directive.name()) {
            case "log_dest" -> {
                String where = directive.word(0);
                boolean here = where.equals("stderr") || where.equals("stdout");
                report.add(
                        directive,
                        here || where.equals("syslog") ? Verdict.NOT_NEEDED : Verdict.NOT_SUPPORTED,
                        here
                                ? "the log is standard error"
                                : "the log is standard error, for the journal of systemd or a"
                                        + " redirection; `sotto mosquitto` writes log_dest file");
            }
            case "log_timestamp" -> only(directive, "true", "each line has its time");
            default -> {
                // Translated together.
            }
        }
    }

    private void level(List<Directive> types) {
        if (types.isEmpty()) {
            return;
        }
        List<String> names = types.stream().map(Directive::value).toList();
        boolean quiet = List.of("error", "warning", "none").containsAll(names);
        String level = !quiet ? "info" : names.contains("warning") ? "warning" : "error";
        if (!level.equals("info")) {
            file.set("log.level", level, types.getLast());
        }
        for (Directive type : types) {
            report.imported(type, "log.level: " + level);
        }
    }

    private void expiry(@Nullable Directive directive) {
        Long seconds = directive == null ? null : values.duration(directive);
        String value = seconds == null ? "unlimited" : seconds + "s";
        file.set("limits.session-expiry", value, directive);
        if (directive != null && seconds != null) {
            report.imported(directive, "limits.session-expiry: " + value);
        }
    }

    private void packets(Section global) {
        Directive packet = global.last("max_packet_size");
        Directive message = global.last("message_size_limit");
        Long whole = packet == null ? null : values.number(packet, SMALLEST_PACKET, LARGEST_PACKET);
        Long payload = message == null ? null : values.number(message, 0, LARGEST_PACKET);
        long byPacket = whole == null ? LARGEST_PACKET : Math.max(128, whole);
        long byMessage =
                payload == null || payload == 0
                        ? LARGEST_PACKET
                        : Math.min(LARGEST_PACKET, payload + HEADER);
        long size = Math.min(byPacket, byMessage);
        file.set("limits.packet-size", size + "B", byMessage < byPacket ? message : packet);
        String words = "limits.packet-size: " + size + "B";
        bounds(packet, whole, words);
        bounds(message, payload, words + ", which is the payload and what is before it");
    }

    private void bounds(@Nullable Directive directive, @Nullable Long value, String words) {
        if (directive != null && value != null) {
            report.add(
                    directive,
                    value == 0 ? Verdict.SAME : Verdict.IMPORTED,
                    value == 0 ? "" : words);
        }
    }

    private void location(@Nullable Directive directive) {
        if (directive != null) {
            Path folder = Path.of(directive.value()).toAbsolutePath().resolve("sotto");
            set(directive, "data", SottoFile.quoted(folder.toString()));
        }
    }
}
