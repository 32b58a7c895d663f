import org.jspecify.annotations.NullMarked;

/// The broker core: sessions, subscriptions, routing, retained messages, wills, limits, accounting.
/// A deterministic state machine: time, entropy, disk and links come in through
/// `io.sotto.broker.spi`.
@NullMarked
module io.sotto.broker {
    requires transitive io.sotto.mqtt;
    requires static org.jspecify;

    exports io.sotto.broker;
    exports io.sotto.broker.session;
    exports io.sotto.broker.spi;
    exports io.sotto.broker.topic;
}
