package io.sotto.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import io.netty.handler.codec.haproxy.HAProxySSLTLV;
import io.netty.handler.codec.haproxy.HAProxyTLV;
import io.sotto.mqtt.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes from the header that a trusted proxy sends first, of version 1 or 2, where the connection
/// began and who the client is.
@SuppressWarnings("FutureReturnValueIgnored") // what fails here ends in channelInactive
final class ProxyHeader extends ChannelInboundHandlerAdapter {
    /// How large a header with all that is added to it may be.
    private static final int LARGEST = 4 * 1024;

    private final ProxySettings settings;
    private final NettyWire link;

    ProxyHeader(ProxySettings settings, NettyWire link) {
        this.settings = settings;
        this.link = link;
    }

    /// What reads the header, to stand before this.
    static HAProxyMessageDecoder decoder() {
        return new HAProxyMessageDecoder(LARGEST - 232);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HAProxyMessage header) {
            try {
                take(context, header);
            } finally {
                header.release();
            }
        } else {
            context.fireChannelRead(message);
        }
    }

    private void take(ChannelHandlerContext context, HAProxyMessage header) {
        for (HAProxyTLV value : header.tlvs()) {
            boolean isText =
                    value.type() == HAProxyTLV.Type.PP2_TYPE_SSL_CN
                            || value.type() == HAProxyTLV.Type.PP2_TYPE_AUTHORITY;
            if (isText && Utf8.isDiscouraged(text(value))) {
                link.broken("PROXY protocol: a control character in a name");
                return;
            }
        }
        if (header.command() == HAProxyCommand.PROXY) {
            String address = header.sourceAddress();
            if (address != null
                    && Networks.literal(address) != null
                    && !link.arrival().isBehind(address, header.sourcePort())) {
                link.broken("PROXY protocol: too many connections");
                return;
            }
            String name = settings.identity() ? commonName(header.tlvs()) : null;
            if (name != null) {
                if (!PeerName.isOne(name, false)) {
                    link.broken("PROXY protocol: the common name can be no user name");
                    return;
                }
                link.arrival().isCertifiedAs(name);
            }
        }
        context.pipeline().remove(this);
    }

    /// Of a certificate that the client showed on this connection, and that the proxy accepted.
    private static @Nullable String commonName(List<HAProxyTLV> values) {
        for (HAProxyTLV value : values) {
            if (value instanceof HAProxySSLTLV tls
                    && tls.isPP2ClientCertConn()
                    && tls.verify() == 0) {
                return tls.encapsulatedTLVs().stream()
                        .filter(inner -> inner.type() == HAProxyTLV.Type.PP2_TYPE_SSL_CN)
                        .map(ProxyHeader::text)
                        .findFirst()
                        .orElse(null);
            }
        }
        return null;
    }

    private static String text(HAProxyTLV value) {
        return value.content().toString(StandardCharsets.UTF_8);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof HAProxyProtocolException || cause instanceof RuntimeException) {
            link.broken("PROXY protocol: no proper header");
            context.close();
        } else {
            context.fireExceptionCaught(cause);
        }
    }
}
