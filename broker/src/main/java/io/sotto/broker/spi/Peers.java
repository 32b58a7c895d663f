package io.sotto.broker.spi;

/// The other nodes of a cluster.
public interface Peers {
    /// A client of this node published a message; whoever subscribed elsewhere is to get it.
    void published(Message message);

    /// No other nodes.
    Peers NONE = message -> {};
}
