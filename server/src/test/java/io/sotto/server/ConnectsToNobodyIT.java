package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sotto.conformance.Spec;
import io.sotto.conformance.Suite;
import io.sotto.conformance.Target;
import io.sotto.conformance.chapters.Chapters;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A broker that also connects to other brokers has to conform as a client \[MQTT3-7.0.0-1\]. Sotto
/// connects to none: whatever clients do, every connection that it has came in at its listener.
@Timeout(300)
class ConnectsToNobodyIT {
    private static final int ESTABLISHED = 1;
    private static final int LISTENS = 10;
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final Duration OFTEN = Duration.ofMillis(20);

    private final Path jar = Path.of(System.getProperty("sotto.jar"));

    /// A connection of a process, as the system tells of it.
    ///
    /// @param state as the kernel numbers them
    private record Ends(int localPort, int state) {}

    @Test
    @Spec(
            value = "MQTT3-7.0.0-1",
            says =
                    "a broker that connects to other brokers conforms as a client; this one does not")
    void whatever_clients_do_the_broker_opens_no_connection_of_its_own() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/self/net/tcp")), "only Linux tells");
        BrokerProcess broker = BrokerProcess.start(jar, "durability: memory\n");
        Set<Ends> seen = new HashSet<>();
        Suite suite = Suite.of(Chapters.ALL).only("PublishTest", "SessionTest", "WillTest");

        Thread clients =
                Thread.ofPlatform().start(() -> suite.run(Target.anonymous(broker.address())));
        do {
            seen.addAll(connectionsOf(broker.pid()));
        } while (!clients.join(OFTEN));

        int port = broker.address().getPort();
        assertThat(seen).contains(new Ends(port, LISTENS), new Ends(port, ESTABLISHED));
        assertThat(seen).allMatch(ends -> ends.localPort() == port);
        broker.stop();
    }

    @Test
    void a_connection_to_somebody_else_would_be_seen() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/self/net/tcp")), "only Linux tells");
        BrokerProcess broker = BrokerProcess.start(jar, "durability: memory\n");

        try (Socket outgoing = new Socket()) {
            outgoing.connect(broker.address());

            assertThat(connectionsOf(ProcessHandle.current().pid()))
                    .contains(new Ends(outgoing.getLocalPort(), ESTABLISHED));
        }
        broker.stop();
    }

    private static List<Ends> connectionsOf(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        Set<String> own = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            descriptors.forEach(descriptor -> own.add(target(descriptor)));
        }
        List<Ends> ends = new ArrayList<>();
        for (String table : List.of("net/tcp", "net/tcp6")) {
            for (String line : Files.readAllLines(process.resolve(table))) {
                String[] fields = line.strip().split(" +", -1);
                if (own.contains("socket:[" + fields[INODE] + "]")) {
                    String port = fields[LOCAL].substring(fields[LOCAL].indexOf(':') + 1);
                    ends.add(
                            new Ends(
                                    Integer.parseInt(port, 16),
                                    Integer.parseInt(fields[STATE], 16)));
                }
            }
        }
        return ends;
    }

    /// What a descriptor stands for; nothing when it was closed meanwhile.
    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
