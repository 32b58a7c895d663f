package io.sotto.server.mosquitto;

import io.sotto.server.config.ConfigException;
import io.sotto.server.config.Fault;
import io.sotto.server.config.SottoConfig;
import io.sotto.server.mosquitto.Finding.Verdict;
import io.sotto.server.mosquitto.ListenerDirectives.Translated;
import io.sotto.server.mosquitto.MosquittoConf.ListenerConf;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A configuration of Mosquitto, translated into one of Sotto.
///
/// What Mosquitto does by default and Sotto does more strictly is written down too, so that nothing
/// stops that worked before. What protects, and cannot be kept as it is, refuses the import.
public final class MosquittoImport {
    private static final int DEFAULT_PORT = 1883;

    private final Report report = new Report();
    private final SottoFile file = new SottoFile();
    private final Set<Path> files = new LinkedHashSet<>();
    private final String source;
    private final Setting setting;
    private @Nullable Path logFile;
    private @Nullable Path processFile;
    private boolean hasListeners;

    /// What is around a configuration.
    ///
    /// @param port instead of 1883 where the configuration has no listener, or null
    /// @param places where files of users and rules will be, given where they are
    public record Setting(Machine machine, @Nullable Integer port, UnaryOperator<Path> places) {
        /// This machine, and all files stay where they are.
        public static Setting here() {
            return new Setting(Machine.here(), null, UnaryOperator.identity());
        }

        /// The same, with another port where the configuration has no listener.
        public Setting at(@Nullable Integer other) {
            return new Setting(machine, other, places);
        }

        /// The same, with files elsewhere.
        public Setting with(UnaryOperator<Path> others) {
            return new Setting(machine, port, others);
        }
    }

    private MosquittoImport(String source, Setting setting) {
        this.source = source;
        this.setting = setting;
    }

    /// Translates a file and what it includes.
    ///
    /// @param path the file, or null for what Mosquitto does without one
    public static MosquittoImport of(@Nullable Path path, Setting setting) {
        MosquittoImport made =
                new MosquittoImport(path == null ? "no configuration" : path.toString(), setting);
        List<Directive> directives = path == null ? List.of() : ConfReader.read(path, made.report);
        made.translate(MosquittoConf.of(directives, made.report));
        return made;
    }

    /// The file that the log goes to, or null.
    public @Nullable Path logFile() {
        return logFile;
    }

    /// The file that the process id is written to, or null.
    public @Nullable Path processFile() {
        return processFile;
    }

    /// Whether the configuration says where to listen.
    public boolean hasListeners() {
        return hasListeners;
    }

    public Report report() {
        return report;
    }

    /// The files of users and rules, where they are now.
    public Set<Path> files() {
        return files;
    }

    /// The configuration of Sotto.
    public String text() {
        return file.text(source);
    }

    /// The same, read.
    ///
    /// @param data where the store is to be, or null for where the configuration says
    /// @throws ConfigException when something stands in the way, or files of users or rules have
    ///   faults, with their lines
    public SottoConfig config(@Nullable Path data) throws ConfigException {
        List<Fault> faults =
                report.refusals().stream()
                        .map(refusal ->
                                new Fault(
                                        refusal.directive().file(),
                                        refusal.directive().line(),
                                        refusal.directive().name() + ": " + refusal.words()))
                        .toList();
        if (!faults.isEmpty()) {
            throw new ConfigException(source, faults);
        }
        return SottoConfig.read(
                "sotto.yaml", text(), new SottoConfig.Overrides(null, null, null, data));
    }

    private void runningOf(MosquittoConf conf) {
        hasListeners = conf.listeners().getFirst().at() != null;
        Directive process = conf.global().last("pid_file");
        processFile = process == null ? null : Path.of(process.value());
        for (Directive log : conf.global().all("log_dest")) {
            if (log.word(0).equals("file")) {
                logFile = Path.of(log.word(1));
            }
        }
    }

    private void translate(MosquittoConf conf) {
        runningOf(conf);
        SecurityDirectives security =
                new SecurityDirectives(
                        report,
                        file,
                        path -> {
                            files.add(path);
                            return setting.places().apply(path);
                        });
        List<Section> all = new ArrayList<>(List.of(conf.security()));
        conf.listeners().forEach(listener -> all.add(listener.security()));
        for (Section section : all) {
            security.judge(section, !conf.perListener() || conf.listeners().size() == 1);
            security.users(section);
            security.admissions(section);
        }
        boolean isLimited =
                conf.listeners().stream().anyMatch(one -> one.security().has("acl_file"));
        ListenerDirectives listeners = new ListenerDirectives(report, file, setting.machine());
        Directive beginning = beginning(conf.global());
        boolean anonymous = false;
        for (ListenerConf listener : conf.listeners()) {
            Section own = conf.perListener() ? listener.security() : conf.security();
            translate(
                    listeners,
                    listener,
                    translated -> {
                        security.admission(translated, own, listener.at() == null);
                        if (beginning != null) {
                            file.ofListener(
                                    "client-id-prefixes",
                                    SottoFile.quoted(List.of(beginning.value())),
                                    beginning);
                        }
                        security.rules(translated, isLimited);
                    });
            anonymous |= isAnonymous(listener, own);
        }
        security.rules(conf.security());
        security.names(anonymous);
        new GlobalDirectives(report, file).translate(conf.global());
        highest(conf, List.of("max_qos", "maximum_qos"), "mqtt.maximum-qos", 2);
        highest(conf, List.of("max_topic_alias"), "limits.topic-aliases", 65_535);
    }

    /// What all client ids begin with; one beginning, and the last that is said.
    private @Nullable Directive beginning(Section global) {
        Directive last = global.last("clientid_prefixes");
        for (Directive directive : global.all("clientid_prefixes")) {
            report.imported(
                    directive,
                    "listeners[].client-id-prefixes"
                            + (directive.equals(last) ? "" : ", where the last line counts"));
        }
        return last;
    }

    private static boolean isAnonymous(ListenerConf listener, Section security) {
        Directive own = listener.options().last("listener_allow_anonymous");
        Directive said = own == null ? security.last("allow_anonymous") : own;
        return said == null ? listener.at() == null : said.value().equals("true");
    }

    /// Without any listener there is one for this machine alone, at each of its own addresses.
    ///
    /// @param admission adds who may come in, before the next one is begun
    private void translate(
            ListenerDirectives listeners, ListenerConf listener, Consumer<Translated> admission) {
        if (listener.at() != null) {
            admission.accept(listeners.translate(listener));
            return;
        }
        int port = setting.port() == null ? DEFAULT_PORT : setting.port();
        admission.accept(listeners.local(listener, "127.0.0.1", port));
        // Any free port would be another one at each address.
        if (setting.machine().hasIpv6() && port != 0) {
            admission.accept(listeners.local(listener, "::1", port));
        }
    }

    /// What Mosquitto has for each listener and Sotto for all: the highest, so that nothing stops.
    private void highest(MosquittoConf conf, List<String> names, String key, long most) {
        Values values = new Values(report);
        List<Directive> all = new ArrayList<>();
        for (ListenerConf listener : conf.listeners()) {
            names.forEach(name -> all.addAll(listener.options().all(name)));
        }
        long highest = -1;
        Directive deciding = null;
        boolean differ = all.size() > 0 && all.size() < conf.listeners().size();
        for (Directive directive : all) {
            Long value = values.number(directive, 0, most);
            if (value != null) {
                differ |= highest >= 0 && value != highest;
                deciding = value > highest ? directive : deciding;
                highest = Math.max(highest, value);
            }
        }
        if (deciding == null) {
            return;
        }
        if (all.size() == conf.listeners().size()) {
            file.set(key, String.valueOf(highest), deciding);
        }
        for (Directive directive : all) {
            report.add(
                    directive,
                    differ ? Verdict.NOT_SUPPORTED : Verdict.IMPORTED,
                    differ
                            ? "it is the same at all listeners; the highest holds"
                            : key + ": " + highest);
        }
    }
}
