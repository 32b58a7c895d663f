package io.sotto.transport;

import java.nio.file.Path;

/// Where a listener is.
public sealed interface Endpoint {
    /// A port of TCP.
    ///
    /// @param port 1 to 65,535, or 0 for any that is free
    record Port(String host, int port) implements Endpoint {
        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /// A socket in the file system.
    ///
    /// @param mode who may connect, as `chmod` takes it: three octal digits
    record UnixSocket(Path path, int mode) implements Endpoint {
        @Override
        public String toString() {
            return path.toString();
        }
    }
}
