package io.sotto.server.mosquitto;

import io.sotto.server.mosquitto.Finding.Verdict;
import io.sotto.server.mosquitto.ListenerDirectives.Translated;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Who may come in and do what, for all listeners or each of them.
///
/// Whatever of this Sotto cannot keep as it is refuses the whole import: nothing here is ever left
/// out in silence.
final class SecurityDirectives {
    private final Report report;
    private final SottoFile file;
    private final Values values;
    private final UnaryOperator<Path> places;

    private @Nullable Directive passwords;
    private boolean namesCount;
    private boolean takesAny;

    /// @param places where a file of users or rules will be
    SecurityDirectives(Report report, SottoFile file, UnaryOperator<Path> places) {
        this.report = report;
        this.file = file;
        this.values = new Values(report);
        this.places = places;
    }

    /// What no setting of Sotto can say.
    ///
    /// @param isOfAll whether it is about all listeners
    void judge(Section security, boolean isOfAll) {
        for (Directive directive : security.all()) {
            switch (directive.name()) {
                case "psk_file" ->
                        report.refuse(
                                directive,
                                "Sotto offers no TLS with pre-shared keys; use certificates, or"
                                        + " users with passwords, over TLS");
                case "auto_id_prefix" ->
                        report.add(
                                directive,
                                directive.value().equals("auto-") ? Verdict.SAME : Verdict.IMPORTED,
                                directive.value().equals("auto-")
                                        ? "the ids that the broker gives begin with auto-"
                                        : "listeners[].assigned-id-prefix");
                case "allow_zero_length_clientid" -> emptyId(directive);
                case "auth_plugin_deny_special_chars" ->
                        report.add(
                                directive,
                                Verdict.NOT_NEEDED,
                                "what is in a name is never read as a pattern");
                case "plugin", "auth_plugin", "global_plugin", "plugin_load" ->
                        plugin(directive, security, isOfAll);
                case "plugin_opt_config_file" -> {
                    if (!hasDynamicSecurity(security)) {
                        report.refuse(directive, "is about a plugin, and those cannot run here");
                    }
                }
                default -> {
                    if (directive.name().contains("_opt_")) {
                        report.refuse(directive, "is about a plugin, and those cannot run here");
                    }
                }
            }
        }
    }

    /// The one plugin whose file says all.
    private static boolean hasDynamicSecurity(Section security) {
        return List.of("plugin", "auth_plugin", "global_plugin").stream()
                .flatMap(name -> security.all(name).stream())
                .anyMatch(SecurityDirectives::isDynamicSecurity);
    }

    private static boolean isDynamicSecurity(Directive plugin) {
        return plugin.value().contains("mosquitto_dynamic_security");
    }

    private void plugin(Directive plugin, Section security, boolean isOfAll) {
        Directive config = security.last("plugin_opt_config_file");
        if (isDynamicSecurity(plugin) && config != null && !isOfAll) {
            report.refuse(plugin, "in Sotto all listeners have the same users");
        } else if (isDynamicSecurity(plugin) && config != null) {
            report.imported(plugin, "users and acl; changes are made in the file from now on");
            DynamicSecurity.translate(config, report, file);
        } else {
            report.refuse(
                    plugin,
                    "a plugin decides who may do what, and cannot run here; write its users and"
                            + " rules into a password_file and an acl_file");
        }
    }

    private void emptyId(Directive directive) {
        if (values.isTrue(directive)) {
            report.add(directive, Verdict.SAME, "");
        } else {
            file.set("clients.empty-id", "false", directive);
            report.imported(directive, "clients.empty-id: false, at all listeners");
        }
    }

    /// The users of a password file; there is one list of users for all listeners.
    void users(Section security) {
        for (Directive directive : security.all("password_file")) {
            if (passwords == null) {
                passwords = directive;
                file.set("password-file", path(directive), directive);
                report.imported(directive, "password-file");
            } else if (passwords.value().equals(directive.value())) {
                report.imported(directive, "password-file");
            } else {
                report.refuse(
                        directive,
                        "another file than in line "
                                + passwords.line()
                                + ": in Sotto all listeners have the same users");
            }
        }
    }

    private String path(Directive directive) {
        Path path = Path.of(directive.value()).toAbsolutePath().normalize();
        return SottoFile.quoted(places.apply(path).toString());
    }

    /// Rules for all listeners.
    void rules(Section security) {
        List<Directive> files = security.all("acl_file");
        if (files.isEmpty()) {
            return;
        }
        file.set("acl-file", path(files.getLast()), files.getLast());
        file.set("acl-subscriptions", "any", null);
        files.forEach(directive -> report.imported(directive, "acl-file" + forWhom(security)));
    }

    /// Mosquitto believes a user name also where nothing proves it; here such a name counts for
    /// nothing.
    private static String forWhom(Section security) {
        return security.has("password_file")
                ? ""
                : "; without a password_file nobody proves a name, so lines behind `user` are for"
                        + " those with a certificate alone";
    }

    /// Rules for each listener; one without any lets everybody do everything.
    ///
    /// @param isLimited whether some listener has rules
    void rules(Translated listener, boolean isLimited) {
        if (isLimited && !takesAny) {
            takesAny = true;
            file.set("acl-subscriptions", "any", null);
        }
        List<Directive> files = listener.conf().security().all("acl_file");
        if (!files.isEmpty()) {
            file.ofListener("acl-file", path(files.getLast()), files.getLast());
            String words = "listeners[].acl-file" + forWhom(listener.conf().security());
            files.forEach(directive -> report.imported(directive, words));
        } else if (isLimited) {
            file.rule(
                    "no acl_file for this listener",
                    List.of(
                            "listener: " + SottoFile.quoted(listener.name()),
                            "allow: both",
                            "topics: ['#', '$SYS/#']"));
        }
    }

    /// Whether clients without a user name come in, for the listener that was written last.
    ///
    /// @param security of this listener, or of all
    /// @param isLocal whether it is the one that is there without a configuration
    void admission(Translated listener, Section security, boolean isLocal) {
        Directive said = security.last("allow_anonymous");
        Directive own = listener.conf().options().last("listener_allow_anonymous");
        Directive deciding = own == null ? said : own;
        boolean anonymous = values.isTrue(deciding, isLocal);
        boolean hasUsers = security.has("password_file") || hasDynamicSecurity(security);
        file.ofListener("anonymous", String.valueOf(anonymous), deciding);
        Directive prefix = security.last("auto_id_prefix");
        if (prefix != null && !listener.conf().options().has("listener_auto_id_prefix")) {
            file.ofListener("assigned-id-prefix", SottoFile.quoted(prefix.value()), prefix);
        }
        if (own != null) {
            report.imported(own, "listeners[].anonymous: " + anonymous);
        }
        if (anonymous) {
            namesCount |= hasUsers;
        } else if (!hasUsers && !listener.knowsEverybody() && report.refusals().isEmpty()) {
            Directive at = listener.conf().at();
            report.refuse(
                    at == null ? new Directive("", 0, "listener", "") : at,
                    "nobody could log in there, as nobody can in Mosquitto 2: give a"
                            + " password_file, or write allow_anonymous true");
        }
    }

    /// Where no listener that needs no user name looks at passwords, any name will do.
    void names(boolean anonymous) {
        if (anonymous && !namesCount) {
            file.set("clients.unknown-user", "anonymous", null);
        }
    }

    /// Those that say whether a user name is needed, once each.
    void admissions(Section security) {
        for (Directive directive : security.all("allow_anonymous")) {
            if (directive.value().equals("true") || directive.value().equals("false")) {
                report.imported(directive, "listeners[].anonymous: " + directive.value());
            }
        }
    }
}
