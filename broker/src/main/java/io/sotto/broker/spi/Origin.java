package io.sotto.broker.spi;

/// Where a connection comes from.
///
/// @param listener the configured name of the listener
/// @param address the address of the peer, without its port
/// @param port the port of the peer, or 0 where there is none
/// @param anonymousAllowed whether this listener admits clients without credentials
public record Origin(String listener, String address, int port, boolean anonymousAllowed) {
    @Override
    public String toString() {
        return port == 0 ? address : address + ":" + port;
    }
}
