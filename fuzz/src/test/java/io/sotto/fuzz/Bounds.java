package io.sotto.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/// The bounds that every target keeps: in time, and in bytes allocated.
///
/// A bound counts as broken when the same input breaks it three times in a row: what happens once
/// is the machine (another process, a collection, a class being loaded), what happens always is the
/// code.
final class Bounds {
    static final long MILLIS = 100;

    private static final int ATTEMPTS = 3;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Bounds() {}

    /// Runs a target within [#MILLIS]; once it took longer, of the processor's own time, or a busy
    /// machine would be taken for a slow target.
    static void inTime(Runnable target) {
        long began = System.nanoTime();
        target.run();
        if (System.nanoTime() - began <= MILLIS * 1_000_000) {
            return;
        }
        long best = Long.MAX_VALUE;
        for (int i = 0; i < ATTEMPTS; i++) {
            long before = THREADS.getCurrentThreadCpuTime();
            target.run();
            best = Math.min(best, (THREADS.getCurrentThreadCpuTime() - before) / 1_000_000);
            if (best <= MILLIS) {
                return;
            }
        }
        throw new AssertionError("hangs: " + best + " ms at best");
    }

    /// Runs something that may allocate this many bytes.
    static void inSpace(long allowed, Runnable target) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < ATTEMPTS; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            target.run();
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
            if (least <= allowed) {
                return;
            }
        }
        throw new AssertionError("allocates " + least + " bytes where " + allowed + " are allowed");
    }
}
