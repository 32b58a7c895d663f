package io.sotto.server.mosquitto;

import io.sotto.server.mosquitto.Finding.Verdict;
import io.sotto.server.mosquitto.MosquittoConf.ListenerConf;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a listener of Mosquitto is in Sotto, save for who may come in.
final class ListenerDirectives {
    private static final long PORTS = 65_535;
    private static final int DEFAULT_PORT = 1883;

    private final Report report;
    private final SottoFile file;
    private final Values values;
    private final Machine machine;
    private final Set<String> names = new HashSet<>();

    ListenerDirectives(Report report, SottoFile file, Machine machine) {
        this.report = report;
        this.file = file;
        this.values = new Values(report);
        this.machine = machine;
    }

    /// One that was translated.
    ///
    /// @param name as Sotto calls it
    /// @param knowsEverybody whether each client has shown a certificate that is its login
    record Translated(ListenerConf conf, String name, boolean knowsEverybody) {}

    /// Writes a listener, without the keys about who may come in.
    Translated translate(ListenerConf conf) {
        Section options = conf.options();
        Directive at = conf.at();
        Place place = place(conf);
        String name = name(place, options);
        file.listener(at, name);
        if (place.path() == null) {
            file.ofListener("host", SottoFile.quoted(place.host()), null);
            file.ofListener("port", String.valueOf(place.port()), null);
        } else {
            file.ofListener("path", SottoFile.quoted(place.path()), null);
        }
        if (at != null && at.name().equals("listener")) {
            report.imported(at, "listeners[].name: " + name);
        }
        for (Directive directive : options.all()) {
            option(directive);
        }
        protocol(options);
        boolean certified = new TlsDirectives(report, file, options).translate();
        return new Translated(conf, name, certified);
    }

    /// The listener for this machine alone, which is there without a configuration.
    Translated local(ListenerConf conf, String host, int port) {
        String name = unique((host.contains(":") ? "local6-" : "local-") + port);
        file.listener(null, name);
        file.ofListener("host", SottoFile.quoted(host), null);
        file.ofListener("port", String.valueOf(port), null);
        return new Translated(conf, name, false);
    }

    /// Where it is: a host and a port, or a path.
    private record Place(String host, int port, @Nullable String path) {}

    private Place place(ListenerConf conf) {
        Directive at = conf.at();
        Section options = conf.options();
        Directive bind = options.last("bind_address");
        Directive port = options.last("port");
        String host = bind == null ? "" : bind.value();
        if (bind != null) {
            report.imported(bind, "listeners[].host");
        }
        if (at != null && at.name().equals("listener")) {
            host = at.word(1);
            if (host.startsWith("/") && at.word(0).equals("0")) {
                return new Place("", 0, host);
            }
            Directive number = new Directive(at.file(), at.line(), at.name(), at.word(0));
            return new Place(host(host, options), port(number), null);
        }
        if (port != null) {
            report.imported(port, "listeners[].port");
            return new Place(host(host, options), port(port), null);
        }
        return new Place(host(host, options), DEFAULT_PORT, null);
    }

    private int port(Directive number) {
        Long port = values.number(number, 1, PORTS);
        return port == null ? 0 : port.intValue();
    }

    private String host(String host, Section options) {
        Directive device = options.last("bind_interface");
        Directive domain = options.last("socket_domain");
        String any = machine.hasIpv6() ? "::" : "0.0.0.0";
        if (domain != null) {
            switch (domain.value()) {
                case "ipv4" -> any = "0.0.0.0";
                case "ipv6" -> any = "::";
                default -> report.refuse(domain, "is to be ipv4 or ipv6");
            }
            report.imported(domain, "listeners[].host");
        }
        if (device == null) {
            return host.isEmpty() ? any : host;
        }
        String address = machine.address(device.value());
        if (address == null || !host.isEmpty() && !host.equals(address)) {
            report.refuse(
                    device,
                    "a listener is at an address; write that of the device behind the port");
            return any;
        }
        report.imported(device, "listeners[].host: " + address + ", which it has now");
        return address;
    }

    private String name(Place place, Section options) {
        boolean web = isWeb(options);
        boolean secure = options.has("certfile");
        String kind = (web ? "ws" : "mqtt") + (secure ? "s" : "");
        return unique(place.path() != null ? "unix" : kind + "-" + place.port());
    }

    private String unique(String name) {
        String unique = name;
        for (int i = 2; !names.add(unique); i++) {
            unique = name + "-" + i;
        }
        return unique;
    }

    private static boolean isWeb(Section options) {
        Directive protocol = options.last("protocol");
        return protocol != null && protocol.value().equals("websockets");
    }

    private void protocol(Section options) {
        Directive protocol = options.last("protocol");
        if (isWeb(options)) {
            file.ofListener("protocols", "[ws]", protocol);
            // Mosquitto looks at no path.
            file.ofListener("websocket.paths", "['*']", null);
            List<String> origins =
                    options.all("websockets_origin").stream().map(Directive::value).toList();
            if (!origins.isEmpty()) {
                file.ofListener(
                        "websocket.origins",
                        SottoFile.quoted(origins),
                        options.last("websockets_origin"));
            }
        }
        for (Directive origin : options.all("websockets_origin")) {
            report.add(
                    origin,
                    isWeb(options) ? Verdict.IMPORTED : Verdict.NOT_NEEDED,
                    isWeb(options) ? "websocket.origins" : "the listener has no WebSocket");
        }
        if (protocol == null) {
            return;
        }
        switch (protocol.value()) {
            case "mqtt" -> report.add(protocol, Verdict.SAME, "");
            case "websockets" -> report.imported(protocol, "protocols: [ws]");
            default -> report.refuse(protocol, "is to be mqtt or websockets");
        }
    }

    private void option(Directive directive) {
        switch (directive.name()) {
            case "max_connections" -> connections(directive);
            case "mount_point" -> {
                file.ofListener("mount-point", SottoFile.quoted(directive.value()), directive);
                report.imported(directive, "listeners[].mount-point");
            }
            case "use_username_as_clientid" -> {
                if (values.isTrue(directive)) {
                    file.ofListener("client-id", "user-name", directive);
                    report.imported(directive, "listeners[].client-id: user-name");
                } else {
                    report.add(directive, Verdict.SAME, "");
                }
            }
            case "http_dir" ->
                    report.add(
                            directive,
                            Verdict.NOT_SUPPORTED,
                            "Sotto serves no files; a web server" + " does");
            case "accept_protocol_versions" -> versions(directive);
            case "listener_auto_id_prefix" -> {
                file.ofListener(
                        "assigned-id-prefix", SottoFile.quoted(directive.value()), directive);
                report.imported(directive, "listeners[].assigned-id-prefix");
            }
            case "max_topic_alias_broker" ->
                    report.add(directive, Verdict.NOT_NEEDED, "the client says how many");
            case "enable_proxy_protocol" -> proxy(directive);
            case "proxy_protocol_v2_require_tls" -> {
                if (values.isTrue(directive)) {
                    report.refuse(directive, "Sotto does not ask the proxy whether there was TLS");
                } else {
                    report.add(directive, Verdict.SAME, "");
                }
            }
            default -> {
                // Translated together with others.
            }
        }
    }

    /// By the numbers of the protocol levels.
    private void versions(Directive directive) {
        List<String> versions = new ArrayList<>();
        for (String level : List.of(directive.value().split(",", -1))) {
            switch (level.strip()) {
                case "3" -> versions.add("3.1");
                case "4" -> versions.add("3.1.1");
                case "5" -> versions.add("5.0");
                default -> {
                    report.refuse(directive, "is to be some of 3, 4 and 5, with commas between");
                    return;
                }
            }
        }
        file.ofListener("versions", versions.toString(), directive);
        report.imported(directive, "listeners[].versions: " + versions);
    }

    private void connections(Directive directive) {
        Long most = values.number(directive, -1, 10_000_000);
        if (most == null) {
            return;
        }
        if (most < 1) {
            report.add(directive, Verdict.SAME, "");
        } else {
            file.ofListener("connections", String.valueOf(most), directive);
            report.imported(directive, "listeners[].connections: " + most);
        }
    }

    private void proxy(Directive directive) {
        file.ofListener("proxy.sources", "['0.0.0.0/0', '::/0']", directive);
        report.imported(directive, "proxy.sources: everybody, as in Mosquitto; name your proxies");
    }
}
