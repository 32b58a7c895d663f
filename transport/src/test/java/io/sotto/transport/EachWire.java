package io.sotto.transport;

/// What may lie below a link that MQTT comes to as it is.
enum EachWire {
    /// A socket of our own, where there is epoll.
    OWN,
    /// A channel of Netty's, since a WebSocket might come instead.
    NETTY;

    Carriers carriers() {
        return switch (this) {
            case OWN -> Carriers.PLAIN;
            case NETTY -> new Carriers(true, WebSocketSettings.DEFAULT, null, null);
        };
    }
}
