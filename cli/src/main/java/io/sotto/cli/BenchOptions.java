package io.sotto.cli;

import io.sotto.cli.bench.Peer;
import io.sotto.cli.bench.Progress;
import io.sotto.client.Wire;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Which broker is measured, as whom, from where, and how it is told.
final class BenchOptions {
    private static final int KEEP_ALIVE_SECONDS = 60;
    private static final int TLS_PORT = 8883;

    @Parameters(
            paramLabel = "BROKER",
            converter = BrokerUrl.ShortConverter.class,
            description =
                    "HOST[:PORT], or a URL: mqtt://, mqtts://, ws:// and wss:// with HOST[:PORT], or"
                            + " unix:FILE.")
    @Nullable BrokerUrl broker;

    @Mixin LoginOptions login = new LoginOptions();

    @Mixin SecurityOptions security = new SecurityOptions();

    @Option(
            names = {"-V", "--protocol-version"},
            paramLabel = "VERSION",
            defaultValue = "311",
            converter = SessionOptions.VersionConverter.class,
            description = "The version of MQTT: 5, 311 or 31; 311 unless told otherwise.")
    ProtocolVersion version = ProtocolVersion.MQTT_3_1_1;

    @Option(
            names = {"-A", "--bind"},
            paramLabel = "ADDRESS",
            split = ",",
            description =
                    "Addresses of this machine to connect from, in turns; each has some 28,000 ports.")
    List<String> binds = new ArrayList<>();

    @Option(
            names = "--conn-rate",
            paramLabel = "PER_SECOND",
            defaultValue = "500",
            description = "Connections a second; 500 unless told otherwise.")
    double connectionRate;

    @Option(
            names = "--threads",
            paramLabel = "THREADS",
            defaultValue = "1",
            description =
                    "How many threads read and send for the clients, up to the number of processors; 1 unless"
                            + " told otherwise.")
    int threads;

    @Option(names = "--json", description = "Writes one JSON object, with times in microseconds.")
    boolean json;

    @Option(names = "--quiet", description = "Shows no progress on standard error.")
    boolean quiet;

    BenchOptions() {}

    /// Each client, by its number.
    ///
    /// @throws IOException with a sentence, when a file is not what it should be
    IntFunction<Peer> clients() throws IOException {
        if (!(connectionRate > 0)) {
            throw new IllegalArgumentException("--conn-rate is above 0");
        }
        BrokerUrl url = broker == null ? BrokerUrl.of("localhost", 0) : broker;
        boolean secure =
                url.scheme() != BrokerUrl.Scheme.UNIX
                        && (security.isAsked()
                                || url.scheme().isSecure()
                                || url.address().port() == TLS_PORT);
        Sockets.Security settled = secure ? security.settle() : null;
        List<Wire.Opener> ways = new ArrayList<>();
        for (String bind : binds) {
            ways.add(url.opener(bind, settled));
        }
        if (ways.isEmpty()) {
            ways.add(url.opener(null, settled));
        }
        BrokerCheck.Login user = user(url);
        String prefix = "b%08x-".formatted(ThreadLocalRandom.current().nextInt());
        return index -> new Peer(ways.get(index % ways.size()), connect(prefix + index, user));
    }

    int loops() {
        int most = Runtime.getRuntime().availableProcessors();
        if (threads < 1 || threads > most) {
            throw new IllegalArgumentException(
                    "--threads is 1 to %d, the processors of this machine".formatted(most));
        }
        return threads;
    }

    private Connect connect(String clientId, BrokerCheck.@Nullable Login user) {
        return new Connect(
                version,
                false,
                true,
                KEEP_ALIVE_SECONDS,
                clientId,
                null,
                user == null ? null : user.user(),
                user == null ? null : password(user),
                Connect.Properties.DEFAULT);
    }

    private static @Nullable Payload password(BrokerCheck.Login user) {
        return user.password().isEmpty() ? null : Payload.of(user.password());
    }

    private BrokerCheck.@Nullable Login user(BrokerUrl url) throws IOException {
        if (url.user() != null) {
            String password = url.password();
            return new BrokerCheck.Login(url.user(), password == null ? "" : password);
        }
        return login.login().orElse(null);
    }

    Progress progress(PrintWriter err) {
        return new Progress(quiet ? null : err, Terminal.isThere());
    }
}
