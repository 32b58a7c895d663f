package io.sotto.server.config;

import io.sotto.access.Rules;
import io.sotto.access.UserList.UnknownUser;
import io.sotto.broker.BrokerSettings;
import io.sotto.server.config.Node.Mapping;
import io.sotto.store.StoreSettings;
import io.sotto.transport.Endpoint;
import io.sotto.transport.TransportSettings;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All settings of a broker.
///
/// @param rules who may do what, or null when everybody may do everything
/// @param store where and how data is kept
/// @param values what each setting is, as a text; without what proves a user
public record SottoConfig(
        List<ListenerConfig> listeners,
        Logins logins,
        @Nullable Rules rules,
        StoreSettings store,
        LogConfig log,
        BrokerSettings broker,
        TransportSettings transport,
        Map<String, String> values) {

    /// What the command line says, which is more than what the file says.
    ///
    /// @param file the configuration file, or null for none
    /// @param host of the first listener that has a port, or null
    /// @param port of the same, or null
    public record Overrides(
            @Nullable Path file,
            @Nullable String host,
            @Nullable Integer port,
            @Nullable Path data) {
        public static final Overrides NONE = new Overrides(null, null, null, null);

        /// An empty value, such as that of a variable which is not set, means nothing.
        private void check() throws ConfigException {
            List<Fault> faults = new ArrayList<>();
            if (file != null && file.toString().isEmpty()) {
                faults.add(new Fault(0, "--config (SOTTO_CONFIG) is empty; it names a file"));
            }
            if (host != null && host.isEmpty()) {
                faults.add(new Fault(0, "--host (SOTTO_HOST) is empty; 0.0.0.0 is every address"));
            }
            if (data != null && data.toString().isEmpty()) {
                faults.add(new Fault(0, "--data (SOTTO_DATA) is empty; it names a folder"));
            }
            if (!faults.isEmpty()) {
                throw new ConfigException("sotto", faults);
            }
        }
    }

    /// Who may log in by an entry of the configuration.
    public List<UserConfig> users() {
        return logins.users();
    }

    /// The same, with another log.
    public SottoConfig logging(LogConfig other) {
        return new SottoConfig(listeners, logins, rules, store, other, broker, transport, values);
    }

    /// Reads the file, where there is one.
    public static SottoConfig load(Overrides overrides) throws ConfigException {
        overrides.check();
        Path file = overrides.file();
        if (file == null) {
            return read("sotto", null, overrides);
        }
        try {
            return read(file.toString(), Files.readString(file), overrides);
        } catch (NoSuchFileException e) {
            throw refused(file, "there is no such file");
        } catch (CharacterCodingException e) {
            throw refused(file, "is no text in UTF-8");
        } catch (IOException e) {
            throw refused(file, "cannot be read: " + e.getMessage());
        }
    }

    private static ConfigException refused(Path file, String sentence) {
        return new ConfigException(file.toString(), List.of(new Fault(0, sentence)));
    }

    /// Reads a configuration, all faults at once.
    ///
    /// @param source how faults name the text
    /// @param text the content of a file, or null when there is none
    public static SottoConfig read(String source, @Nullable String text, Overrides overrides)
            throws ConfigException {
        List<Fault> faults = new ArrayList<>();
        // Without a file the YAML library is never loaded, which is felt at the start.
        Mapping mapping = text == null ? Mapping.empty() : Yaml.read(text, faults);
        SottoConfig config = read(new Settings("", mapping, faults), source, overrides);
        if (!faults.isEmpty()) {
            throw new ConfigException(source, faults);
        }
        return config;
    }

    /// Every setting there is.
    public static List<Key> keys() {
        Settings top = new Settings("", Mapping.empty(), new ArrayList<>());
        Settings listener = new Settings("listeners[].", Mapping.empty(), new ArrayList<>());
        Settings user = new Settings("users[].", Mapping.empty(), new ArrayList<>());
        Settings group = new Settings("groups[].", Mapping.empty(), new ArrayList<>());
        Settings rule = new Settings("acl[].", Mapping.empty(), new ArrayList<>());
        Settings kept = new Settings("durability-by-topic[].", Mapping.empty(), new ArrayList<>());
        Settings alike = new Settings("queue.prefixes[].", Mapping.empty(), new ArrayList<>());
        read(top, "", Overrides.NONE);
        Settings more = new Settings("listeners[].tls.more[].", Mapping.empty(), new ArrayList<>());
        ListenerConfig.read(listener, 0);
        CarrierKeys.pair(more, "", false);
        UserConfig.read(user);
        AclKeys.group(group, new HashMap<>());
        AclKeys.rules(rule, "", Map.of());
        QueueKeys.prefix(alike);
        KeepingKeys.topics(kept);
        List<Key> keys = new ArrayList<>(top.known());
        keys.addAll(listener.known());
        keys.addAll(more.known());
        keys.addAll(user.known());
        keys.addAll(group.known());
        keys.addAll(rule.known());
        keys.addAll(alike.known());
        keys.addAll(kept.known());
        return keys;
    }

    private static SottoConfig read(Settings settings, String source, Overrides overrides) {
        List<ListenerConfig> listeners = listeners(settings.items("listeners"), overrides);
        Logins logins =
                new Logins(
                        users(settings),
                        settings.choice("clients.unknown-user", UnknownUser.REFUSE),
                        LoginKeys.jwt(settings),
                        LoginKeys.http(settings),
                        BrokerKeys.logins(settings));
        Rules rules = AclKeys.read(settings, source, listeners, logins.bringRights());
        StoreSettings store = store(settings, overrides);
        LogConfig log = LogConfig.read(settings);
        BrokerSettings broker =
                BrokerKeys.broker(
                        settings, KeepingKeys.read(settings, store.durability(), listeners));
        TransportSettings transport = BrokerKeys.transport(settings);
        settings.refuseTheRest();
        return new SottoConfig(
                admissions(listeners, logins, settings.faults()),
                logins,
                rules,
                store,
                log,
                broker,
                transport,
                Map.copyOf(settings.values()));
    }

    private static StoreSettings store(Settings settings, Overrides overrides) {
        StoreSettings fallback = StoreSettings.DEFAULT;
        Path data = data(settings);
        return new StoreSettings(
                overrides.data() != null ? overrides.data() : data,
                settings.choice("durability", fallback.durability()),
                settings.number("store.reserve", Quantity.bytes(0, 1L << 50), fallback.reserve()),
                settings.choice("store.damaged", fallback.damaged()));
    }

    private static Path data(Settings settings) {
        Path fallback = StoreSettings.DEFAULT.folder();
        String text = settings.text("data", "directory", "./" + fallback);
        if (text != null && text.isEmpty()) {
            settings.fault(settings.lineOf("data"), "data", "is empty; a folder is needed");
            return fallback;
        }
        Path given = text == null ? null : OtherFile.path(settings, "data", text);
        return given == null ? fallback : given;
    }

    private static List<ListenerConfig> listeners(List<Settings> items, Overrides overrides) {
        List<ListenerConfig> listeners = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Settings item : items) {
            ListenerConfig listener = ListenerConfig.read(item, listeners.size());
            if (!names.add(listener.name())) {
                item.fault(
                        item.lineOf("name"),
                        "name",
                        "'" + listener.name() + "' is the name of another listener");
            }
            listeners.add(listener);
        }
        if (listeners.isEmpty()) {
            listeners.add(ListenerConfig.DEFAULT);
        }
        for (int i = 0; i < listeners.size(); i++) {
            if (listeners.get(i).endpoint() instanceof Endpoint.Port) {
                listeners.set(i, listeners.get(i).at(overrides.host(), overrides.port()));
                break;
            }
        }
        return listeners;
    }

    private static List<UserConfig> users(Settings settings) {
        List<UserConfig> users = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Settings item : settings.items("users")) {
            UserConfig user = UserConfig.read(item);
            if (!names.add(user.name())) {
                item.fault(item.lineOf("name"), "name", "'" + user.name() + "' is given twice");
            }
            users.add(user);
        }
        for (UserConfig user : UserConfig.ofFile(settings)) {
            if (names.add(user.name())) {
                users.add(user);
            } else {
                settings.fault(
                        settings.lineOf("password-file"),
                        "password-file",
                        "has '" + user.name() + "', who is among users too");
            }
        }
        return users;
    }

    /// Settles whom each listener admits: no port is opened to the network for everybody unless
    /// that is written down.
    private static List<ListenerConfig> admissions(
            List<ListenerConfig> listeners, Logins logins, List<Fault> faults) {
        List<ListenerConfig> settled = new ArrayList<>();
        for (ListenerConfig listener : listeners) {
            String at = "listener " + listener.name() + " at " + listener.endpoint();
            boolean noUsers = listener.ways().stream().noneMatch(logins::has);
            boolean loopback = false;
            try {
                loopback = listener.isLoopback();
            } catch (UnknownHostException e) {
                faults.add(new Fault(listener.line(), at + ": that name is not known"));
                continue;
            }
            for (LoginWay way : listener.ways()) {
                if (way != LoginWay.USERS
                        && !logins.has(way)
                        && !listener.ways().equals(LoginWay.ALL)) {
                    faults.add(
                            new Fault(
                                    listener.line(),
                                    at + " names " + way.word() + ", of which nothing is said"));
                }
            }
            Boolean said = listener.anonymous();
            boolean admits = said != null ? said : loopback && noUsers;
            if (noUsers && !admits && !listener.knowsEverybody()) {
                faults.add(
                        new Fault(
                                listener.line(),
                                said == null
                                        ? at
                                                + " can be reached from the network, and nobody"
                                                + " would have to log in: give users (./sotto"
                                                + " passwd makes their lines), jwt or http-login,"
                                                + " or write anonymous: true for this listener"
                                        : at
                                                + " admits nobody: there are no users; give some"
                                                + " (./sotto passwd makes their lines), or jwt or"
                                                + " http-login"));
            }
            settled.add(listener.admitting(admits));
        }
        return settled;
    }
}
