package io.sotto.cli.bench;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
@Timeout(60)
class FineWaitTest {
    private static final long LONG = TimeUnit.MINUTES.toNanos(10);

    private Selector selector;
    private Selector other;

    @BeforeEach
    void open() throws IOException {
        selector = Selector.open();
        other = Selector.open();
    }

    @AfterEach
    void close() throws IOException {
        selector.close();
        other.close();
    }

    private FineWait wait(Selector at) {
        return requireNonNull(FineWait.at(at), "Linux has it");
    }

    @Test
    void it_waits_for_less_than_a_millisecond() {
        FineWait wait = wait(selector);
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < 100; i++) {
            long began = System.nanoTime();
            assertThat(wait.await(200_000)).isFalse();
            shortest = Math.min(shortest, System.nanoTime() - began);
        }

        assertThat(shortest).isBetween(200_000L, 999_999L);
    }

    @Test
    void what_a_channel_brings_ends_it() throws IOException {
        Pipe pipe = Pipe.open();
        try (Pipe.SinkChannel to = pipe.sink();
                Pipe.SourceChannel from = pipe.source()) {
            from.configureBlocking(false);
            from.register(selector, SelectionKey.OP_READ);
            FineWait wait = wait(selector);
            assertThat(wait.await(0)).isFalse();

            Thread.ofPlatform().start(() -> write(to));

            assertThat(wait.await(LONG)).isTrue();
            assertThat(selector.selectNow()).isEqualTo(1);
        }
    }

    private static void write(Pipe.SinkChannel to) {
        try {
            to.write(ByteBuffer.allocate(1));
        } catch (IOException lost) {
            throw new AssertionError(lost);
        }
    }

    @Test
    void to_wake_the_selector_ends_it() throws IOException {
        FineWait wait = wait(selector);

        Thread.ofPlatform().start(selector::wakeup);

        assertThat(wait.await(LONG)).isTrue();
        assertThat(selector.selectNow()).isZero();
        assertThat(wait.await(0)).isFalse();
    }

    @Test
    void it_is_found_among_several() {
        FineWait first = wait(selector);
        FineWait second = wait(other);

        other.wakeup();

        assertThat(first.await(0)).isFalse();
        assertThat(second.await(0)).isTrue();
    }

    @Test
    void it_is_found_beside_one_that_has_something_to_do() {
        other.wakeup();

        FineWait wait = wait(selector);

        assertThat(wait.await(0)).isFalse();
    }
}
