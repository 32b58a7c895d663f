import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// What TLS costs a broker: handshakes, messages and idle connections, with each engine, without
/// TLS, and beside mosquitto, in turns. `./tls` runs it.
///
/// The broker's own processor time is what counts, since client and broker share the machine.
final class TlsCost {
    private static final int HANDSHAKES = 1_000;
    private static final int MESSAGES = 100_000;
    private static final int IDLE = 500;
    private static final int WINDOW = 200;

    private record Subject(String name, List<String> command, boolean tls) {}

    public static void main(String[] arguments) throws Exception {
        Path jar = Path.of(arguments[0]);
        Path keys = Path.of(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        String only = arguments.length > 3 ? arguments[3] : "";
        System.out.println(
                "| broker | handshakes/s | CPU ms a handshake | CPU us a message (QoS 1)"
                        + " | KiB an idle connection |");
        System.out.println("| --- | --- | --- | --- | --- |");
        for (int round = 0; round < rounds; round++) {
            int port = freePort();
            for (Subject subject : subjects(jar, keys, port)) {
                if (subject.name().contains(only)) {
                    run(subject, port, keys);
                }
            }
        }
    }

    private static List<Subject> subjects(Path jar, Path keys, int port) throws IOException {
        List<Subject> subjects = new ArrayList<>();
        for (String engine : List.of("jdk", "boringssl", "none")) {
            String tls =
                    engine.equals("none")
                            ? ""
                            : ", tls: {certificate: %s, key: %s, engine: %s, watch: 1d}"
                                    .formatted(
                                            keys.resolve("server.pem"),
                                            keys.resolve("server.key"),
                                            engine);
            Path config = Files.createTempFile("sotto", ".yaml");
            Files.writeString(config, "listeners: [{port: %d%s}]".formatted(port, tls));
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(
                    List.of(
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-XX:+UseCompactObjectHeaders"));
            command.addAll(List.of("-jar", jar.toString(), "serve", "--config", config.toString()));
            subjects.add(new Subject("sotto, " + engine, command, !tls.isEmpty()));
        }
        Path mosquitto = Path.of("/usr/sbin/mosquitto");
        if (Files.isExecutable(mosquitto)) {
            String listener =
                    """
                    listener %d 127.0.0.1
                    allow_anonymous true
                    user root
                    certfile %s
                    keyfile %s
                    max_inflight_messages 0
                    max_queued_messages 0
                    set_tcp_nodelay true
                    """;
            Path config = Files.createTempFile("mosquitto", ".conf");
            Files.writeString(
                    config,
                    listener.formatted(
                            port, keys.resolve("server.pem"), keys.resolve("server.key")));
            subjects.add(
                    new Subject(
                            "mosquitto",
                            List.of(mosquitto.toString(), "-c", config.toString()),
                            true));
        }
        return subjects;
    }

    private static void run(Subject subject, int port, Path keys) throws Exception {
        Process process =
                new ProcessBuilder(subject.command())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            SSLContext trusting = trusting(keys);
            awaitPort(process, port);
            shakeHands(subject, port, trusting, HANDSHAKES / 4);
            long start = System.nanoTime();
            Duration before = cpu(process);
            shakeHands(subject, port, trusting, HANDSHAKES);
            double perHandshake = (cpu(process).toNanos() - before.toNanos()) / 1e6 / HANDSHAKES;
            double rate = HANDSHAKES / ((System.nanoTime() - start) / 1e9);
            send(subject, port, trusting, MESSAGES);
            before = cpu(process);
            send(subject, port, trusting, MESSAGES);
            double perMessage = (cpu(process).toNanos() - before.toNanos()) / 1e3 / MESSAGES;
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.0f | %.2f | %.1f | %.1f |%n",
                    subject.name(),
                    rate,
                    perHandshake,
                    perMessage,
                    idle(subject, port, trusting, process));
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    /// Kernel and user time, in the clock ticks of Linux.
    private static Duration cpu(Process process) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Duration.ofMillis((Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10);
    }

    private static double residentKib(Process process) throws IOException {
        String status = Files.readString(Path.of("/proc/" + process.pid() + "/status"));
        return status.lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    private static Socket connect(Subject subject, int port, SSLContext trusting)
            throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        plain.setTcpNoDelay(true);
        plain.setSoTimeout(30_000);
        if (!subject.tls()) {
            return plain;
        }
        SSLSocket secure =
                (SSLSocket)
                        trusting.getSocketFactory().createSocket(plain, "localhost", port, true);
        // With one suite all brokers do the same work.
        secure.setEnabledCipherSuites(new String[] {"TLS_AES_128_GCM_SHA256"});
        return secure;
    }

    /// Connects, logs in and leaves, from two threads, without resuming anything.
    private static void shakeHands(Subject subject, int port, SSLContext trusting, int count)
            throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < 2; thread++) {
            String name = "hand-" + thread;
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < count / 2; i++) {
                                    try (Socket socket = connect(subject, port, trusting)) {
                                        logIn(socket, name);
                                        trusting.getClientSessionContext().setSessionCacheSize(1);
                                    } catch (IOException e) {
                                        throw new IllegalStateException(e);
                                    }
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void logIn(Socket socket, String clientId) throws IOException {
        byte[] id = clientId.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer connect = ByteBuffer.allocate(14 + id.length);
        connect.put((byte) 0x10).put((byte) (12 + id.length)).putShort((short) 4);
        connect.put("MQTT".getBytes(StandardCharsets.US_ASCII)).put((byte) 4).put((byte) 2);
        connect.putShort((short) 0).putShort((short) id.length).put(id);
        socket.getOutputStream().write(connect.array());
        socket.getInputStream().readNBytes(4);
    }

    /// One publisher, one subscriber, QoS 1 in and 0 out, so many messages of 64 bytes in flight.
    private static void send(Subject subject, int port, SSLContext trusting, int count)
            throws Exception {
        try (Socket reader = connect(subject, port, trusting);
                Socket writer = connect(subject, port, trusting)) {
            logIn(reader, "reader");
            reader.getOutputStream().write(new byte[] {(byte) 0x82, 6, 0, 1, 0, 1, 't', 0});
            reader.getInputStream().readNBytes(5);
            logIn(writer, "writer");
            Thread reading =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    DataInputStream in =
                                            new DataInputStream(reader.getInputStream());
                                    in.skipNBytes(69L * count);
                                } catch (IOException e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            OutputStream out = writer.getOutputStream();
            DataInputStream acks = new DataInputStream(writer.getInputStream());
            ByteBuffer batch = ByteBuffer.allocate(71 * WINDOW);
            for (int sent = 0; sent < count; sent += WINDOW) {
                batch.clear();
                for (int i = 0; i < WINDOW; i++) {
                    batch.put((byte) 0x32).put((byte) 69).putShort((short) 1).put((byte) 't');
                    batch.putShort((short) (i + 1)).put(new byte[64]);
                }
                out.write(batch.array());
                acks.skipNBytes(4L * WINDOW);
            }
            reading.join();
        }
    }

    private static double idle(Subject subject, int port, SSLContext trusting, Process process)
            throws Exception {
        List<Socket> sockets = new ArrayList<>();
        double before = residentKib(process);
        for (int i = 0; i < IDLE; i++) {
            Socket socket = connect(subject, port, trusting);
            logIn(socket, "idle-" + i);
            sockets.add(socket);
        }
        double each = (residentKib(process) - before) / IDLE;
        for (Socket socket : sockets) {
            socket.close();
        }
        return each;
    }

    private static SSLContext trusting(Path keys) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (var in = Files.newInputStream(keys.resolve("ca.pem"))) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static void awaitPort(Process process, int port) throws InterruptedException {
        while (process.isAlive()) {
            try (Socket probe = new Socket()) {
                probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return;
            } catch (IOException e) {
                Thread.sleep(50);
            }
        }
        throw new IllegalStateException("the broker does not start");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
