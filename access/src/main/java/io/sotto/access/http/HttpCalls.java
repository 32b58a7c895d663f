package io.sotto.access.http;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Asks one address over HTTP. The client behind it is made with the first call, so that a broker
/// that never asks loads nothing of it. Nothing is redirected, an answer is bounded, and a call
/// ends in its time, however slowly the other side speaks.
///
/// Every call waits: never from a loop.
public final class HttpCalls implements AutoCloseable {
    /// The largest answer in bytes.
    private static final int LARGEST = 1 << 20;

    private final HttpTarget target;
    private @Nullable HttpClient client;
    private boolean closed;

    public HttpCalls(HttpTarget target) {
        this.target = target;
    }

    /// What came back.
    public record Answer(int status, String body) {}

    /// Fetches what is there.
    ///
    /// @throws IOException with a clause that says what went wrong
    public Answer get() throws IOException, InterruptedException {
        return call(request().GET().build());
    }

    /// Sends a JSON text.
    ///
    /// @throws IOException with a clause that says what went wrong
    public Answer post(String json) throws IOException, InterruptedException {
        return call(
                request()
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build());
    }

    private HttpRequest.Builder request() {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(target.uri())
                        .header("Accept", "application/json")
                        .header("User-Agent", "sotto");
        String bearer = target.bearer();
        return bearer == null ? request : request.header("Authorization", "Bearer " + bearer);
    }

    private Answer call(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> coming =
                client().sendAsync(
                                request,
                                BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST));
        try {
            HttpResponse<byte[]> response = coming.get(target.timeout(), TimeUnit.SECONDS);
            return new Answer(
                    response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
        } catch (TimeoutException e) {
            throw new IOException(
                    target.uri() + " did not answer within " + target.timeout() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(target.uri() + " cannot be asked: " + e.getCause(), e);
        } finally {
            coming.cancel(true);
        }
    }

    private synchronized HttpClient client() throws IOException {
        if (closed) {
            throw new IOException("the broker stops");
        }
        HttpClient known = client;
        if (known == null) {
            HttpClient.Builder builder =
                    HttpClient.newBuilder()
                            .version(Version.HTTP_1_1)
                            .followRedirects(Redirect.NEVER);
            if (!target.authorities().isEmpty()) {
                builder.sslContext(trusting(target.authorities()));
            }
            known = builder.build();
            client = known;
        }
        return known;
    }

    private static SSLContext trusting(List<X509Certificate> authorities) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (X509Certificate each : authorities) {
                store.setCertificateEntry("ca-" + store.size(), each);
            }
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("the authorities cannot be used: " + e.getMessage(), e);
        }
    }

    /// Ends what is under way.
    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.shutdownNow();
        }
    }
}
