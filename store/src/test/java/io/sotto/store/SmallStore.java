package io.sotto.store;

import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.EventLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A store of numbered groups, which is damaged and read again: what is in it says by itself
/// whether it is what was written.
final class SmallStore {
    private final Path folder;

    SmallStore(Path folder) {
        this.folder = folder;
    }

    /// What a start found.
    ///
    /// @param events what it said that is not everyday
    record Start(Map<String, String> content, List<String> events) {}

    /// Adds groups.
    ///
    /// @param filling bytes in each, beside some
    void write(int first, int last, int filling) throws StoreException {
        try (RocksEngine engine = RocksEngine.open(folder)) {
            for (int group = first; group <= last; group++) {
                Engine.Changes changes = engine.begin();
                changes.put(Space.RETAINED, key(group), value(group, filling));
                changes.put(Space.META, bytes("last"), bytes(String.valueOf(group)));
                if (group > 2) {
                    changes.delete(Space.RETAINED, key(group - 2));
                }
                engine.write(changes, true);
            }
        }
    }

    private static byte[] key(int group) {
        return bytes("%06d".formatted(group));
    }

    private static byte[] value(int group, int filling) {
        return bytes(group + ":" + (char) ('a' + group % 26) + "x".repeat(filling));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// What is there after this group, and none behind it.
    static Map<String, String> after(int group, int filling) {
        Map<String, String> content = new TreeMap<>();
        for (int each = Math.max(1, group - 1); each <= group; each++) {
            content.put(
                    "RETAINED " + new String(key(each), StandardCharsets.UTF_8),
                    new String(value(each, filling), StandardCharsets.UTF_8));
        }
        if (group > 0) {
            content.put("META last", String.valueOf(group));
        }
        return content;
    }

    /// The group after which all is as it is there; -1 where it is as after none.
    static int groupOf(Map<String, String> content, int filling) {
        int group = Integer.parseInt(content.getOrDefault("META last", "0"));
        return content.equals(after(group, filling)) ? group : -1;
    }

    /// Whether every pair is one that was written at some time, so that nothing is taken for good
    /// that is not.
    static boolean wasWritten(Map<String, String> content, int last, int filling) {
        return content.entrySet().stream()
                .allMatch(pair -> {
                    boolean isLast = pair.getKey().equals("META last");
                    int group =
                            Integer.parseInt(isLast ? pair.getValue() : pair.getKey().substring(9));
                    String value = new String(value(group, filling), StandardCharsets.UTF_8);
                    return group >= 1 && group <= last && (isLast || pair.getValue().equals(value));
                });
    }

    /// Starts as the broker does.
    Start start(WhenDamaged damaged) throws StoreException {
        List<String> events = new ArrayList<>();
        EventLog log = (severity, sentence) -> events.add(severity + " " + sentence);
        StoreSettings settings = new StoreSettings(folder, Durability.SYNC, 0, damaged);
        Map<String, String> content = new TreeMap<>();
        try (RocksEngine engine = DurableStore.engine(settings, log)) {
            for (Space space : List.of(Space.META, Space.RETAINED)) {
                engine.scan(
                        space, (key, value) -> content.put(space + " " + text(key), text(value)));
            }
        }
        content.remove("META format");
        return new Start(content, events);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// A copy elsewhere.
    SmallStore copy(Path to) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(folder.relativize(file)));
            }
        }
        return new SmallStore(to);
    }

    Path folder() {
        return folder;
    }

    /// Its files whose names match.
    List<Path> files(String pattern) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches(pattern))
                    .sorted()
                    .toList();
        }
    }

    /// The log that was written last.
    Path log() throws IOException {
        return files("\\d+\\.log").getLast();
    }
}
