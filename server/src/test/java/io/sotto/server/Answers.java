package io.sotto.server;

import io.sotto.client.Client;
import io.sotto.client.ClientException;
import io.sotto.client.ClientOptions;
import io.sotto.client.Transport;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// What clients may do at one port of a broker: questions that are put to each broker in the same
/// order, and its answers in a few words.
final class Answers {
    private static final List<String> TOPICS =
            List.of(
                    "home/lamp",
                    "home/safe",
                    "weather/today",
                    "secret/x",
                    "devices/ann/1",
                    "clients/w-ann/state",
                    "sensors/1");

    private static final int READERS = 3;
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private final int port;
    private final @Nullable SSLContext tls;
    private final Map<String, String> answers = new LinkedHashMap<>();

    /// Who wants in.
    ///
    /// @param name empty for none
    private record Login(String name, String password) {
        @Override
        public String toString() {
            return name.isEmpty() ? "nobody" : name + "/" + password;
        }
    }

    private static final Login NOBODY = new Login("", "");
    private static final Login SENSOR = new Login("sensor", "tea");

    private static final List<Login> LOGINS =
            List.of(
                    NOBODY,
                    new Login("ann", "pencil"),
                    new Login("bob", "coffee"),
                    SENSOR,
                    new Login("ann", "wrong"),
                    new Login("ann", ""),
                    new Login("eve", "x"));

    private Answers(int port, @Nullable SSLContext tls) {
        this.port = port;
        this.tls = tls;
    }

    /// Asks everything.
    ///
    /// @param tls how to connect, or null for TCP
    /// @param certified whether a certificate may say who a client is: then only those want in who
    ///   say nothing else
    static Map<String, String> of(int port, @Nullable SSLContext tls, boolean certified) {
        Answers asked = new Answers(port, tls);
        List<Login> inside = new ArrayList<>();
        for (Login login : certified ? List.of(NOBODY, SENSOR) : LOGINS) {
            boolean old = asked.comesIn(login, ProtocolVersion.MQTT_3_1_1);
            asked.comesIn(login, ProtocolVersion.MQTT_5);
            if (old) {
                inside.add(login);
            }
        }
        List<Login> some = inside.subList(0, Math.min(READERS, inside.size()));
        for (Login writer : some) {
            asked.passes(writer, some);
        }
        if (!some.isEmpty()) {
            asked.limits(some.getFirst());
        }
        return asked.answers;
    }

    private ClientOptions options(Login login, ProtocolVersion version, String id) {
        ClientOptions options =
                tls == null
                        ? ClientOptions.of("127.0.0.1", port)
                        : ClientOptions.of(patience -> {
                            SSLSocket socket =
                                    (SSLSocket)
                                            tls.getSocketFactory().createSocket("127.0.0.1", port);
                            socket.startHandshake();
                            return Transport.over(socket);
                        });
        options = options.version(version).clientId(id);
        if (login.name().isEmpty()) {
            return options;
        }
        return options.login(
                login.name(), login.password().isEmpty() ? null : Payload.of(login.password()));
    }

    private boolean comesIn(Login login, ProtocolVersion version) {
        String answer =
                attempt(() -> {
                    Client.connect(options(login, version, "c-" + login.name())).close();
                    return "in";
                });
        answers.put("%s as %s".formatted(version, login), answer);
        return answer.equals("in");
    }

    /// What of the topics reaches readers who subscribed to everything, and what was retained
    /// before for them.
    private void passes(Login writer, List<Login> readers) {
        ProtocolVersion version = ProtocolVersion.MQTT_3_1_1;
        List<Client> clients = new ArrayList<>();
        try {
            for (Login reader : readers) {
                Client client = Client.connect(options(reader, version, "r-" + reader.name()));
                clients.add(client);
                for (String filter : List.of("#", "home/#", "devices/+/1")) {
                    answers.put(
                            "%s subscribes to %s".formatted(reader, filter),
                            attempt(() -> {
                                client.subscribe(filter, QoS.AT_LEAST_ONCE);
                                return "yes";
                            }));
                }
                String question = "retained for %s before %s writes".formatted(reader, writer);
                answers.put(question, arrived(client));
            }
            answers.put(writer + " writes", write(writer, version));
            for (int i = 0; i < clients.size(); i++) {
                answers.put(
                        "from %s to %s".formatted(writer, readers.get(i)), arrived(clients.get(i)));
            }
        } finally {
            clients.forEach(Client::close);
        }
    }

    private String write(Login writer, ProtocolVersion version) {
        return attempt(() -> {
            try (Client from = Client.connect(options(writer, version, "w-" + writer.name()))) {
                for (String topic : TOPICS) {
                    from.publish(
                            TopicName.of(topic),
                            Payload.of("by " + writer.name()),
                            QoS.AT_LEAST_ONCE,
                            true);
                }
                return "all";
            }
        });
    }

    /// Whatever was on its way is there before the answer to one more subscription.
    private static String arrived(Client client) {
        attempt(() -> client.subscribe("nothing/is/here", QoS.AT_MOST_ONCE).name());
        TreeSet<String> arrived = new TreeSet<>();
        Publish publish = client.receive(PATIENCE);
        while (publish != null) {
            byte[] bytes = new byte[publish.payload().size()];
            publish.payload().view().get(bytes);
            arrived.add(publish.topic() + " " + new String(bytes, StandardCharsets.UTF_8));
            publish = client.receive(PATIENCE);
        }
        return arrived.toString();
    }

    private void limits(Login login) {
        for (ProtocolVersion version :
                List.of(ProtocolVersion.MQTT_3_1_1, ProtocolVersion.MQTT_5)) {
            answers.put(
                    version + " without an id",
                    attempt(() -> {
                        Client.connect(options(login, version, "")).close();
                        return "in";
                    }));
            for (int size : List.of(500, 2_000, 100_000)) {
                answers.put(
                        "%s, %d bytes".formatted(version, size),
                        attempt(() -> publishes(login, version, QoS.AT_LEAST_ONCE, size)));
            }
            answers.put(
                    version + ", QoS 2",
                    attempt(() -> publishes(login, version, QoS.EXACTLY_ONCE, 1)));
            answers.put(
                    version + ", published at QoS 0 and subscribed at 2",
                    attempt(() -> outgoing(login, version)));
        }
        answers.put(
                "CONNACK",
                attempt(() -> {
                    ClientOptions options =
                            options(login, ProtocolVersion.MQTT_5, "k")
                                    .keepAlive(Duration.ofSeconds(65_535));
                    try (Client client = Client.connect(options)) {
                        return offered(client.connAck().properties());
                    }
                }));
    }

    private String publishes(Login login, ProtocolVersion version, QoS qos, int size) {
        try (Client client = Client.connect(options(login, version, "b"))) {
            client.publish(TopicName.of("home/lamp"), Payload.of("x".repeat(size)), qos, false);
            return "taken";
        }
    }

    /// At which QoS a message goes out.
    private String outgoing(Login login, ProtocolVersion version) {
        try (Client client = Client.connect(options(login, version, "o"))) {
            client.subscribe("weather/#", QoS.EXACTLY_ONCE);
            arrived(client);
            client.publish(TopicName.of("weather/today"), Payload.of("x"), QoS.AT_MOST_ONCE, false);
            client.subscribe("nothing/is/here", QoS.AT_MOST_ONCE);
            Publish publish = client.receive(PATIENCE);
            return publish == null ? "nothing" : "QoS " + publish.qos().level();
        }
    }

    private static String offered(ConnAck.Properties properties) {
        long size = properties.maximumPacketSize();
        return "QoS %s, retain %s, packets %s, keep alive %s"
                .formatted(
                        properties.maximumQoS().level(),
                        properties.retainAvailable(),
                        size == 0 || size >= 256 << 20 ? "of any size" : "to " + size,
                        properties.serverKeepAlive() < 0 ? "any" : properties.serverKeepAlive());
    }

    /// What a client does.
    @FunctionalInterface
    private interface Attempt {
        String run();
    }

    private static String attempt(Attempt attempt) {
        try {
            return attempt.run();
        } catch (ClientException e) {
            return "refused";
        }
    }
}
