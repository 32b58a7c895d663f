package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.conformance.Scenario;
import io.sotto.conformance.SpecTable;
import io.sotto.conformance.Suite;
import io.sotto.conformance.chapters.Chapters;
import io.sotto.conformance.hostile.ScarceMemorySiege;
import io.sotto.conformance.hostile.Sieges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Holds `docs/hostile-inputs.md` and the list of hostile inputs against the tests: each input has
/// a test, or the feature with which one comes.
///
/// With the system property `hostile.page=write` it writes the page's tables anew.
class HostileInputsTest {
    /// Layers of which every input that needs nothing that is not built has a test.
    private static final Set<String> HERE =
            Set.of(
                    "tcp",
                    "tls",
                    "websocket",
                    "proxy",
                    "framing",
                    "connect",
                    "publish",
                    "ack",
                    "subscribe",
                    "session",
                    "config");

    private static final Map<String, String> ELSEWHERE =
            Map.of(
                    "store", "comes with the durable store",
                    "load", "comes with load tests",
                    "admin-http", "comes with the REST interface",
                    "dashboard", "comes with the dashboard",
                    "bridge", "comes with the bridge",
                    "cluster", "comes with the cluster");

    /// The tests of our own process that hold inputs against it.
    private static final List<Class<?>> OF_THE_PROCESS =
            List.of(
                    HostileIT.class,
                    ReloadTest.class,
                    DoorMatrixTest.class,
                    MountPointsTest.class,
                    SetUpTest.class);

    private static final String BEGIN = "<!-- what follows is written by HostileInputsTest -->";
    private static final String END = "<!-- up to here -->";
    private static final Path PAGE =
            Path.of(System.getProperty("sotto.home", ".."), "docs", "hostile-inputs.md");

    private final SpecTable table = SpecTable.load();

    @Test
    void every_input_of_the_layers_that_are_built_has_a_test_or_a_reason() {
        Set<String> missing = new TreeSet<>();
        table.hostileInputs()
                .forEach((id, hostile) -> {
                    String note = table.hostileNotes().getOrDefault(id, "");
                    if (HERE.contains(hostile.layer()) && !isExcuse(note)) {
                        missing.add(id);
                    }
                });
        missing.removeAll(tests().keySet());

        assertThat(missing).isEmpty();
    }

    /// Whether a note names a feature to come, or tests of another module.
    private static boolean isExcuse(String note) {
        return note.startsWith("comes with")
                || note.startsWith("by ")
                || note.startsWith("partly by ");
    }

    @Test
    void no_test_and_no_note_is_of_an_input_that_is_not_known() {
        assertThat(table.hostileInputs()).containsKeys(tests().keySet().toArray(String[]::new));
        assertThat(table.hostileInputs())
                .containsKeys(table.hostileNotes().keySet().toArray(String[]::new));
    }

    @Test
    void the_page_says_what_is_tested() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        String fresh = "\n\n" + String.join("\n", rows()) + "\n\n";
        if (System.getProperty("hostile.page", "").equals("write")) {
            Files.writeString(PAGE, page.substring(0, begin) + fresh + page.substring(end));
            return;
        }

        assertThat(page.substring(begin, end))
                .as("run HostileInputsTest with -Dhostile.page=write")
                .isEqualTo(fresh);
    }

    /// The tests of each input, by its id.
    private static Map<String, Set<String>> tests() {
        Map<String, Set<String>> tests = new TreeMap<>();
        List<Scenario> scenarios = new ArrayList<>(Suite.of(Chapters.ALL).scenarios());
        scenarios.addAll(Suite.of(Sieges.ALL).scenarios());
        scenarios.addAll(Suite.of(List.of(ScarceMemorySiege.class)).scenarios());
        for (Scenario scenario : scenarios) {
            scenario.hostileIds().forEach(id -> add(tests, id, scenario.test()));
        }
        OF_THE_PROCESS.stream()
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Hostile.class))
                .forEach(method -> {
                    String name =
                            method.getDeclaringClass().getSimpleName() + "." + method.getName();
                    for (String id : method.getAnnotation(Hostile.class).value()) {
                        add(tests, id, name);
                    }
                });
        return tests;
    }

    private static void add(Map<String, Set<String>> tests, String id, String test) {
        tests.computeIfAbsent(id, absent -> new TreeSet<>()).add(test);
    }

    private static String verdict(boolean tested, String note) {
        if (note.startsWith("partly")) {
            return "partly";
        }
        if (tested || note.startsWith("by ")) {
            return "held";
        }
        return note.startsWith("comes with") ? "later" : "see there";
    }

    private List<String> rows() {
        Map<String, Set<String>> tests = tests();
        List<String> rows = new ArrayList<>();
        rows.add("| id | input | verdict | tests | how far |");
        rows.add("| --- | --- | --- | --- | --- |");
        table.hostileInputs()
                .forEach((id, hostile) -> {
                    Set<String> own = tests.getOrDefault(id, Set.of());
                    String note = table.hostileNotes().getOrDefault(id, "");
                    if (own.isEmpty() && note.isEmpty()) {
                        note = String.valueOf(ELSEWHERE.get(hostile.layer()));
                    }
                    rows.add(
                            "| %s | %s | %s | %s | %s |"
                                    .formatted(
                                            id,
                                            hostile.input().replace("|", "\\|"),
                                            verdict(!own.isEmpty(), note),
                                            String.join("<br>", own),
                                            note));
                });
        return rows;
    }
}
