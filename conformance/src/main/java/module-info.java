import org.jspecify.annotations.NullMarked;

/// Black-box tests of the statements of the MQTT standards, runnable against any broker.
@NullMarked
module io.sotto.conformance {
    requires static org.jspecify;

    exports io.sotto.conformance;
    exports io.sotto.conformance.chapters;
    exports io.sotto.conformance.hostile;
}
