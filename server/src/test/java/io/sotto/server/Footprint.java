package io.sotto.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a broker process holds: asked of the system, and of its JVM after a full collection.
///
/// @param descriptors open files and sockets
/// @param threads of the system
/// @param heap bytes of objects that are reachable
/// @param direct bytes outside of the heap that are in the hands of network buffers; needs the flag
///   [#FLAG]
record Footprint(long descriptors, long threads, long heap, long direct) {
    static final String FLAG = "-XX:NativeMemoryTracking=summary";

    private static final long MIB = 1 << 20;
    private static final Pattern HEAP =
            Pattern.compile("^Total\\s+\\d+\\s+(\\d+)", Pattern.MULTILINE);
    private static final Pattern DIRECT =
            Pattern.compile("Other \\(reserved=\\d+KB, committed=(\\d+)KB");

    /// Whether there is such a thing to be asked for.
    static boolean canBeAsked() {
        return Files.isDirectory(Path.of("/proc/self/fd"));
    }

    static Footprint of(long pid) throws IOException, InterruptedException {
        Path script = Files.createTempFile("sotto", ".jcmd");
        Files.writeString(script, "GC.class_histogram\nVM.native_memory summary\n");
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process =
                new ProcessBuilder(jcmd, Long.toString(pid), "-f", script.toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        Files.delete(script);
        return new Footprint(
                count(pid, "fd"),
                count(pid, "task"),
                number(HEAP, said),
                number(DIRECT, said) * 1024);
    }

    private static long count(long pid, String what) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc", Long.toString(pid), what))) {
            return entries.count();
        }
    }

    private static long number(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        if (!found.find()) {
            throw new IllegalStateException("no " + pattern + " in:\n" + text);
        }
        return Long.parseLong(found.group(1));
    }

    /// What has grown since, beyond what a broker at rest may differ by: threads and descriptors of
    /// its log and its compiler, caches of topics, some chunks that the network's memory is made
    /// of. Empty when nothing has.
    List<String> growthSince(Footprint before) {
        List<String> growth = new ArrayList<>();
        compare(growth, "descriptors", descriptors, before.descriptors + 2);
        compare(growth, "threads", threads, before.threads + 8);
        compare(growth, "bytes of heap", heap, before.heap + 12 * MIB);
        compare(growth, "bytes of network buffers", direct, before.direct + 16 * MIB);
        return growth;
    }

    private static void compare(List<String> growth, String what, long present, long most) {
        if (present > most) {
            growth.add("%,d %s, at most %,d expected".formatted(present, what, most));
        }
    }
}
