import org.jspecify.annotations.NullMarked;

/// A small MQTT client.
@NullMarked
module io.sotto.client {
    requires static org.jspecify;
    requires transitive io.sotto.mqtt;

    exports io.sotto.client;
}
