package io.sotto.cli.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.Selector;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Waits for the channels of a selector or for a time, whichever comes first, as exactly as the
/// system can: a selector itself knows whole milliseconds only. On Linux a selector is a descriptor
/// of epoll, which becomes readable when one of its channels is ready or the selector is woken, and
/// `ppoll` can wait for that.
final class FineWait {
    private static final MemoryLayout POLLFD =
            MemoryLayout.structLayout(
                    ValueLayout.JAVA_INT.withName("fd"),
                    ValueLayout.JAVA_SHORT.withName("events"),
                    ValueLayout.JAVA_SHORT.withName("revents"));
    private static final MemoryLayout TIMESPEC =
            MemoryLayout.structLayout(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
    private static final long EVENTS = 4;
    private static final long REVENTS = 6;
    private static final short READABLE = 1;
    private static final long SECOND_NANOS = 1_000_000_000;

    private final MethodHandle ppoll;
    private final MemorySegment poll = Arena.ofAuto().allocate(POLLFD);
    private final MemorySegment time = Arena.ofAuto().allocate(TIMESPEC);

    private FineWait(MethodHandle ppoll, int descriptor) {
        this.ppoll = ppoll;
        poll.set(ValueLayout.JAVA_INT, 0, descriptor);
        poll.set(ValueLayout.JAVA_SHORT, EVENTS, READABLE);
    }

    /// For a selector that nobody waits at yet.
    ///
    /// @return null where the system has no such thing
    static @Nullable FineWait at(Selector selector) {
        try {
            Optional<MethodHandle> ppoll = ppoll();
            return ppoll.isPresent() ? find(ppoll.get(), selector) : null;
        } catch (IOException | UnsupportedOperationException | IllegalCallerException notThere) {
            return null;
        }
    }

    @SuppressWarnings("restricted") // the jar's manifest and the launcher allow it
    private static Optional<MethodHandle> ppoll() {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find("ppoll")
                .map(address ->
                        linker.downcallHandle(
                                address,
                                FunctionDescriptor.of(
                                        ValueLayout.JAVA_INT,
                                        ValueLayout.ADDRESS,
                                        ValueLayout.JAVA_LONG,
                                        ValueLayout.ADDRESS,
                                        ValueLayout.ADDRESS)));
    }

    /// The selector's is the one descriptor that is readable from when it is woken until it has
    /// looked.
    private static @Nullable FineWait find(MethodHandle ppoll, Selector selector)
            throws IOException {
        List<FineWait> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path each : all) {
                if (isEpoll(each)) {
                    int descriptor = Integer.parseInt(each.getFileName().toString());
                    found.add(new FineWait(ppoll, descriptor));
                }
            }
        }
        selector.selectNow();
        found.removeIf(wait -> wait.await(0));
        selector.wakeup();
        found.removeIf(wait -> !wait.await(0));
        selector.selectNow();
        found.removeIf(wait -> wait.await(0));
        return found.size() == 1 ? found.getFirst() : null;
    }

    private static boolean isEpoll(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().equals("anon_inode:[eventpoll]");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    /// Waits so long, or until the selector has something to do.
    ///
    /// @return whether it has
    boolean await(long nanos) {
        time.set(ValueLayout.JAVA_LONG, 0, nanos / SECOND_NANOS);
        time.set(ValueLayout.JAVA_LONG, Long.BYTES, nanos % SECOND_NANOS);
        try {
            int ready = (int) ppoll.invokeExact(poll, 1L, time, MemorySegment.NULL);
            return ready == 1 && poll.get(ValueLayout.JAVA_SHORT, REVENTS) == READABLE;
        } catch (Throwable impossible) {
            throw new IllegalStateException("ppoll throws nothing", impossible);
        }
    }
}
