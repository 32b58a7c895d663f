package io.sotto.cli;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A server for one client of 3.1.1 that accepts everything, sends what it was given once there is
/// a subscription, and notes what it is sent.
final class ObedientServer implements Closeable {
    private final ServerSocket socket;
    private final String messages;
    private final boolean acknowledges;
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);

    /// @param messages PUBLISH packets in hex
    /// @param acknowledges whether it answers PUBLISH at QoS 1; else it hangs up
    ObedientServer(String messages, boolean acknowledges) throws IOException {
        this.messages = messages;
        this.acknowledges = acknowledges;
        socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void serve() {
        try (Socket client = socket.accept()) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            for (int first = in.read(); first >= 0; first = in.read()) {
                byte[] rest = new byte[in.readUnsignedByte()];
                in.readFully(rest);
                received.add(
                        HexFormat.of().toHexDigits((byte) first) + HexFormat.of().formatHex(rest));
                String answer =
                        switch (first >> 4) {
                            case 1 -> "20020000";
                            case 3 -> acknowledges ? "4002" + identifier(rest) : "";
                            case 8 -> granted(rest) + messages;
                            default -> "";
                        };
                if (first >> 4 == 3 && !acknowledges) {
                    return;
                }
                client.getOutputStream().write(HexFormat.of().parseHex(answer.replace(" ", "")));
            }
        } catch (IOException gone) {
            // Then the command has ended.
        } finally {
            over.countDown();
        }
    }

    private static String granted(byte[] subscribe) {
        int filters = 0;
        for (int at = 2;
                at < subscribe.length;
                at += 3 + (subscribe[at] << 8) + subscribe[at + 1]) {
            filters++;
        }
        HexFormat hex = HexFormat.of();
        return "90"
                + hex.toHexDigits((byte) (2 + filters))
                + hex.formatHex(subscribe, 0, 2)
                + "00".repeat(filters);
    }

    private static String identifier(byte[] publish) {
        int at = 2 + (publish[0] << 8) + publish[1];
        return HexFormat.of().formatHex(publish, at, at + 2);
    }

    /// Whether a packet that begins like this comes within the time; packets are skipped.
    boolean gets(String start, Duration patience) throws InterruptedException {
        for (String next = received.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
                next != null;
                next = received.poll(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            if (next.startsWith(start)) {
                return true;
            }
        }
        return false;
    }

    /// What came since it was asked last, when the connection is over; without lengths.
    List<String> rest() throws InterruptedException {
        if (!over.await(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the client did not hang up");
        }
        List<String> all = new ArrayList<>();
        received.drainTo(all);
        return all;
    }
}
