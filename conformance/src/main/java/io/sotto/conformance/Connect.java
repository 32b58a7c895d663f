package io.sotto.conformance;

import org.jspecify.annotations.Nullable;

/// A CONNECT to be sent: a fresh client identifier, clean start and a keep alive of 60 s, unless
/// told otherwise.
public final class Connect {
    private static final int USER = 0x80;
    private static final int PASSWORD = 0x40;
    private static final int CLEAN = 0x02;

    private final Broker broker;
    private Version version;
    private String id;
    private boolean clean = true;
    private int keepAlive = 60;
    private String properties = "";
    private @Nullable Will will;
    private int receiveBuffer;
    private long packetLimit;
    private int loginFlags;
    private String login = "";

    Connect(Broker broker) {
        this.broker = broker;
        version = broker.version();
        id = broker.id("client");
    }

    public Connect version(Version other) {
        version = other;
        return this;
    }

    /// The client identifier, exactly as given.
    public Connect id(String clientId) {
        id = clientId;
        return this;
    }

    /// Clean start or clean session 0.
    public Connect resume() {
        clean = false;
        return this;
    }

    /// A session that outlives its connection for a minute (3.1.1: until it is cleaned up).
    public Connect lasting() {
        clean = false;
        return version.hasProperties() ? with(Property.sessionExpiry(60)) : this;
    }

    public Connect keepAlive(int seconds) {
        keepAlive = seconds;
        return this;
    }

    /// Adds properties, written in notation; left out below MQTT 5.0.
    public Connect with(String... list) {
        properties += String.join(" ", list);
        return this;
    }

    /// The largest packet that the client takes; every packet that comes is held against it.
    public Connect packetLimit(long bytes) {
        packetLimit = bytes;
        return with(Property.maximumPacketSize(bytes));
    }

    public Connect will(Will testament) {
        will = testament;
        return this;
    }

    public Connect login(Target.Login user) {
        return user(user.user()).password(user.password());
    }

    public Connect user(String name) {
        loginFlags |= USER;
        login += "<%s>".formatted(name);
        return this;
    }

    public Connect password(String password) {
        loginFlags |= PASSWORD;
        login += "<%s>".formatted(password);
        return this;
    }

    /// A socket that takes few bytes before the broker notices that nobody reads.
    public Connect receiveBuffer(int bytes) {
        receiveBuffer = bytes;
        return this;
    }

    public Bytes bytes() {
        int flags = loginFlags | (clean ? CLEAN : 0) | (will == null ? 0 : will.flags());
        String variableHeader =
                "<%s> %02X %02X %04X %s"
                        .formatted(
                                version.protocolName(),
                                version.level(),
                                flags,
                                keepAlive,
                                version.hasProperties() ? Property.list(properties) : "");
        String testament = will == null ? "" : will.notation(version);
        return Bytes.packet(0x10, variableHeader + " <%s> ".formatted(id) + testament + login);
    }

    /// Connects and expects to be accepted.
    public Client open() {
        Client client = send();
        client.accepted();
        return client;
    }

    /// Sends the CONNECT and waits for nothing.
    public Client send() {
        if (!clean) {
            broker.cleanLater(version, id);
        }
        Client client = broker.open(version, receiveBuffer, id);
        if (packetLimit > 0) {
            client.limit(packetLimit);
        }
        client.send(bytes());
        return client;
    }
}
