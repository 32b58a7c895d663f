package io.sotto.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.sotto.transport.TlsSettings.Identity;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;

/// Stands behind TLS until the handshake is over: learns from it who the client is, or what went
/// wrong.
@SuppressWarnings("FutureReturnValueIgnored") // nothing waits for the end of a connection
final class Handshake extends ChannelInboundHandlerAdapter {
    private static final int LONGEST = 200;

    private final Handshakes handshakes;
    private final Identity identity;
    private final TlsFiles files;
    private final NettyWire link;

    Handshake(Handshakes handshakes, Identity identity, TlsFiles files, NettyWire link) {
        this.handshakes = handshakes;
        this.identity = identity;
        this.files = files;
        this.link = link;
    }

    /// Not when the connection comes: its first byte may have to say that this is TLS.
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        handshakes.begin(link);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        handshakes.end(link);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                succeeded(context);
            } else {
                handshakes.end(link);
                link.broken("TLS: " + words(handshake.cause()));
            }
        }
        context.fireUserEventTriggered(event);
    }

    private void succeeded(ChannelHandlerContext context) {
        List<X509Certificate> chain = chain(context.pipeline().get(SslHandler.class));
        if (!chain.isEmpty()) {
            files.shown(link, chain);
            context.channel().closeFuture().addListener(closed -> files.gone(link));
        }
        if (!chain.isEmpty() && identity != Identity.NONE) {
            String name = PeerName.of(chain.getFirst(), identity);
            if (name == null) {
                link.broken(
                        "TLS: the certificate has nothing that may be a user name"
                                + " (listeners[].tls.identity)");
                return;
            }
            link.arrival().isCertifiedAs(name);
        }
        context.pipeline().remove(HandshakeSteps.class);
        context.pipeline().remove(this);
    }

    /// What the peer has shown, its own certificate first.
    private static List<X509Certificate> chain(SslHandler tls) {
        try {
            return Arrays.stream(tls.engine().getSession().getPeerCertificates())
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        link.broken("TLS: " + words(cause));
        if (cause instanceof TooLongFrameException) {
            context.close(); // of the peer's making, and no fault of ours
        } else {
            context.fireExceptionCaught(cause);
        }
    }

    /// What was wrong, from the innermost cause, which knows best.
    private static String words(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof NotSslRecordException) {
            // Its message has what was sent, which may be a password.
            return "what came is not TLS";
        }
        String message = cause.getMessage();
        String words = message == null ? cause.getClass().getSimpleName() : message;
        return "no handshake: " + words.substring(0, Math.min(LONGEST, words.length()));
    }
}
