package io.sotto.broker.spi;

import org.jspecify.annotations.Nullable;

/// Where a connection comes from.
///
/// @param listener the configured name of the listener
/// @param address the address of the peer, without its port
/// @param port the port of the peer, or 0 where there is none
/// @param anonymousAllowed whether this listener admits clients without credentials
/// @param certified who the peer is by a certificate that was checked, or null
/// @param terms what the listener asks of its clients
public record Origin(
        String listener,
        String address,
        int port,
        boolean anonymousAllowed,
        @Nullable String certified,
        Terms terms) {
    /// Of a client that was connected before the broker began: nobody knows from where, by which
    /// listener or from which address.
    public static final Origin NOWHERE = new Origin("", "nowhere", 0, false);

    /// Of a peer without a certificate.
    public Origin(String listener, String address, int port, boolean anonymousAllowed) {
        this(listener, address, port, anonymousAllowed, null);
    }

    /// At a listener that asks for nothing more.
    public Origin(
            String listener,
            String address,
            int port,
            boolean anonymousAllowed,
            @Nullable String certified) {
        this(listener, address, port, anonymousAllowed, certified, Terms.DEFAULT);
    }

    /// The same connection, as whoever passed it on says where it began.
    public Origin behind(String otherAddress, int otherPort) {
        return new Origin(listener, otherAddress, otherPort, anonymousAllowed, certified, terms);
    }

    /// The same connection, once the peer has shown who it is.
    public Origin as(String name) {
        return new Origin(listener, address, port, anonymousAllowed, name, terms);
    }

    /// The same connection, where clients without credentials are admitted or not.
    public Origin admitting(boolean unnamed) {
        return unnamed == anonymousAllowed
                ? this
                : new Origin(listener, address, port, unnamed, certified, terms);
    }

    /// Whether there is or was a connection.
    public boolean isKnown() {
        return !equals(NOWHERE);
    }

    @Override
    public String toString() {
        return port == 0 ? address : address + ":" + port;
    }
}
