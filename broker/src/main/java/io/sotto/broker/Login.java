package io.sotto.broker;

import io.sotto.broker.BrokerSettings.Capabilities;
import io.sotto.broker.BrokerSettings.Clients;
import io.sotto.broker.session.Line;
import io.sotto.broker.session.Session;
import io.sotto.broker.spi.Authenticator;
import io.sotto.broker.spi.Authenticator.Accepted;
import io.sotto.broker.spi.Authenticator.Challenge;
import io.sotto.broker.spi.Authenticator.Outcome;
import io.sotto.broker.spi.Authenticator.Refused;
import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Origin;
import io.sotto.broker.spi.Principal;
import io.sotto.broker.spi.Terms.ClientIds;
import io.sotto.mqtt.Auth;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.Utf8;
import io.sotto.mqtt.Will;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// A CONNECT being judged, in this order: client id, who it is, whether the session is its own, its
/// will; and only then takeover and clean start. A stranger changes nothing.
final class Login {
    private final Connection connection;
    private final Connect connect;
    private Line line;
    private String clientId;
    private @Nullable Will will;
    private @Nullable Principal principal;
    private Authenticator.@Nullable Step step;
    private boolean awaitingAnswer;

    Login(Connection connection, Connect connect) {
        this.connection = connection;
        this.connect = connect;
        this.clientId = connect.clientId();
        this.line = newLine();
    }

    /// The way to the client, with what belongs to the shard that the connection is on.
    private Line newLine() {
        Connect.Properties properties = connect.properties();
        long size = properties.maximumPacketSize();
        return new Line(
                connection.link(),
                connection.shard().frames(),
                connection.shard().ledger().traffic(),
                new Line.Ability(
                        connect.version(),
                        size == 0 ? Integer.MAX_VALUE : (int) Math.min(size, Integer.MAX_VALUE),
                        properties.receiveMaximum(),
                        properties.topicAliasMaximum(),
                        properties.requestProblemInformation()),
                connection);
    }

    /// What the connection must know of a client that is let in.
    ///
    /// @param keepAliveMillis after how long a silence it is lost, 0 for never
    record Admission(long keepAliveMillis, boolean bridge) {}

    Line line() {
        return line;
    }

    /// The client id of whoever logs in, empty as long as that is not known.
    static String clientId(@Nullable Login login) {
        return login == null ? "" : login.clientId;
    }

    /// Whether the client named an authentication method.
    boolean isEnhanced() {
        return connect.properties().authenticationMethod() != null;
    }

    void begin(long now) {
        Origin origin = connection.link().origin();
        if (!origin.terms().versions().contains(connect.version())) {
            connection.refuse(
                    ReasonCode.UNSUPPORTED_PROTOCOL_VERSION,
                    connect.version() + " is not served here (listeners[].versions)",
                    now);
            return;
        }
        Will named = connect.will();
        if (named != null) {
            will =
                    ReservedTopics.contains(named.topic())
                            ? named
                            : origin.terms()
                                    .mountPoint()
                                    .whole(named, settings().decoder().topics());
        }
        if (isNamed(origin)) {
            String name = connect.userName() != null ? connect.userName() : origin.certified();
            clientId = name == null ? "" : name;
        }
        String problem =
                isNamed(origin) && clientId.isEmpty()
                        ? "a user name is needed here, and is the client id (listeners[].client-id)"
                        : clientIdProblem();
        if (problem != null) {
            connection.refuse(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID, problem, now);
            return;
        }
        if (clientId.isEmpty()) {
            clientId = assignedId();
        }
        if (!origin.terms().admits(clientId)) {
            connection.refuse(
                    ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
                    "client ids are to begin otherwise here (listeners[].client-id-prefixes)",
                    now);
            return;
        }
        Broker broker = connection.shard().broker();
        connection.moveTo(broker.shard(broker.home(clientId)), this::authenticate);
    }

    private static boolean isNamed(Origin origin) {
        return origin.terms().clientIds() == ClientIds.USER_NAME;
    }

    private @Nullable String clientIdProblem() {
        Clients clients = clients();
        if (clientId.isEmpty()) {
            boolean stateless = connect.version() == ProtocolVersion.MQTT_5 || connect.cleanStart();
            if (connect.version() == ProtocolVersion.MQTT_3_1 || !stateless) {
                return "an empty client id needs a clean session [MQTT3-3.1.3-8]";
            }
            return clients.emptyClientId()
                    ? null
                    : "empty client ids are not taken (clients.empty-id)";
        }
        if (connect.version() == ProtocolVersion.MQTT_3_1
                && clients.strictMqtt31()
                && clientId.length() > 23) {
            return "a client id of MQTT 3.1 has at most 23 characters (clients.strict-mqtt-3.1)";
        }
        if (clientId.getBytes(StandardCharsets.UTF_8).length > clients.clientIdBytes()) {
            return "client id longer than limits.client-id-bytes";
        }
        boolean strict = !settings().decoder().topics().controlCharacters();
        return strict && Utf8.isDiscouraged(clientId)
                ? "control character in client id (limits.control-characters)"
                : null;
    }

    /// 128 unpredictable bits.
    private String assignedId() {
        byte[] bits = new byte[16];
        long high = connection.shard().broker().ports().entropy().next();
        long low = connection.shard().broker().ports().entropy().next();
        for (int i = 0; i < 8; i++) {
            bits[i] = (byte) (high >>> 8 * i);
            bits[8 + i] = (byte) (low >>> 8 * i);
        }
        return connection.link().origin().terms().idPrefix()
                + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }

    private void authenticate(long now) {
        line = newLine();
        String userName = connect.userName();
        if (userName != null
                && Utf8.isDiscouraged(userName)
                && !settings().decoder().topics().controlCharacters()) {
            connection.refuse(
                    ReasonCode.BAD_USER_NAME_OR_PASSWORD, "control character in user name", now);
            return;
        }
        ask(connect.properties().authenticationData());
    }

    private void ask(@Nullable Payload data) {
        Authenticator.Login login =
                new Authenticator.Login(
                        connection.link().origin(),
                        clientId,
                        connect.userName(),
                        connect.password(),
                        connect.properties().authenticationMethod(),
                        data);
        awaitingAnswer = true;
        connection.shard().broker().ports().authenticator().authenticate(login, this::post);
    }

    /// From any thread.
    private void post(Outcome outcome) {
        connection.shard().post(now -> judged(outcome, now));
    }

    private void judged(Outcome outcome, long now) {
        if (connection.isClosed() || !awaitingAnswer) {
            return;
        }
        awaitingAnswer = false;
        switch (outcome) {
            case Accepted accepted -> accept(accepted, now);
            case Challenge challenge -> challenge(challenge, now);
            case Refused refused -> {
                connection
                        .shard()
                        .broker()
                        .ports()
                        .events()
                        .event(
                                Severity.WARNING,
                                "client " + clientId + " refused: " + refused.explanation());
                connection
                        .shard()
                        .context()
                        .recorder()
                        .refusedAndTold(
                                refused.reason(), clientId, "CONNECT", refused.explanation(), now);
                // Not every code of CONNACK is one of DISCONNECT.
                reject(
                        principal == null ? refused.reason() : ReasonCode.NOT_AUTHORIZED,
                        refused.sentence(),
                        now);
            }
        }
    }

    private void challenge(Challenge challenge, long now) {
        Auth auth = auth(ReasonCode.CONTINUE_AUTHENTICATION, challenge.data());
        if (line.fits(auth)) {
            step = challenge.next();
            connection.challenge(line, auth);
        } else {
            reject(
                    ReasonCode.PACKET_TOO_LARGE,
                    "not even AUTH is within the Maximum Packet Size of the client [MQTT-3.1.2-24]",
                    now);
        }
    }

    private Auth auth(ReasonCode reason, @Nullable Payload data) {
        return new Auth(
                reason, connect.properties().authenticationMethod(), data, Diagnostics.NONE);
    }

    /// Refuses a login; a failed re-authentication ends the connection [MQTT-4.12.1-2].
    private void reject(ReasonCode reason, String sentence, long now) {
        if (principal == null) {
            connection.refuse(reason, sentence, now);
        } else {
            connection.disconnect(reason, sentence, now);
        }
    }

    private void accept(Accepted accepted, long now) {
        if (principal == null) {
            principal = accepted.principal();
            admit(accepted, now);
        } else if (principal.equals(accepted.principal())) {
            connection.renew(accepted.pass(), now);
            connection.reply(auth(ReasonCode.SUCCESS, accepted.data()));
        } else {
            reject(
                    ReasonCode.NOT_AUTHORIZED,
                    "re-authentication as somebody else [MQTT-4.12.1-1]",
                    now);
        }
    }

    /// AUTH came while more was awaited.
    void answered(Auth auth, long now) {
        Authenticator.Step next = step;
        if (auth.reason() != ReasonCode.CONTINUE_AUTHENTICATION || next == null) {
            throw ProtocolException.protocolError("AUTH with 0x18 was asked for [MQTT-4.12.0-3]");
        }
        checkMethod(auth);
        step = null;
        connection.judge();
        awaitingAnswer = true;
        next.respond(auth.authenticationData(), this::post);
    }

    /// AUTH came on an open connection.
    void reauthenticate(Auth auth, long now) {
        if (auth.reason() == ReasonCode.CONTINUE_AUTHENTICATION) {
            answered(auth, now);
            return;
        }
        checkMethod(auth);
        if (awaitingAnswer || step != null) {
            throw ProtocolException.protocolError("re-authentication within re-authentication");
        }
        ask(auth.authenticationData());
    }

    private void checkMethod(Auth auth) {
        String method = connect.properties().authenticationMethod();
        if (method == null || !method.equals(auth.authenticationMethod())) {
            throw new ProtocolException(
                    ReasonCode.BAD_AUTHENTICATION_METHOD,
                    "another authentication method than in CONNECT [MQTT-4.12.0-5]");
        }
    }

    private void admit(Accepted accepted, long now) {
        Shard shard = connection.shard();
        Subject subject =
                new Subject(
                        accepted.principal(),
                        clientId,
                        connection.link().origin(),
                        accepted.pass());
        Session known = shard.sessions().find(clientId);
        if (!checkClientId(subject, known, now)) {
            return;
        }
        Will will = this.will;
        if (!checkQuotas(known == null, now) || will != null && !checkWill(will, subject, now)) {
            return;
        }
        long expiry = sessionExpiry();
        ConnAck.Properties properties = properties(expiry, accepted.data());
        if (!line.fits(new ConnAck(false, ReasonCode.SUCCESS, properties))) {
            connection.refuse(
                    ReasonCode.PACKET_TOO_LARGE,
                    "not even CONNACK is within the Maximum Packet Size of the client [MQTT-3.1.2-24]",
                    now);
            return;
        }
        var opened = shard.sessions().open(subject, connect.cleanStart(), expiry, will, now);
        ConnAck connAck = new ConnAck(opened.present(), ReasonCode.SUCCESS, properties);
        shard.sessions().claim(opened.session(), line, subject, now);
        shard.ledger().traffic().loggedIn();
        shard.broker()
                .ports()
                .events()
                .event(
                        Severity.INFO,
                        "client "
                                + clientId
                                + " connected from "
                                + connection.link().origin()
                                + " as "
                                + accepted.principal()
                                + ", "
                                + connect.version()
                                + (opened.present() ? ", session resumed" : ", new session"));
        connection.open(
                line,
                opened.session(),
                connAck,
                new Admission(keepAlive() * 1500L, connect.bridge()),
                now);
    }

    /// Whether the client id is one that this user may have.
    private boolean checkClientId(Subject subject, @Nullable Session known, long now) {
        if (isNamed(subject.origin()) && !clientId.equals(subject.principal().name())) {
            connection.refuse(
                    ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
                    "the user name is the client id here (listeners[].client-id)",
                    now);
        } else if (known != null
                && clients().boundClientId()
                && !known.subject().principal().equals(subject.principal())) {
            connection.refuse(
                    ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
                    "the session belongs to another user (clients.bound-id)",
                    now);
        } else {
            return true;
        }
        return false;
    }

    /// Whether there is room for the client, and it does not come too often.
    private boolean checkQuotas(boolean fresh, long now) {
        Broker broker = connection.shard().broker();
        if (fresh && !broker.hasRoomForSession(settings().quotas().sessions())) {
            connection.refuse(
                    ReasonCode.QUOTA_EXCEEDED, "as many sessions as may be (limits.sessions)", now);
        } else if (fresh && sessionExpiry() > 0 && isDiskFull()) {
            connection.refuse(
                    ReasonCode.QUOTA_EXCEEDED,
                    "the disk is full, so the session cannot be kept (store.reserve)",
                    now);
        } else if (!broker.rates().admits(clientId, now)) {
            connection.refuse(
                    ReasonCode.CONNECTION_RATE_EXCEEDED,
                    "this client id logs in too often (limits.connect-rate-per-client)",
                    now);
        } else {
            return true;
        }
        return false;
    }

    private boolean isDiskFull() {
        return connection.shard().context().journal().condition() == Journal.Condition.FULL
                && settings().keeping().of(connection.link().origin().listener())
                        != Durability.MEMORY;
    }

    /// Whether the will is one that the client might publish itself.
    private boolean checkWill(Will will, Subject subject, long now) {
        Capabilities capabilities = settings().capabilities();
        if (will.qos().compareTo(capabilities.maximumQoS()) > 0) {
            connection.refuse(
                    ReasonCode.QOS_NOT_SUPPORTED,
                    "will QoS above mqtt.maximum-qos [MQTT-3.2.2-12]",
                    now);
        } else if (will.retain() && !capabilities.retain()) {
            connection.refuse(
                    ReasonCode.RETAIN_NOT_SUPPORTED,
                    "will with retain (mqtt.retain) [MQTT-3.2.2-13]",
                    now);
        } else if (ReservedTopics.contains(will.topic())
                || !connection
                        .shard()
                        .context()
                        .authorizer()
                        .mayPublish(subject, will.topic(), will.qos(), will.retain())) {
            connection.refuse(ReasonCode.NOT_AUTHORIZED, "may not publish its will", now);
        } else {
            return true;
        }
        return false;
    }

    /// How long the session outlives this connection, in seconds.
    private long sessionExpiry() {
        if (connect.version() == ProtocolVersion.MQTT_5) {
            return clients().sessionExpiry(connect.properties().sessionExpiryInterval());
        }
        return connect.cleanStart() ? 0 : clients().longestSession();
    }

    /// In seconds; the broker's own maximum holds for 5.0, which can be told [MQTT-3.1.2-21].
    private int keepAlive() {
        int maximum = clients().keepAliveMaximum();
        int asked = connect.keepAlive();
        boolean cut =
                maximum > 0
                        && connect.version() == ProtocolVersion.MQTT_5
                        && (asked == 0 || asked > maximum);
        return cut ? maximum : asked;
    }

    private ConnAck.Properties properties(long expiry, @Nullable Payload authenticationData) {
        Capabilities capabilities = settings().capabilities();
        boolean asAsked = expiry == connect.properties().sessionExpiryInterval();
        int keepAlive = keepAlive();
        return new ConnAck.Properties(
                asAsked ? -1 : expiry,
                capabilities.receiveMaximum(),
                capabilities.maximumQoS(),
                capabilities.retain(),
                settings().decoder().packetSize(),
                connect.clientId().isEmpty() ? clientId : null,
                capabilities.topicAliasMaximum(),
                Diagnostics.NONE,
                capabilities.wildcards(),
                true,
                capabilities.sharing(),
                keepAlive == connect.keepAlive() ? -1 : keepAlive,
                null,
                null,
                connect.properties().authenticationMethod(),
                authenticationData);
    }

    private BrokerSettings settings() {
        return connection.shard().settings();
    }

    private Clients clients() {
        return settings().clients();
    }
}
