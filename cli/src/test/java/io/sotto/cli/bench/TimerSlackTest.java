package io.sotto.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TimerSlackTest {
    private static String present() {
        try {
            Path self = Files.readSymbolicLink(Path.of("/proc/thread-self"));
            return Files.readString(
                            Path.of("/proc").resolve(self.getFileName()).resolve("timerslack_ns"))
                    .strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    @Test
    void threads_that_are_started_then_have_none() {
        CompletableFuture<String> seen = new CompletableFuture<>();
        Thread.ofPlatform()
                .start(() -> {
                    if (TimerSlack.remove()) {
                        Thread.ofPlatform().start(() -> seen.complete(present()));
                    } else {
                        seen.complete("not there");
                    }
                });

        String slack = seen.join();

        assumeTrue(!slack.equals("not there"), "only Linux has one");
        assertThat(slack).isEqualTo("1");
    }
}
