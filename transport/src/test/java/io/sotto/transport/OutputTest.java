package io.sotto.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.sotto.broker.spi.EventLog;
import io.sotto.mqtt.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What happens to a connection for which there is no memory.
class OutputTest {
    private final Taker taker = new Taker();
    private final Shared shared = new Shared();

    /// A peer that takes everything at once.
    private static final class Taker implements Outlet {
        private final List<ByteBuf> taken = new ArrayList<>();
        private final List<ByteBuf> waiting = new ArrayList<>();
        private ByteBufAllocator memory = new Scarce(0);

        @Override
        public ByteBufAllocator memory() {
            return memory;
        }

        @Override
        public void write(ByteBuf bytes) {
            waiting.add(bytes);
        }

        @Override
        public void flush() {
            taken.addAll(waiting);
            waiting.clear();
        }

        @Override
        public boolean isWritable() {
            return pending() <= HIGH;
        }

        @Override
        public long pending() {
            return size(waiting);
        }

        void release() {
            flush();
            taken.forEach(ByteBuf::release);
        }
    }

    /// Memory that comes to an end.
    private static final class Scarce extends AbstractByteBufAllocator {
        private int left;

        Scarce(int buffers) {
            super(true);
            left = buffers;
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            if (left-- <= 0) {
                throw new OutOfMemoryError("no direct memory");
            }
            return new UnpooledDirectByteBuf(this, initialCapacity, maxCapacity);
        }

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            return new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity);
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }

    private Output output(int buffers) {
        taker.memory = new Scarce(buffers);
        return new Output(
                taker, new MemoryWatch(TransportSettings.DEFAULT, EventLog.NONE, () -> 0, 1 << 30));
    }

    private static void write(Output output, int size) {
        ByteBuffer room = output.room(size);
        assertThat(room.remaining()).isGreaterThanOrEqualTo(size);
        room.put(new byte[size]);
        output.written();
    }

    @Test
    void what_cannot_be_sent_for_lack_of_memory_breaks_its_own_connection_only() {
        Output output = output(1);
        write(output, 100);
        assertThat(output.isBroken()).isFalse();

        write(output, 10_000);
        write(output, 10);
        output.share(Payload.copyOf(new byte[1_000_000]), shared);
        output.flush();

        assertThat(output.isBroken()).isTrue();
        assertThat(output.isWritable()).isFalse();
        assertThat(output.awaitsRoom()).isTrue();
        taker.release();
    }

    @Test
    void a_payload_that_waits_by_reference_breaks_it_when_its_turn_comes() {
        Output output = output(0);

        output.share(Payload.copyOf(new byte[1_000_000]), shared);
        output.flush();

        assertThat(output.isBroken()).isTrue();
        assertThat(output.pending()).isZero();
    }

    @Test
    void a_large_payload_leaves_in_several_turns_however_quick_its_peer_is() {
        Output output = output(1_000);
        output.share(Payload.copyOf(new byte[1_000_000]), shared);

        int turns = 1;
        int before = 0;
        while (!output.flush()) {
            turns++;
            assertThat(sent() - before).isBetween(1, 256 * 1024);
            before = sent();
        }

        assertThat(turns).isBetween(5, 10);
        assertThat(sent()).isEqualTo(1_000_000);
    }

    @Test
    void what_only_waits_for_its_turn_does_not_make_a_connection_slow() {
        Output output = output(1_000);
        output.share(Payload.copyOf(new byte[1_000_000]), shared);
        assertThat(output.isWritable()).isTrue();

        output.share(Payload.copyOf(new byte[8_000_000]), shared);

        assertThat(output.isWritable()).isFalse();
    }

    @Test
    void what_many_are_sent_lies_in_memory_once() {
        Output output = output(1);
        write(output, 100);
        Payload payload = Payload.copyOf(new byte[10_000]);

        output.share(payload, shared);
        output.share(payload, shared);
        output.flush();
        shared.clear();

        List<ByteBuf> sent = taker.taken;
        assertThat(sent).extracting(ByteBuf::readableBytes).containsExactly(100, 10_000, 10_000);
        assertThat(sent.get(1).memoryAddress()).isEqualTo(sent.get(2).memoryAddress());
        assertThat(output.isBroken()).isFalse();
        taker.release();
        assertThat(sent).allMatch(bytes -> bytes.refCnt() == 0);
    }

    private int sent() {
        return size(taker.taken);
    }

    private static int size(List<ByteBuf> buffers) {
        return buffers.stream().mapToInt(ByteBuf::readableBytes).sum();
    }
}
