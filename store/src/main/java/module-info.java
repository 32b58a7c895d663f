import org.jspecify.annotations.NullMarked;

/// The durable store: what shards must not forget, in groups that one sync makes durable, and all
/// of it back at the start.
@NullMarked
module io.sotto.store {
    requires transitive io.sotto.broker;
    requires transitive io.sotto.mqtt;
    requires static org.jspecify;
    requires rocksdbjni;

    exports io.sotto.store;
}
