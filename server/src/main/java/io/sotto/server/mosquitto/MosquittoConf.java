package io.sotto.server.mosquitto;

import io.sotto.server.mosquitto.Finding.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The directives of a configuration of Mosquitto, by what they are about.
///
/// @param security who may do what, unless each listener has its own
/// @param perListener whether each listener has its own
record MosquittoConf(
        Section global, Section security, List<ListenerConf> listeners, boolean perListener) {
    /// A listener.
    ///
    /// @param at what opens it, or null when it is the one that is there without any
    record ListenerConf(@Nullable Directive at, Section options, Section security) {}

    static MosquittoConf of(List<Directive> directives, Report report) {
        boolean perListener =
                directives.stream()
                        .filter(directive -> directive.name().equals("per_listener_settings"))
                        .anyMatch(directive -> directive.value().equals("true"));
        Section global = new Section();
        Section security = new Section();
        ListenerConf first = new ListenerConf(null, new Section(), new Section());
        List<ListenerConf> listeners = new ArrayList<>();
        ListenerConf current = first;
        for (Directive directive : directives) {
            Scope scope = Scope.of(directive.name());
            if (scope == null) {
                report.refuse(
                        directive,
                        "Mosquitto has no such directive; the nearest is "
                                + Scope.nearest(directive.name()));
                continue;
            }
            switch (scope) {
                case GLOBAL -> global.add(directive);
                case BRIDGE -> report.add(directive, Verdict.BRIDGE, "Sotto has no bridges yet");
                case SECURITY -> (perListener ? current.security() : security).add(directive);
                case LISTENER -> {
                    if (directive.name().equals("listener")) {
                        current = new ListenerConf(directive, new Section(), new Section());
                        listeners.add(current);
                    } else {
                        (isOfTheFirst(directive) ? first : current).options().add(directive);
                    }
                }
            }
        }
        addFirst(first, listeners, report);
        return new MosquittoConf(global, security, List.copyOf(listeners), perListener);
    }

    private static boolean isOfTheFirst(Directive directive) {
        return directive.name().equals("port") || directive.name().equals("bind_address");
    }

    /// Whether it says what is so without it, and so opens no listener.
    private static boolean isDefault(Directive directive) {
        return switch (directive.name()) {
            case "protocol" -> directive.value().equals("mqtt");
            case "max_connections" -> directive.value().equals("-1");
            case "max_qos", "maximum_qos" -> directive.value().equals("2");
            default -> directive.value().equals("false");
        };
    }

    /// What stands before all listeners opens one of its own at port 1883, as it does in Mosquitto;
    /// where there is nothing at all, there is one for this machine alone.
    private static void addFirst(ListenerConf first, List<ListenerConf> listeners, Report report) {
        List<Directive> idle =
                first.options().all().stream().filter(MosquittoConf::isDefault).toList();
        if (idle.size() == first.options().all().size() && !idle.isEmpty()) {
            for (Directive directive : idle) {
                report.add(directive, Verdict.SAME, "");
            }
            if (listeners.isEmpty()) {
                listeners.add(new ListenerConf(null, new Section(), first.security()));
            }
        } else if (!first.options().isEmpty()) {
            Directive port = first.options().last("port");
            Directive any = first.options().all().getFirst();
            listeners.addFirst(
                    new ListenerConf(port == null ? any : port, first.options(), first.security()));
        } else if (listeners.isEmpty()) {
            listeners.add(first);
        }
    }
}
