package io.sotto.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HexFormat;
import java.util.List;

/// A server that says what it is told to, whatever it is asked.
final class StubbornServer implements Closeable {
    private final ServerSocket socket;

    StubbornServer() throws IOException {
        socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /// Serves one connection after the other, each with an answer to CONNECT, one to SUBSCRIBE and
    /// more. All but the last are cut then.
    void answer(List<List<String>> connections) {
        Thread.ofVirtual()
                .start(() -> {
                    for (List<String> answers : connections) {
                        try (Socket client = socket.accept()) {
                            for (int i = 0; i < answers.size(); i++) {
                                if (i < 2) {
                                    skipPacket(client.getInputStream());
                                }
                                byte[] bytes =
                                        HexFormat.of().parseHex(answers.get(i).replace(" ", ""));
                                client.getOutputStream().write(bytes);
                            }
                            if (connections.getLast().equals(answers)) {
                                // Until the other side has enough.
                                client.getInputStream().readAllBytes();
                            }
                        } catch (IOException gone) {
                            return;
                        }
                    }
                });
    }

    static void skipPacket(InputStream in) throws IOException {
        in.skipNBytes(1);
        in.skipNBytes(in.read());
    }
}
