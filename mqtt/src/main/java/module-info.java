import org.jspecify.annotations.NullMarked;

/// The language: packets, topics, reason codes, and their wire form. Knows nothing but the JDK.
@NullMarked
module io.sotto.mqtt {
    requires static org.jspecify;

    exports io.sotto.mqtt;
    exports io.sotto.mqtt.codec;
}
