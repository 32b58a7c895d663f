package io.sotto.conformance.hostile;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/// How long the messages of a bystander take from client to client: two connections, 200 messages a
/// second at QoS 0.
final class Latency implements AutoCloseable {
    private static final long PERIOD = 5_000_000;
    private static final String TOPIC = "bystander";

    private final Socket from;
    private final Socket to;

    Latency(InetSocketAddress broker) throws IOException {
        from = login(broker);
        to = login(broker);
        // SUBSCRIBE, packet id 1, QoS 0
        to.getOutputStream().write(HexFormat.of().parseHex("820e0001000962797374616e64657200"));
        to.getInputStream().readNBytes(5);
    }

    private static Socket login(InetSocketAddress broker) throws IOException {
        Socket socket = new Socket(broker.getAddress(), broker.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        // CONNECT of 3.1.1, clean session, keep alive off, no client id
        socket.getOutputStream().write(HexFormat.of().parseHex("100c00044d515454040200000000"));
        socket.getInputStream().readNBytes(4);
        return socket;
    }

    /// Sends for so long and takes everything in.
    Figures measure(int seconds) throws IOException {
        int count = (int) (seconds * 1_000_000_000L / PERIOD);
        Thread sender =
                Thread.ofPlatform()
                        .start(() -> {
                            long next = System.nanoTime();
                            for (int i = 0; i < count; i++) {
                                while (System.nanoTime() < next) {
                                    LockSupport.parkNanos(next - System.nanoTime());
                                }
                                send();
                                next += PERIOD;
                            }
                        });
        long[] took = new long[count];
        DataInputStream in = new DataInputStream(to.getInputStream());
        for (int i = 0; i < count; i++) {
            in.skipNBytes(2 + 2 + TOPIC.length());
            took[i] = System.nanoTime() - in.readLong();
        }
        try {
            sender.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Figures.of(took);
    }

    private void send() {
        ByteBuffer publish = ByteBuffer.allocate(2 + 2 + TOPIC.length() + 8);
        publish.put((byte) 0x30).put((byte) (publish.capacity() - 2));
        publish.putShort((short) TOPIC.length());
        publish.put(TOPIC.getBytes(StandardCharsets.US_ASCII));
        publish.putLong(System.nanoTime());
        try {
            from.getOutputStream().write(publish.array());
        } catch (IOException e) {
            throw new IllegalStateException("the bystander lost its connection", e);
        }
    }

    @Override
    public void close() throws IOException {
        from.close();
        to.close();
    }

    /// In microseconds.
    record Figures(long median, long p99, long most) {
        static Figures of(long[] nanos) {
            long[] sorted = nanos.clone();
            Arrays.sort(sorted);
            return new Figures(
                    sorted[sorted.length / 2] / 1_000,
                    sorted[sorted.length * 99 / 100] / 1_000,
                    sorted[sorted.length - 1] / 1_000);
        }

        /// A row of the table.
        String row(String name, String did, Figures quiet) {
            return String.format(
                    Locale.ROOT,
                    "| %s | %s | %,d | %,d | %,d | %.1f |",
                    name,
                    did,
                    median,
                    p99,
                    most,
                    (double) p99 / quiet.p99);
        }
    }
}
