package io.sotto.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;

/// A connection to the broker that writes whatever it is told and reads whole packets.
///
/// Every wait has a deadline. The end of the connection is believed only when the end of the stream
/// was read (or a reset), never because a packet announced it.
final class RawConnection implements AutoCloseable {
    private static final int END = -1;

    private final Carrier.Stream stream;
    private final InputStream in;
    private final OutputStream out;
    private final String name;
    private final Transcript transcript;
    private long deadline;
    private long limit = Long.MAX_VALUE;

    RawConnection(Carrier carrier, int receiveBuffer, String name, Transcript transcript) {
        this.name = name;
        this.transcript = transcript;
        try {
            stream = carrier.open(receiveBuffer);
            in = stream.input();
            out = stream.output();
        } catch (IOException e) {
            throw new Unexpected("no connection: " + e.getMessage());
        }
    }

    /// The size that no packet from the broker may exceed.
    void limit(long bytes) {
        limit = bytes;
    }

    /// Sends bytes; that the broker has already closed is left to be noticed by reading.
    void send(Bytes bytes) {
        transcript.sent(name, bytes);
        try {
            out.write(bytes.toArray());
        } catch (IOException e) {
            transcript.happened(name, "sending failed: " + e.getMessage());
        }
    }

    /// The next packet, or nothing when the broker closed instead.
    Optional<Packet> receiveOrEnd(Version version, String expected, Duration patience) {
        deadline = System.nanoTime() + patience.toNanos();
        byte[] one = new byte[1];
        if (read(one, 0, expected) == END) {
            transcript.happened(name, "closed by the broker");
            return Optional.empty();
        }
        byte[] body = new byte[remainingLength(expected)];
        for (int at = 0; at < body.length; ) {
            at += readMore(body, at, expected);
        }
        Bytes whole = Bytes.packet(one[0] & 0xFF, Bytes.of(body));
        transcript.received(name, whole);
        Unexpected.unless(
                whole.size() <= limit, "a packet of %d bytes, at most %d", whole.size(), limit);
        return Optional.of(Packet.read(version, one[0] & 0xFF, body));
    }

    private int remainingLength(String expected) {
        byte[] one = new byte[1];
        int length = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            readMore(one, 0, expected);
            length |= (one[0] & 0x7F) << shift;
            if (one[0] >= 0) {
                Unexpected.unless(
                        one[0] != 0 || shift == 0, "a remaining length is longer than needed");
                return length;
            }
        }
        throw new Unexpected("a remaining length has more than four bytes");
    }

    private int readMore(byte[] target, int at, String expected) {
        int count = read(target, at, expected);
        Unexpected.unless(count != END, "the broker closed in the middle of a packet");
        return count;
    }

    private int read(byte[] target, int at, String expected) {
        try {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            stream.patience((int) Math.max(1, millis));
            return in.read(target, at, target.length - at);
        } catch (SocketTimeoutException e) {
            transcript.happened(name, "waited in vain");
            throw new Unexpected.Silence("expected %s, but nothing came".formatted(expected));
        } catch (IOException e) {
            transcript.happened(name, "connection broken: " + e.getMessage());
            return END;
        }
    }

    /// Reads until the end of the stream, whatever comes before it.
    void drain(Duration patience) {
        deadline = System.nanoTime() + patience.toNanos();
        byte[] ignored = new byte[8192];
        int count = 0;
        while (count != END) {
            count = read(ignored, 0, "the end of the connection");
        }
        transcript.happened(name, "closed by the broker");
    }

    /// Ends our direction only, as a peer that has gone; the broker has to close the other.
    void closeOutput() {
        transcript.happened(name, "closes without a word");
        try {
            stream.finish();
        } catch (IOException e) {
            transcript.happened(name, "already closed: " + e.getMessage());
        }
    }

    /// Ends the connection with a reset.
    void reset() {
        transcript.happened(name, "resets");
        try {
            stream.reset();
        } catch (IOException e) {
            transcript.happened(name, "already closed: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            transcript.happened(name, "already closed: " + e.getMessage());
        }
    }
}
