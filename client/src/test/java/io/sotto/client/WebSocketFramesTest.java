package io.sotto.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.mqtt.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WebSocketFramesTest {
    private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
    private final WebSocketFrames frames = new WebSocketFrames(new WebSocketOutput(answers));

    /// Frames of all lengths with a ping now and then, and what they carry.
    private record Stream(Payload frames, Payload data, int pings) {
        static Stream of(Random random) {
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            int pings = 0;
            boolean within = false;
            for (int i = 0; i < 40; i++) {
                if (random.nextInt(4) == 0) {
                    frame(frames, 0x89, new byte[random.nextInt(126)]);
                    pings++;
                }
                byte[] payload = new byte[random.nextInt(random.nextBoolean() ? 130 : 70_000)];
                random.nextBytes(payload);
                boolean last = i == 39 || random.nextBoolean();
                frame(frames, (last ? 0x80 : 0) | (within ? 0x0 : 0x2), payload);
                data.writeBytes(payload);
                within = !last;
            }
            return new Stream(
                    Payload.copyOf(frames.toByteArray()),
                    Payload.copyOf(data.toByteArray()),
                    pings);
        }

        private static void frame(ByteArrayOutputStream to, int head, byte[] payload) {
            ByteBuffer start = ByteBuffer.allocate(10).put((byte) head);
            if (payload.length < 126) {
                start.put((byte) payload.length);
            } else if (payload.length < 0x1_0000) {
                start.put((byte) 126).putShort((short) payload.length);
            } else {
                start.put((byte) 127).putLong(payload.length);
            }
            to.write(start.array(), 0, start.position());
            to.writeBytes(payload);
        }
    }

    @Test
    void wherever_the_stream_is_cut_the_data_are_the_same() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Stream stream = Stream.of(random);
        ByteBuffer in = ByteBuffer.allocate(8 * 1024).flip();
        ByteBuffer to = ByteBuffer.allocate(1 + random.nextInt(10_000));
        ByteArrayOutputStream got = new ByteArrayOutputStream();

        ByteBuffer all = stream.frames.view();
        while (all.hasRemaining()) {
            in.compact();
            int count = Math.min(1 + random.nextInt(2_000), in.remaining());
            count = Math.min(count, all.remaining());
            in.put(all.slice(all.position(), count)).flip();
            all.position(all.position() + count);
            boolean full = true;
            while (full) {
                frames.read(in, to.clear());
                got.write(to.array(), 0, to.position());
                full = !to.hasRemaining();
            }
        }

        assertThat(got.toByteArray()).as("seed %d", seed).isEqualTo(stream.data.toByteArray());
        assertThat(in.hasRemaining()).as("seed %d", seed).isFalse();
        assertThat(frames.isEnded()).isFalse();
        // Each answer has a head, a length and a mask.
        assertThat(answers.size()).isGreaterThanOrEqualTo(6 * stream.pings);
    }

    @Test
    void an_end_within_a_frame_is_told() throws IOException {
        ByteBuffer half = ByteBuffer.wrap(HexFormat.of().parseHex("820501"));

        frames.read(half, ByteBuffer.allocate(10));

        assertThatThrownBy(() -> frames.end(half))
                .isInstanceOf(IOException.class)
                .hasMessage("the connection ended within a frame");
    }

    @Test
    void nothing_is_read_behind_close() throws IOException {
        ByteBuffer in = ByteBuffer.wrap(HexFormat.of().parseHex("820101880203e8820102"));
        ByteBuffer to = ByteBuffer.allocate(10);

        frames.read(in, to);

        assertThat(frames.isEnded()).isTrue();
        assertThat(to.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {1}));
    }
}
