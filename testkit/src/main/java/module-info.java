import org.jspecify.annotations.NullMarked;

/// Packet vectors, the packet table, recorders and the simulator.
@NullMarked
module io.sotto.testkit {
    requires static org.jspecify;
    requires transitive io.sotto.broker;
    requires transitive io.sotto.mqtt;
    requires io.sotto.store;
    requires jdk.httpserver;

    exports io.sotto.testkit;
    exports io.sotto.testkit.link;
    exports io.sotto.testkit.login;
    exports io.sotto.testkit.sim;
    exports io.sotto.testkit.table;
}
