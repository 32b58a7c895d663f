import org.jspecify.annotations.NullMarked;

/// Reads the configuration, wires the rooms, starts and stops them.
@NullMarked
module io.sotto.server {
    requires static org.jspecify;
    requires com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.dataformat.yaml;
    requires info.picocli;
    requires io.sotto.access;
    requires io.sotto.broker;
    requires io.sotto.cli;
    requires io.sotto.client;
    requires io.sotto.conformance;
    requires io.sotto.mqtt;
    requires io.sotto.store;
    requires io.sotto.transport;
    requires org.bouncycastle.provider;

    opens io.sotto.server to
            com.fasterxml.jackson.databind,
            info.picocli;
}
