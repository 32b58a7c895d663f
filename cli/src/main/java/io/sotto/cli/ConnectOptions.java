package io.sotto.cli;

import io.sotto.client.Backoff;
import io.sotto.client.ClientOptions;
import io.sotto.client.ClientSession;
import io.sotto.client.Transport;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Will;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Everything that decides how a client connects.
final class ConnectOptions {
    private static final Backoff BACKOFF =
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

    @Mixin AddressOptions address = new AddressOptions();

    @Mixin SessionOptions session = new SessionOptions();

    @Mixin PropertyOptions properties = new PropertyOptions();

    @Mixin LoginOptions login = new LoginOptions();

    @Mixin SecurityOptions security = new SecurityOptions();

    @Mixin WillOptions will = new WillOptions();

    @Option(
            names = {"-d", "--debug"},
            description = "Says on standard error what happens.")
    boolean debug;

    @Option(names = "--quiet", description = "Says nothing of what fails while it runs.")
    boolean quiet;

    ConnectOptions() {}

    /// The version to speak: a property can only be sent with 5.0.
    ProtocolVersion version(ProtocolVersion usual) {
        if (session.version != null) {
            return session.version;
        }
        return properties.areGiven() ? ProtocolVersion.MQTT_5 : usual;
    }

    /// The topic of the URL, or null.
    @Nullable String topic() {
        return address.url == null ? null : address.url.topic();
    }

    /// What the options come to.
    ///
    /// @param usual the version where none is asked for
    /// @throws IOException with a sentence, when a file is not what it should be
    ClientOptions settle(ProtocolVersion usual) throws IOException {
        ProtocolVersion version = version(usual);
        if (properties.areGiven() && !version.hasProperties()) {
            throw new IllegalArgumentException("only MQTT 5.0 has properties (-D): -V 5");
        }
        ClientOptions options =
                ClientOptions.of(connector())
                        .version(version)
                        .clientId(session.clientId(version))
                        .cleanStart(!session.kept)
                        .keepAlive(Duration.ofSeconds(session.keepAlive))
                        .properties(properties.connect(session.expiry()))
                        .reconnect(BACKOFF);
        if (session.kept) {
            // Each call is a process of its own: what an earlier one left is believed to be there.
            options = options.session(ClientSession.leftBehind());
        }
        Will last = will.settle(properties.willDelay(), properties.message("will", null));
        return loggedIn(last == null ? options : options.will(last));
    }

    private ClientOptions loggedIn(ClientOptions options) throws IOException {
        BrokerUrl url = address.url;
        if (url != null && url.user() != null) {
            String password = url.password();
            return options.login(url.user(), password == null ? null : Payload.of(password));
        }
        BrokerCheck.Login known = login.login().orElse(null);
        if (known == null) {
            return options;
        }
        boolean alone = known.password().isEmpty();
        return options.login(known.user(), alone ? null : Payload.of(known.password()));
    }

    private Transport.Connector connector() throws IOException {
        BrokerUrl where = address.settle();
        boolean local = where.scheme() == BrokerUrl.Scheme.UNIX;
        boolean tls = !local && (security.isAsked() || address.meansTls());
        return where.connector(address.bind, tls ? security.settle() : null);
    }
}
