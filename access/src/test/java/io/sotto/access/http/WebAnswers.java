package io.sotto.access.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// An HTTP server of the test's own, that answers what the test says, one request a connection, and
/// keeps what it was asked.
public final class WebAnswers implements AutoCloseable {
    private final ServerSocket server;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> bearers = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private volatile String body = "";
    private volatile @Nullable CountDownLatch gate;

    public WebAnswers() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            List<String> headers = new ArrayList<>();
            String line = line(in);
            while (!line.isEmpty()) {
                headers.add(line);
                line = line(in);
            }
            byte[] question =
                    in.readNBytes(Integer.parseInt(header(headers, "content-length", "0")));
            asked.add(new String(question, StandardCharsets.UTF_8));
            bearers.add(header(headers, "authorization", "none"));
            CountDownLatch held = gate;
            if (held != null) {
                held.await();
            }
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
            String head =
                    "HTTP/1.1 %d x\r\nContent-Length: %d\r\nLocation: /other\r\nConnection: close\r\n\r\n"
                            .formatted(status, answer.length);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(answer);
        } catch (IOException e) {
            // Who asked does not wait any more.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    private static String header(List<String> headers, String name, String fallback) {
        return headers.stream()
                .filter(header -> header.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(header -> header.substring(name.length() + 1).strip())
                .findFirst()
                .orElse(fallback);
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/it");
    }

    public void answer(int code, String text) {
        status = code;
        body = text;
    }

    /// Answers wait until the latch is open.
    public void holdBack(CountDownLatch latch) {
        gate = latch;
    }

    public List<String> asked() {
        return asked;
    }

    public List<String> bearers() {
        return bearers;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
