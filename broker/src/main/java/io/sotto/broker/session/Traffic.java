package io.sotto.broker.session;

/// What went over the links of one shard, packets of every kind included. Written by the shard
/// alone; others read it as it happens to be.
public final class Traffic {
    private long sockets;
    private long logins;
    private long packetsIn;
    private long bytesIn;
    private long packetsOut;
    private long bytesOut;

    /// Somebody connected; who that is is not known yet.
    public void connected() {
        sockets++;
    }

    /// A client was let in.
    public void loggedIn() {
        logins++;
    }

    /// Packets were taken from a link.
    public void received(int packets, int bytes) {
        packetsIn += packets;
        bytesIn += bytes;
    }

    /// Packets were handed to a link.
    public void sent(int packets, int bytes) {
        packetsOut += packets;
        bytesOut += bytes;
    }

    /// Connections since the start, those included that never logged in.
    public long sockets() {
        return sockets;
    }

    /// Logins that succeeded since the start.
    public long logins() {
        return logins;
    }

    public long packetsIn() {
        return packetsIn;
    }

    /// Bytes of whole packets.
    public long bytesIn() {
        return bytesIn;
    }

    public long packetsOut() {
        return packetsOut;
    }

    public long bytesOut() {
        return bytesOut;
    }
}
