package io.sotto.client;

import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Will;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a client is and how it connects. Each method answers with a changed copy; an object that
/// was handed out never changes.
///
/// The defaults: MQTT 5.0, an identifier that the server assigns, clean start, a session that ends
/// with the connection, keep alive 60 s, packets up to 16 MiB, no reconnecting.
public final class ClientOptions {
    private static final int MAXIMUM_PACKET_SIZE = 16 * 1024 * 1024;
    private static final int RECEIVE_MAXIMUM = 1_000;
    private static final Duration LONGEST_KEEP_ALIVE = Duration.ofSeconds(65_535);

    // Written before the object is handed out only.
    Transport.Connector connector;
    ProtocolVersion version = ProtocolVersion.MQTT_5;
    String clientId = "";
    boolean cleanStart = true;
    boolean bridge;
    Duration keepAlive = Duration.ofMinutes(1);
    @Nullable Will will;
    Login login = new Login(null, null, null);
    Connect.Properties properties;
    @Nullable ClientSession session;
    ClientLimits limits = ClientLimits.DEFAULT;
    @Nullable Backoff reconnect;

    /// Who connects.
    record Login(
            @Nullable String userName,
            @Nullable Payload password,
            @Nullable Authentication authentication) {}

    private ClientOptions(Transport.Connector connector) {
        this.connector = connector;
        this.properties =
                new Connect.Properties(
                        0,
                        RECEIVE_MAXIMUM,
                        MAXIMUM_PACKET_SIZE,
                        0,
                        false,
                        true,
                        Connect.Properties.DEFAULT.userProperties(),
                        null,
                        null);
    }

    /// A client over TCP.
    public static ClientOptions of(String host, int port) {
        return of(Transport.tcp(host, port));
    }

    /// A client over any transport.
    public static ClientOptions of(Transport.Connector connector) {
        return new ClientOptions(connector);
    }

    private ClientOptions with(Consumer<ClientOptions> change) {
        ClientOptions copy = new ClientOptions(connector);
        copy.version = version;
        copy.clientId = clientId;
        copy.cleanStart = cleanStart;
        copy.bridge = bridge;
        copy.keepAlive = keepAlive;
        copy.will = will;
        copy.login = login;
        copy.properties = properties;
        copy.session = session;
        copy.limits = limits;
        copy.reconnect = reconnect;
        change.accept(copy);
        return copy;
    }

    /// The protocol version.
    public ClientOptions version(ProtocolVersion value) {
        return with(copy -> copy.version = value);
    }

    /// The client identifier; empty to let the server assign one.
    public ClientOptions clientId(String value) {
        return with(copy -> copy.clientId = value);
    }

    /// Whether the first connection discards an older session; clean session in 3.x. A client that
    /// reconnects by itself resumes where the session outlives the connection.
    public ClientOptions cleanStart(boolean value) {
        return with(copy -> copy.cleanStart = value);
    }

    /// Whether this is a bridge, told to the server by the customary top bit of the protocol level.
    /// Servers that do not know it refuse.
    public ClientOptions bridge(boolean value) {
        return with(copy -> copy.bridge = value);
    }

    /// The longest silence before PINGREQ; sent to the server in whole seconds, rounded up. Zero
    /// for none, at most 65,535 s.
    public ClientOptions keepAlive(Duration value) {
        if (value.isNegative() || value.compareTo(LONGEST_KEEP_ALIVE) > 0) {
            throw new IllegalArgumentException("keep alive is 0 to 65,535 s");
        }
        return with(copy -> copy.keepAlive = value);
    }

    /// The message that the server publishes when this client is lost.
    public ClientOptions will(Will value) {
        return with(copy -> copy.will = value);
    }

    /// The user name and, where it needs one, the password.
    public ClientOptions login(@Nullable String userName, @Nullable Payload password) {
        return with(copy -> copy.login = new Login(userName, password, login.authentication()));
    }

    /// An enhanced authentication, 5.0 only.
    public ClientOptions authentication(Authentication value) {
        return with(copy -> copy.login = new Login(login.userName(), login.password(), value));
    }

    /// The properties of CONNECT, 5.0 only, but for the maximum packet size, which is enforced in
    /// every version. Authentication is not taken from here.
    public ClientOptions properties(Connect.Properties value) {
        return with(copy -> copy.properties = value);
    }

    /// How long the session outlives the connection, in seconds; 5.0 only.
    public ClientOptions sessionExpiryInterval(long seconds) {
        return properties(
                new Connect.Properties(
                        seconds,
                        properties.receiveMaximum(),
                        properties.maximumPacketSize(),
                        properties.topicAliasMaximum(),
                        properties.requestResponseInformation(),
                        properties.requestProblemInformation(),
                        properties.userProperties(),
                        null,
                        null));
    }

    /// The session to go on with; it is changed by the client and serves one client at a time.
    /// Without one, each client begins its own.
    public ClientOptions session(ClientSession value) {
        return with(copy -> copy.session = value);
    }

    public ClientOptions limits(ClientLimits value) {
        return with(copy -> copy.limits = value);
    }

    /// Connects again after each loss, but after 0x8E (another client took the session) and after
    /// closing. The first connection is not tried again.
    public ClientOptions reconnect(Backoff value) {
        return with(copy -> copy.reconnect = value);
    }

    /// Whether the session asks to outlive its connection.
    boolean wantsToOutlive() {
        return version.hasProperties() ? properties.sessionExpiryInterval() > 0 : !cleanStart;
    }

    /// The CONNECT of the first or a later connection.
    ///
    /// @param id the identifier that the session has already
    Connect connect(boolean first, @Nullable String id) {
        String known = id == null || !clientId.isEmpty() ? clientId : id;
        boolean clean = version.hasProperties() && !first ? !wantsToOutlive() : cleanStart;
        if (known.isEmpty() && !version.hasProperties() && !clean) {
            throw new IllegalArgumentException(
                    "an empty client identifier needs a clean session [MQTT3-3.1.3-7]");
        }
        if (!version.hasProperties() && login.password() != null && login.userName() == null) {
            throw new IllegalArgumentException("password without user name [MQTT3-3.1.2-22]");
        }
        Authentication authentication = login.authentication();
        Connect.Properties sent =
                new Connect.Properties(
                        properties.sessionExpiryInterval(),
                        properties.receiveMaximum(),
                        properties.maximumPacketSize(),
                        properties.topicAliasMaximum(),
                        properties.requestResponseInformation(),
                        properties.requestProblemInformation(),
                        properties.userProperties(),
                        authentication == null ? null : authentication.method(),
                        authentication == null ? null : authentication.first());
        int seconds = Math.toIntExact(keepAlive.plusNanos(999_999_999).toSeconds());
        return new Connect(
                version,
                bridge,
                clean,
                seconds,
                known,
                will,
                login.userName(),
                login.password(),
                sent);
    }
}
