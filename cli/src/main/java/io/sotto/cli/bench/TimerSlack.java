package io.sotto.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// How much later than it wanted Linux may wake a thread that sleeps, so that several are woken at
/// once: 50 µs by default, as much as a message takes through a broker (`man 2 PR_SET_TIMERSLACK`).
final class TimerSlack {
    private TimerSlack() {}

    /// Makes it as small as it can be, for this thread of the system and for those that it starts.
    /// Where there is no such thing, `due to sent` shows what it costs.
    ///
    /// @return whether it was there
    static boolean remove() {
        try {
            Path self = Files.readSymbolicLink(Path.of("/proc/thread-self"));
            Path slack = Path.of("/proc").resolve(self.getFileName()).resolve("timerslack_ns");
            Files.writeString(slack, "1", StandardOpenOption.WRITE);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
