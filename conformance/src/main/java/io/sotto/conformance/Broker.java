package io.sotto.conformance;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The broker under test as one test sees it: connections to it, and names that no other test uses.
///
/// Closing it closes the connections and discards the lasting sessions that the test made.
public final class Broker implements AutoCloseable {
    private final Target target;
    private final Version version;
    private final String prefix;
    private final Transcript transcript = new Transcript();
    private final Set<String> remarks = Collections.synchronizedSet(new LinkedHashSet<>());
    private final List<Client> clients = new ArrayList<>();
    private final List<WebSocket> webSockets = new ArrayList<>();
    private final Set<String> lastingSessions = new LinkedHashSet<>();
    private int counter;

    Broker(Target target, Version version, String prefix) {
        this.target = target;
        this.version = version;
        this.prefix = prefix;
    }

    /// The broker as something else sees it than a test of the suite.
    ///
    /// @param prefix of all names, which nothing else uses
    public static Broker of(Target target, Version version, String prefix) {
        return new Broker(target, version, prefix);
    }

    /// The version under test, which new clients speak.
    public Version version() {
        return version;
    }

    public boolean speaks5() {
        return version.hasProperties();
    }

    /// An empty list of properties where the version has one.
    public String noProperties() {
        return version.hasProperties() ? "00" : "";
    }

    /// A topic of this test alone.
    public String topic(String name) {
        return "conformance/%s/%d/%s".formatted(prefix, counter++, name);
    }

    /// A client identifier of this test alone, of letters and digits.
    public String id(String name) {
        return prefix + counter++ + name;
    }

    /// The first level of topics of this test alone that begin with $.
    public String dollarTopic() {
        return "$" + prefix + counter++;
    }

    /// A CONNECT with the broker's first login, if it has logins.
    public Connect connect() {
        Connect connect = new Connect(this);
        return target.logins().isEmpty() ? connect : connect.login(target.logins().getFirst());
    }

    /// A CONNECT without a login.
    public Connect connectAnonymously() {
        return new Connect(this);
    }

    /// Logins of so many different users.
    public List<Target.Login> logins(int count) {
        if (target.logins().size() < count) {
            throw new NotOffered("%d logins to test with".formatted(count));
        }
        return target.logins().subList(0, count);
    }

    /// A login by SCRAM.
    public Target.Scram scram() {
        Target.Scram scram = target.scram();
        if (scram == null) {
            throw new NotOffered("a login by SCRAM to test with");
        }
        return scram;
    }

    /// For tests of what becomes of what cannot be kept.
    public void needsFullDisk() {
        if (!target.full()) {
            throw new NotOffered("a broker whose disk is full");
        }
    }

    /// Notes what the standard recommends and the broker leaves out. It may: the test goes on.
    @SuppressWarnings("AnnotateFormatMethod") // would need a library for an annotation
    public void recommended(boolean condition, String message, Object... values) {
        if (!condition) {
            remarks.add(message.formatted(values));
        }
    }

    /// A connected client with nothing special about it.
    public Client client() {
        return connect().open();
    }

    /// A client that is subscribed to a filter.
    public Client subscriber(String filter, int qos) {
        Client client = client();
        client.subscribe(filter, qos);
        return client;
    }

    /// A connection for WebSocket, before its request.
    public WebSocket webSocket() {
        InetSocketAddress address = target.webSocket();
        if (address == null) {
            throw new NotOffered("MQTT over WebSocket");
        }
        WebSocket webSocket = new WebSocket(address, transcript);
        webSockets.add(webSocket);
        return webSocket;
    }

    /// A connection on which nothing was sent yet.
    public Client open() {
        return open(version, 0, "raw");
    }

    /// The same, with the broker's answers read as those of another version.
    public Client open(Version spoken) {
        return open(spoken, 0, "raw");
    }

    Client open(Version spoken, int receiveBuffer, String name) {
        String shown = name.isEmpty() ? "(no id)" : name;
        String shortened = shown.startsWith(prefix) ? shown.substring(prefix.length()) : shown;
        String cut = shortened.substring(0, Math.min(12, shortened.length()));
        Client client =
                new Client(
                        this,
                        spoken,
                        new RawConnection(target.carrier(), receiveBuffer, cut, transcript));
        synchronized (clients) {
            clients.add(client);
        }
        return client;
    }

    /// A connection that begins with a CONNECT of these flags and this payload.
    public Client openWith(int flags, String payload) {
        return open().send(connectWith(flags, payload));
    }

    /// A CONNECT of the version under test with these flags and this payload, whether or not they
    /// agree.
    public Bytes connectWith(int flags, String payload) {
        return Bytes.packet(
                0x10,
                "<%s> %02X %02X 003C %s %s"
                        .formatted(
                                version.protocolName(),
                                version.level(),
                                flags,
                                noProperties(),
                                payload));
    }

    /// Another client, connected all along, that no misbehaviour may disturb.
    public Bystander bystander() {
        return new Bystander(this);
    }

    void cleanLater(Version spoken, String id) {
        if (spoken == version) {
            lastingSessions.add(id);
        }
    }

    String transcript() {
        return transcript.toString();
    }

    List<String> remarks() {
        return List.copyOf(remarks);
    }

    @Override
    public void close() {
        webSockets.forEach(WebSocket::close);
        clients.forEach(Client::close);
        for (String id : lastingSessions) {
            try (Client client = connect().id(id).send()) {
                client.expect(PacketType.CONNACK);
                client.disconnect();
            } catch (Unexpected e) {
                // tidying up only; a test that cares has its own expectations
            }
        }
        clients.forEach(Client::close);
    }
}
