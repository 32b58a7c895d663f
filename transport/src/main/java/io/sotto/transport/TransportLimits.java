package io.sotto.transport;

/// The bounds of connections, beneath what they say.
///
/// @param connections how many are served at a time, over all listeners; one more is accepted and
///   closed at once; setting `limits.connections`
/// @param writeBuffer how many bytes wait to leave on one connection before it counts as slow;
///   setting `limits.write-buffer`
/// @param writeTimeout after how many seconds without progress a slow connection is lost; setting
///   `limits.write-timeout`
public record TransportLimits(int connections, int writeBuffer, int writeTimeout) {
    /// One million connections, 1 MiB, 30 s.
    public static final TransportLimits DEFAULT = new TransportLimits(1_000_000, 1 << 20, 30);
}
