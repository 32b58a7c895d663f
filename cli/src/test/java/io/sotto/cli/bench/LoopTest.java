package io.sotto.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(60)
class LoopTest {
    private static final int TURNS = 1_000;
    private static final long EACH_NANOS = 1_000_000;

    /// Something to do each millisecond.
    private static final class Ticks implements Loop.Clockwork {
        private final CompletableFuture<Long> processorTime = new CompletableFuture<>();
        private long began;
        private long begin;
        private int done;

        @Override
        public long turn() {
            long now = Clock.now();
            if (done == 0) {
                begin = now;
                began = processorTime();
            }
            long due = begin + done * EACH_NANOS;
            if (now < due) {
                return due;
            }
            done++;
            if (done > TURNS) {
                processorTime.complete(processorTime() - began);
                return NEVER;
            }
            return begin + done * EACH_NANOS;
        }

        /// That of the thread so far, in nanoseconds.
        private static long processorTime() {
            try {
                String all = Files.readString(Path.of("/proc/thread-self/schedstat"));
                return Long.parseLong(all.split(" ", -1)[0]);
            } catch (IOException notThere) {
                throw new UncheckedIOException(notThere);
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void it_leaves_the_processor_to_others_until_something_is_due() throws IOException {
        Ticks ticks = new Ticks();
        try (Loop loop = new Loop(0)) {
            loop.start();
            loop.execute(() -> loop.follow(ticks));

            long processorTime = ticks.processorTime.join();

            assertThat(processorTime).isLessThan(TURNS * EACH_NANOS / 2);
        }
    }

    @Test
    void what_is_told_to_it_while_it_waits_is_done_at_once() throws IOException {
        try (Loop loop = new Loop(0)) {
            loop.start();
            loop.execute(() -> loop.follow(() -> Clock.now() + 600_000_000_000L));
            for (int i = 0; i < 10; i++) {
                CompletableFuture<Boolean> done = new CompletableFuture<>();

                loop.execute(() -> done.complete(true));

                assertThat(done.join()).isTrue();
            }
        }
    }
}
