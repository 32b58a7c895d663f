package io.sotto.transport;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Answers the HTTP request that a WebSocket begins with (RFC 6455, section 4.2), and makes way for
/// [WebSocketFrames]. Whatever is not such a request gets an HTTP status, and the connection ends.
@SuppressWarnings("FutureReturnValueIgnored") // what fails here ends in channelInactive
final class Upgrade extends ChannelInboundHandlerAdapter {
    /// What section 1.3 has appended to the key of the client.
    private static final String ACCEPT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// In order of nothing: the client's order counts.
    private static final List<String> SUBPROTOCOLS = List.of("mqtt", "mqttv3.1");

    private static final int MOST_OFFERED = 16;
    private static final int KEY_BYTES = 16;

    private final WebSocketSettings settings;
    private final Semaphore contexts;
    private final NettyWire link;
    private @Nullable HttpRequest request;
    private boolean ended;

    /// @param contexts for how many connections more the listener keeps what compresses the next
    ///   messages
    Upgrade(WebSocketSettings settings, Semaphore contexts, NettyWire link) {
        this.settings = settings;
        this.contexts = contexts;
        this.link = link;
    }

    /// A request that is no way in.
    ///
    /// @param hint a further header line, or empty
    private record Refusal(HttpResponseStatus status, String hint, String sentence) {
        Refusal(HttpResponseStatus status, String sentence) {
            this(status, "", sentence);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (ended) {
                return;
            }
            if (message instanceof HttpRequest head) {
                request = head;
                if (head.decoderResult().isFailure()) {
                    refuse(context, unreadable(head.decoderResult().cause()));
                }
            } else if (message instanceof LastHttpContent && request != null) {
                try {
                    answer(context, request);
                } catch (FrameException e) {
                    refuse(context, new Refusal(HttpResponseStatus.BAD_REQUEST, e.sentence()));
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof FrameException e) {
            refuse(context, new Refusal(HttpResponseStatus.BAD_REQUEST, e.sentence()));
        } else {
            context.fireExceptionCaught(cause);
        }
    }

    private static Refusal unreadable(Throwable cause) {
        return cause instanceof TooLongFrameException
                ? new Refusal(
                        HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "a request too large")
                : new Refusal(HttpResponseStatus.BAD_REQUEST, "a malformed request");
    }

    private void answer(ChannelHandlerContext context, HttpRequest request) throws FrameException {
        Refusal refusal = judge(request);
        String subprotocol = subprotocol(request.headers());
        if (refusal == null && subprotocol == null && settings.subprotocol()) {
            // [MQTT-6.0.0-3] [MQTT3-6.0.0-3]
            refusal =
                    new Refusal(
                            HttpResponseStatus.BAD_REQUEST,
                            "the subprotocol mqtt was not asked for"
                                    + " (listeners[].websocket.subprotocol)");
        }
        if (refusal == null && !isFromWhereItSays(request.headers())) {
            refusal = new Refusal(HttpResponseStatus.SERVICE_UNAVAILABLE, "too many connections");
        }
        DeflateTerms offered = offer(request.headers());
        if (refusal != null) {
            refuse(context, refusal);
            return;
        }
        DeflateTerms terms = offered == null ? null : bounded(context, offered);
        write(
                context,
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: "
                        + accept(key(request.headers()))
                        // [MQTT-6.0.0-4] [MQTT3-6.0.0-4]
                        + (subprotocol == null ? "" : "\r\nSec-WebSocket-Protocol: " + subprotocol)
                        + (terms == null ? "" : "\r\nSec-WebSocket-Extensions: " + terms)
                        + "\r\n\r\n");
        WebSocketFrames frames = new WebSocketFrames(settings, terms, link);
        context.channel().closeFuture().addListener(closed -> frames.close());
        context.pipeline().remove(this);
        context.pipeline().replace(UpgradeDecoder.class, null, frames);
    }

    /// How the client would compress, or null where it does not ask or nothing is compressed.
    private @Nullable DeflateTerms offer(HttpHeaders headers) throws FrameException {
        List<String> offers = list(headers, HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS);
        return settings.compression().allowed() && offers.size() <= MOST_OFFERED
                ? DeflateTerms.agree(offers)
                : null;
    }

    /// What of it there is memory for.
    private DeflateTerms bounded(ChannelHandlerContext context, DeflateTerms offered) {
        DeflateTerms feasible = offered.feasible();
        if (!feasible.keeps() || !contexts.tryAcquire()) {
            return feasible.forgetful();
        }
        context.channel().closeFuture().addListener(closed -> contexts.release());
        return feasible;
    }

    private @Nullable Refusal judge(HttpRequest request) {
        HttpHeaders headers = request.headers();
        if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                || headers.getAll(HttpHeaderNames.HOST).size() != 1
                || headers.contains(HttpHeaderNames.CONTENT_LENGTH)
                || headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            return new Refusal(HttpResponseStatus.BAD_REQUEST, "no request for a WebSocket");
        }
        if (!request.method().equals(HttpMethod.GET)) {
            return new Refusal(HttpResponseStatus.METHOD_NOT_ALLOWED, "Allow: GET", "no GET");
        }
        if (!settings.hasPath(path(request.uri()))) {
            return new Refusal(
                    HttpResponseStatus.NOT_FOUND, "another path (listeners[].websocket.paths)");
        }
        if (!headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                || !headers.containsValue(
                        HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)) {
            return new Refusal(
                    HttpResponseStatus.UPGRADE_REQUIRED, "Upgrade: websocket", "no WebSocket");
        }
        if (!headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_VERSION).equals(List.of("13"))) {
            return new Refusal(
                    HttpResponseStatus.UPGRADE_REQUIRED,
                    "Sec-WebSocket-Version: 13",
                    "another version of WebSocket");
        }
        if (key(headers).isEmpty()) {
            return new Refusal(HttpResponseStatus.BAD_REQUEST, "no key of 16 bytes");
        }
        return isWelcome(headers)
                ? null
                : new Refusal(
                        HttpResponseStatus.FORBIDDEN,
                        "a page of another origin (listeners[].websocket.origins)");
    }

    private static String path(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    /// The key of the client, empty when it is none.
    private static String key(HttpHeaders headers) {
        List<String> keys = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        try {
            return keys.size() == 1
                            && Base64.getDecoder().decode(keys.getFirst()).length == KEY_BYTES
                    ? keys.getFirst()
                    : "";
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /// Cookies are never looked at: a page of somebody else has nothing here that it could borrow.
    private boolean isWelcome(HttpHeaders headers) {
        List<String> origins = headers.getAll(HttpHeaderNames.ORIGIN);
        return settings.origins().isEmpty()
                || origins.isEmpty()
                || origins.size() == 1 && settings.origins().contains(origins.getFirst());
    }

    /// The first name of MQTT that the client asks for, or null.
    private static @Nullable String subprotocol(HttpHeaders headers) {
        List<String> offered = list(headers, HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
        return offered.size() > MOST_OFFERED
                ? null
                : offered.stream().filter(SUBPROTOCOLS::contains).findFirst().orElse(null);
    }

    private static List<String> list(HttpHeaders headers, CharSequence name) {
        List<String> items = new ArrayList<>();
        for (String line : headers.getAll(name)) {
            for (String item : line.split(",", -1)) {
                items.add(item.strip());
            }
        }
        return items;
    }

    /// Where trusted proxies passed the connection on: the last address that is none of theirs.
    ///
    /// @return whether that address may have one more
    private boolean isFromWhereItSays(HttpHeaders headers) {
        String address = link.origin().address();
        List<String> passed = list(headers, "X-Forwarded-For");
        while (settings.proxies().contains(address) && !passed.isEmpty()) {
            String before = passed.removeLast();
            if (Networks.literal(before) == null) {
                break;
            }
            address = before;
        }
        return address.equals(link.origin().address()) || link.arrival().isBehind(address, 0);
    }

    private static String accept(String key) {
        try {
            byte[] both = (key + ACCEPT).getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(both));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    private void refuse(ChannelHandlerContext context, Refusal refusal) {
        if (ended) {
            return;
        }
        ended = true;
        write(
                context,
                "HTTP/1.1 "
                        + refusal.status()
                        + "\r\nConnection: close\r\nContent-Length: 0\r\n"
                        + (refusal.hint().isEmpty() ? "" : refusal.hint() + "\r\n")
                        + "\r\n");
        link.broken("WebSocket: " + refusal.sentence());
    }

    private static void write(ChannelHandlerContext context, String response) {
        context.writeAndFlush(ByteBufUtil.writeAscii(context.alloc(), response));
    }
}
