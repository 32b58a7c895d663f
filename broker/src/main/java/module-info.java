import org.jspecify.annotations.NullMarked;

/// Sessions, subscriptions, routing, retained messages, wills, limits and accounting.
@NullMarked
module io.sotto.broker {
    requires static org.jspecify;
    requires transitive io.sotto.mqtt;

    exports io.sotto.broker;
}
