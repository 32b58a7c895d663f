package io.sotto.transport;

/// How the transport treats connections.
///
/// @param loops how many event loops, and so shards, 1 to 1,024; setting `loops`
/// @param writeBuffer how many bytes may wait for one connection before it counts as slow, 256 KiB
///   to 1 GiB; it counts as quick again below 64 KiB; setting `limits.write-buffer`
/// @param writeTimeout after how many seconds a connection that takes nothing of what waits for it
///   is lost, 1 to 3,600; setting `limits.write-timeout`
/// @param connections how many connections there are at most, 1 to 10,000,000; setting
///   `limits.connections`
/// @param connectionsPerAddress how many of them may come from one address, 0 for no bound; setting
///   `limits.connections-per-address`
/// @param connectRatePerAddress how many may come from one address in a second, 0 for no bound;
///   setting `limits.connect-rate-per-address`
/// @param receiveMemory how many bytes of packets that are here in part there may be over all
///   connections, 1 MiB to 1 TiB, and a quarter of the memory for network buffers at most; setting
///   `limits.receive-memory`
/// @param packetTimeout within how many seconds a packet that has begun must be here, 1 to 86,400,
///   or 0 for no bound; setting `limits.packet-timeout`
/// @param sendBuffer how many bytes the system is asked to hold for a connection at most, 16 KiB to
///   64 MiB, or 0 for as many as it likes; setting `limits.send-buffer`
public record TransportSettings(
        int loops,
        int writeBuffer,
        int writeTimeout,
        int connections,
        int connectionsPerAddress,
        int connectRatePerAddress,
        long receiveMemory,
        int packetTimeout,
        int sendBuffer) {

    /// A loop per processor, 1 MiB, 30 seconds, a million connections, 256 MiB, two minutes, as the
    /// system likes.
    public static final TransportSettings DEFAULT =
            new TransportSettings(
                    Runtime.getRuntime().availableProcessors(),
                    1 << 20,
                    30,
                    1_000_000,
                    0,
                    0,
                    256L << 20,
                    120,
                    0);
}
