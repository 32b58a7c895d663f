package io.sotto.broker.spi;

/// Who a client turned out to be.
///
/// @param name the user name that was proven, or empty for an anonymous client
public record Principal(String name) {
    public static final Principal ANONYMOUS = new Principal("");

    @Override
    public String toString() {
        return name.isEmpty() ? "anonymous" : "'" + name + "'";
    }
}
