import org.jspecify.annotations.NullMarked;

/// The commands that speak to a broker, ours or another.
@NullMarked
module io.sotto.cli {
    requires static org.jspecify;
    requires HdrHistogram;
    requires com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.dataformat.cbor;
    requires io.sotto.client;
    requires io.sotto.mqtt;
    requires transitive info.picocli;

    exports io.sotto.cli;

    opens io.sotto.cli to
            info.picocli;
}
