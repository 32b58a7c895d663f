import org.jspecify.annotations.NullMarked;

/// TCP, unix sockets, TLS, WebSocket and the PROXY protocol: bytes to packets, on Netty.
@NullMarked
module io.sotto.transport {
    requires static org.jspecify;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.haproxy;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires java.naming;
    requires transitive io.sotto.broker;

    exports io.sotto.transport;
}
