package io.sotto.fuzz;

import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicNames;
import io.sotto.mqtt.codec.Decoder;
import io.sotto.mqtt.codec.DecoderLimits;
import io.sotto.mqtt.codec.Encoder;
import io.sotto.mqtt.codec.Sender;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// The codec against any bytes.
///
/// ```text
/// | version (2 bits) | sender (1) | limits (1) | 0 (4) | seed of the split | stream ... |
/// ```
///
/// What must hold: no exception but [ProtocolException]; a stream in pieces is read as the same
/// stream in one; what is read comes back from what it is written as, which is never longer; memory
/// only in proportion to the bytes that are there, whatever lengths they announce.
public final class CodecTarget {
    /// The most that a byte of input may cost: the two letters of an empty text become a String.
    private static final int COST_OF_A_BYTE = 48;

    /// Less than a length of two bytes can announce. Most of it is Jazzer, which copies texts that
    /// are compared.
    private static final int COST_OF_A_READING = 60 * 1024;

    private static final DecoderLimits SMALL =
            new DecoderLimits(300, 200, 3, 3, new TopicLimits(20, 3, false));

    /// One for all runs: direct memory is slow to come by.
    private static final ByteBuffer DIRECT = ByteBuffer.allocateDirect(1 << 16);

    private final @Nullable ProtocolVersion version;
    private final Sender sender;
    private final DecoderLimits limits;
    private final SplittableRandom splits;
    private final byte[] stream;

    private CodecTarget(Input input) {
        int setup = input.one();
        this.version = Versions.of(setup);
        this.sender = (setup & 4) == 0 ? Sender.CLIENT : Sender.SERVER;
        this.limits = (setup & 8) == 0 ? DecoderLimits.DEFAULT : SMALL;
        this.splits = new SplittableRandom(input.one());
        this.stream = input.rest();
    }

    /// What Jazzer calls.
    public static void fuzzerTestOneInput(byte[] data) {
        Bounds.inTime(() -> new CodecTarget(new Input(data)).run());
    }

    /// What became of a stream.
    private static final class Reading {
        private final Decoder decoder;
        private final List<Packet> packets = new ArrayList<>(4);
        private @Nullable String fault;

        Reading(Decoder decoder) {
            this.decoder = decoder;
        }

        /// Reads all whole packets; false once a fault has ended it.
        boolean read(ByteBuffer in) {
            try {
                for (Packet packet = decoder.read(in); packet != null; ) {
                    packets.add(packet);
                    packet = decoder.read(in);
                }
                return true;
            } catch (ProtocolException e) {
                fault = e.reason() + " " + e.sentence();
                return false;
            }
        }

        boolean isSame(Reading other) {
            return packets.equals(other.packets)
                    && Objects.equals(fault, other.fault)
                    && decoder.version() == other.decoder.version();
        }
    }

    private Reading reading(@Nullable ProtocolVersion known) {
        Decoder decoder = new Decoder(sender, limits, new TopicNames(4, limits.topics()));
        if (known != null) {
            decoder.version(known);
        }
        return new Reading(decoder);
    }

    private void run() {
        Reading[] whole = {reading(version)};
        Bounds.inSpace(
                COST_OF_A_READING + (long) COST_OF_A_BYTE * stream.length,
                () -> {
                    whole[0] = reading(version);
                    whole[0].read(ByteBuffer.wrap(stream));
                });
        Reading pieces = inPieces();
        if (!pieces.isSame(whole[0])) {
            throw new AssertionError(
                    "in one: "
                            + whole[0].packets
                            + " "
                            + whole[0].fault
                            + ", in pieces: "
                            + pieces.packets
                            + " "
                            + pieces.fault);
        }
        ProtocolVersion after = whole[0].decoder.version();
        for (Packet packet : whole[0].packets) {
            comesBack(packet, Objects.requireNonNull(after));
        }
    }

    /// As the network brings it: into a direct buffer, of which what was read makes room.
    private Reading inPieces() {
        Reading reading = reading(version);
        ByteBuffer in =
                stream.length <= DIRECT.capacity()
                        ? DIRECT.clear()
                        : ByteBuffer.allocate(stream.length);
        int longest = 1 + splits.nextInt(1 + stream.length);
        int arrived = 0;
        boolean goesOn = true;
        while (goesOn && arrived < stream.length) {
            int some = Math.min(stream.length - arrived, 1 + splits.nextInt(longest));
            in.put(stream, arrived, some).flip();
            arrived += some;
            goesOn = reading.read(in);
            in.compact();
        }
        return reading;
    }

    private void comesBack(Packet packet, ProtocolVersion version) {
        byte[] written = written(packet, version);
        if (written.length > stream.length) {
            throw new AssertionError(packet + " is written longer than it was read");
        }
        Reading again = reading(packet instanceof Connect ? null : version);
        again.read(ByteBuffer.wrap(written));
        if (again.packets.size() != 1 || !again.packets.getFirst().equals(packet)) {
            throw new AssertionError(
                    packet + " comes back as " + again.packets + " " + again.fault);
        }
        if (!Arrays.equals(written(again.packets.getFirst(), version), written)) {
            throw new AssertionError(packet + " is written in two ways");
        }
    }

    private static byte[] written(Packet packet, ProtocolVersion version) {
        ByteBuffer out = ByteBuffer.allocate(Encoder.size(packet, version));
        Encoder.write(packet, version, out);
        if (out.hasRemaining()) {
            throw new AssertionError("the size of " + packet + " is wrong");
        }
        return out.array();
    }
}
