package io.sotto.testkit.login;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Somebody who is asked about logins over HTTP: at `/all` all of some users are let in who have
/// the right password, at `/some` all but one.
public final class LoginHook implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// Begins to answer.
    ///
    /// @param passwords by the names of the users, without what JSON would escape
    public LoginHook(Map<String, String> passwords, String gone) throws IOException {
        Map<String, String> some = new TreeMap<>(passwords);
        some.remove(gone);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/all", exchange -> answer(exchange, passwords));
        server.createContext("/some", exchange -> answer(exchange, some));
        server.start();
    }

    private static void answer(HttpExchange exchange, Map<String, String> passwords)
            throws IOException {
        try (exchange) {
            String asked =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean known =
                    passwords.entrySet().stream()
                            .anyMatch(user ->
                                    asked.contains(
                                            "\"userName\":\"%s\",\"password\":\"%s\""
                                                    .formatted(user.getKey(), user.getValue())));
            byte[] answer = "{\"allow\": %s}".formatted(known).getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    /// Its address, to which a path is to be added.
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
