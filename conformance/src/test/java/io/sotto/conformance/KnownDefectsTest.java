package io.sotto.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Holds `docs/known-defects.md` and `docs/hostile-inputs.md` against the tests that they name.
class KnownDefectsTest {
    private static final Pattern TEST = Pattern.compile("`(\\w+)\\.([a-z0-9]+_\\w+)`");
    private static final Path HOME = Path.of(System.getProperty("sotto.home", ".."));

    @Test
    void every_test_that_is_named_is_there() throws IOException {
        Map<String, String> sources = sources();
        Set<String> missing = new TreeSet<>();
        for (String page : List.of("known-defects.md", "hostile-inputs.md")) {
            Matcher test = TEST.matcher(Files.readString(HOME.resolve("docs").resolve(page)));
            int named = 0;
            while (test.find()) {
                named++;
                String source = sources.getOrDefault(test.group(1), "");
                if (!source.contains(" " + test.group(2) + "(")) {
                    missing.add(test.group());
                }
            }
            assertThat(named).as(page).isPositive();
        }

        assertThat(missing).isEmpty();
    }

    /// All classes of tests and of this module, by their name.
    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        try (Stream<Path> files = Files.walk(HOME)) {
            for (Path file : files.filter(KnownDefectsTest::holdsTests).toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                sources.merge(name, Files.readString(file), String::concat);
            }
        }
        return sources;
    }

    private static boolean holdsTests(Path file) {
        String path = HOME.relativize(file).toString();
        return path.endsWith(".java")
                && (path.contains("src/test/java") || path.startsWith("conformance/src/main"));
    }
}
