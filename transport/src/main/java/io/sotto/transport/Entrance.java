package io.sotto.transport;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.sotto.transport.TlsSettings.Identity;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Puts what a listener speaks between each of its sockets and the link behind it. Where MQTT comes
/// as it is, that is nothing.
final class Entrance implements AutoCloseable {
    /// The first byte of a TLS record of a handshake (RFC 8446, section 5.1).
    private static final int HANDSHAKE = 22;

    /// The first byte of the HTTP request that a WebSocket begins with, a GET.
    private static final int HTTP = 'G';

    private static final int LARGEST_HELLO = 32 * 1024;

    /// How long a peer may take with the last record, in milliseconds.
    private static final int LAST_RECORD = 1_000;

    private final Carriers carriers;
    private final @Nullable TlsSettings tls;
    private final @Nullable TlsFiles files;
    private final Handshakes handshakes;
    private final Executor workers;
    private final Semaphore contexts;

    private Entrance(Carriers carriers, @Nullable TlsFiles files, Executor workers) {
        this.carriers = carriers;
        this.tls = carriers.tls();
        this.files = files;
        this.handshakes = new Handshakes(tls == null ? 0 : tls.handshakes().atOnce());
        this.workers = workers;
        WebSocketSettings webSocket = carriers.webSocket();
        this.contexts = new Semaphore(webSocket == null ? 0 : webSocket.compression().contexts());
    }

    /// @throws IOException with a sentence, when the files of TLS cannot be used
    static Entrance open(Listener.Place place, Loops loops) throws IOException {
        TlsSettings tls = place.carriers().tls();
        TlsFiles files =
                tls == null
                        ? null
                        : TlsFiles.open(place.name(), tls, loops.events(), loops.certified());
        return new Entrance(place.carriers(), files, loops.workers());
    }

    /// Has the files looked at now.
    void renew() {
        if (files != null) {
            files.renew();
        }
    }

    /// Closes the connections of the listener whose certificate the lists of this one revoke.
    void review() {
        if (files != null) {
            files.review();
        }
    }

    /// When the first of its certificates or revocation lists ends; null where there are none.
    @Nullable Instant firstEnd() {
        return files == null
                ? null
                : files.current().expiries().stream()
                        .map(TlsContexts.Expiry::at)
                        .min(Comparator.naturalOrder())
                        .orElse(null);
    }

    /// How many handshakes are under way.
    int handshakes() {
        return handshakes.count();
    }

    /// Makes a new connection ready for its first byte.
    void prepare(ChannelPipeline pipeline, NettyWire link) {
        pipeline.addLast(link);
        ProxySettings proxy = carriers.proxy();
        if (proxy != null) {
            before(link, ProxyHeader.decoder(), pipeline);
            before(link, new ProxyHeader(proxy, link), pipeline);
        }
        if (tls == null || files == null) {
            awaitProtocol(link, pipeline);
        } else if (tls.plain()) {
            before(
                    link,
                    new Recognition(first -> {
                        if (first == HANDSHAKE) {
                            secure(tls, files, link, pipeline);
                        } else {
                            awaitProtocol(link, pipeline);
                        }
                    }),
                    pipeline);
        } else {
            secure(tls, files, link, pipeline);
        }
    }

    private void secure(TlsSettings tls, TlsFiles files, NettyWire link, ChannelPipeline pipeline) {
        TlsContexts contexts = files.current();
        HandshakeSteps steps = link.steps(workers);
        before(link, steps, pipeline);
        before(
                link,
                contexts.hasOne()
                        ? handler(contexts.first(), pipeline.channel().alloc(), steps)
                        : new ByName(files, tls.handshakes().timeout(), steps),
                pipeline);
        Identity identity = tls.clients().identity();
        before(link, new Handshake(handshakes, identity, files, link), pipeline);
        awaitProtocol(link, pipeline);
    }

    /// The expensive steps of a handshake go to threads of their own, so that connections that are
    /// there do not wait for those that come.
    private SslHandler handler(SslContext context, ByteBufAllocator memory, HandshakeSteps steps) {
        SslHandler handler = context.newHandler(memory, steps);
        if (tls != null) {
            handler.setHandshakeTimeout(tls.handshakes().timeout(), TimeUnit.SECONDS);
        }
        handler.setCloseNotifyFlushTimeoutMillis(LAST_RECORD);
        return handler;
    }

    /// Reads for which name a client asks before it chooses a certificate, of those that are there
    /// by then: a client may take its time, and what the files said before is let go of.
    private final class ByName extends SniHandler {
        private final HandshakeSteps steps;

        ByName(TlsFiles files, int timeout, HandshakeSteps steps) {
            super(
                    (name, answer) -> answer.setSuccess(files.current().of(name)),
                    LARGEST_HELLO,
                    TimeUnit.SECONDS.toMillis(timeout));
            this.steps = steps;
        }

        @Override
        protected SslHandler newSslHandler(SslContext context, ByteBufAllocator memory) {
            return handler(context, memory, steps);
        }
    }

    private void awaitProtocol(NettyWire link, ChannelPipeline pipeline) {
        WebSocketSettings webSocket = carriers.webSocket();
        if (webSocket == null) {
            return;
        }
        if (!carriers.mqtt()) {
            awaitUpgrade(webSocket, link, pipeline);
            return;
        }
        before(
                link,
                new Recognition(first -> {
                    if (first == HTTP) {
                        awaitUpgrade(webSocket, link, pipeline);
                    }
                }),
                pipeline);
    }

    private void awaitUpgrade(
            WebSocketSettings settings, NettyWire link, ChannelPipeline pipeline) {
        before(link, new UpgradeDecoder(), pipeline);
        before(link, new Upgrade(settings, contexts, link), pipeline);
    }

    private static void before(NettyWire link, ChannelHandler handler, ChannelPipeline pipeline) {
        pipeline.addBefore(pipeline.context(link).name(), null, handler);
    }

    @Override
    public void close() {
        if (files != null) {
            files.close();
        }
    }
}
