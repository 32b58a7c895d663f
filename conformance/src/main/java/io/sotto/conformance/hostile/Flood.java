package io.sotto.conformance.hostile;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// What floods a broker, each kind as fast as one process can; bounded in time and in connections.
///
/// Run as a process of its own: `KIND HOST PORT SECONDS`. It prints how many of its kind it did.
public enum Flood {
    /// Logs in and leaves, again and again.
    LOGINS("logins") {
        @Override
        void once(Attacker attacker) throws IOException {
            try (Socket socket = attacker.connect()) {
                socket.getOutputStream().write(attacker.login());
                socket.getInputStream().readNBytes(4);
            }
        }
    },
    /// Connects and resets before a word.
    RESETS("connections") {
        @Override
        void once(Attacker attacker) throws IOException {
            try (Socket socket = attacker.connect()) {
                socket.setSoLinger(true, 0);
            }
        }
    },
    /// Connects and says nothing, with a thousand connections at a time.
    SILENCE("connections") {
        @Override
        void once(Attacker attacker) throws IOException {
            attacker.keep(attacker.connect());
        }
    },
    /// Logs in and sends what no client may.
    MALFORMED("connections") {
        @Override
        void once(Attacker attacker) throws IOException {
            try (Socket socket = attacker.connect()) {
                socket.getOutputStream().write(attacker.login());
                socket.getInputStream().readNBytes(4);
                socket.getOutputStream().write(HexFormat.of().parseHex("30ffffff7f"));
                socket.getInputStream().readAllBytes();
            }
        }
    },
    /// Publishes at QoS 0 without a pause.
    QOS_0("messages") {
        @Override
        void once(Attacker attacker) throws IOException {
            attacker.stream().write(attacker.batch(0));
            attacker.counted(Attacker.BATCH - 1);
        }
    },
    /// Publishes at QoS 1, a hundred in flight.
    QOS_1("messages") {
        @Override
        void once(Attacker attacker) throws IOException {
            attacker.stream().write(attacker.batch(1));
            attacker.answers().readNBytes(4 * Attacker.BATCH);
            attacker.counted(Attacker.BATCH - 1);
        }
    },
    /// Subscribes and unsubscribes, always to something else.
    SUBSCRIPTIONS("subscriptions") {
        @Override
        void once(Attacker attacker) throws IOException {
            attacker.stream().write(attacker.subscriptions());
            attacker.answers().readNBytes(9 * Attacker.BATCH);
            attacker.counted(Attacker.BATCH - 1);
        }
    },
    /// Sends nothing but PINGREQ.
    PINGS("pings") {
        @Override
        void once(Attacker attacker) throws IOException {
            attacker.stream().write(HexFormat.of().parseHex("c000".repeat(Attacker.BATCH)));
            attacker.answers().readNBytes(2 * Attacker.BATCH);
            attacker.counted(Attacker.BATCH - 1);
        }
    };

    private final String unit;

    Flood(String unit) {
        this.unit = unit;
    }

    /// What is counted.
    String unit() {
        return unit;
    }

    abstract void once(Attacker attacker) throws IOException;

    public static void main(String[] arguments) throws IOException {
        Flood flood = valueOf(arguments[0]);
        InetSocketAddress broker =
                new InetSocketAddress(arguments[1], Integer.parseInt(arguments[2]));
        long end = System.nanoTime() + Integer.parseInt(arguments[3]) * 1_000_000_000L;
        try (Attacker attacker = new Attacker(broker)) {
            while (System.nanoTime() < end) {
                flood.once(attacker);
                attacker.counted(1);
            }
            System.out.println(attacker.count());
        }
    }

    /// One who floods: its connections, and what it sends over and over.
    static final class Attacker implements AutoCloseable {
        static final int BATCH = 100;

        private static final int KEPT = 1_000;

        private final InetSocketAddress broker;
        private final List<Socket> kept = new ArrayList<>();
        private final Socket line;
        private long count;
        private int filter;

        Attacker(InetSocketAddress broker) throws IOException {
            this.broker = broker;
            line = connect();
            line.getOutputStream().write(login());
            line.getInputStream().readNBytes(4);
        }

        Socket connect() throws IOException {
            Socket socket = new Socket(broker.getAddress(), broker.getPort());
            socket.setTcpNoDelay(true);
            return socket;
        }

        /// CONNECT of 3.1.1 with a clean session and no client id.
        byte[] login() {
            return HexFormat.of().parseHex("100c00044d5154540402003c0000");
        }

        OutputStream stream() throws IOException {
            return line.getOutputStream();
        }

        InputStream answers() throws IOException {
            return line.getInputStream();
        }

        /// Keeps a connection, and lets go of the oldest when there are too many.
        void keep(Socket socket) throws IOException {
            kept.add(socket);
            if (kept.size() > KEPT) {
                kept.removeFirst().close();
            }
        }

        /// Messages of 100 bytes to a topic that nobody subscribed to.
        byte[] batch(int qos) {
            int head = qos == 0 ? 2 + 7 : 2 + 9;
            ByteBuffer batch = ByteBuffer.allocate(BATCH * (head + 100));
            for (int i = 1; i <= BATCH; i++) {
                batch.put((byte) (0x30 | qos << 1)).put((byte) (head - 2 + 100));
                batch.putShort((short) 5).put("flood".getBytes(StandardCharsets.US_ASCII));
                if (qos > 0) {
                    batch.putShort((short) i);
                }
                batch.put(new byte[100]);
            }
            return batch.array();
        }

        /// SUBSCRIBE and UNSUBSCRIBE in turns; 5 and 4 bytes come back.
        byte[] subscriptions() {
            ByteBuffer batch = ByteBuffer.allocate(BATCH * (2 + 2 + 2 + 8 + 1 + 2 + 2 + 2 + 8));
            for (int i = 0; i < BATCH; i++) {
                byte[] name =
                        "%08d"
                                .formatted(filter++ % 100_000_000)
                                .getBytes(StandardCharsets.US_ASCII);
                batch.put((byte) 0x82).put((byte) 13).putShort((short) 1);
                batch.putShort((short) 8).put(name).put((byte) 0);
                batch.put((byte) 0xA2).put((byte) 12).putShort((short) 2);
                batch.putShort((short) 8).put(name);
            }
            return batch.array();
        }

        void counted(int times) {
            count += times;
        }

        long count() {
            return count;
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : kept) {
                socket.close();
            }
            line.close();
        }
    }
}
