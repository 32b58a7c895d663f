package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// The table of docs/cli.md against the options that there are, so that it cannot go stale.
class OptionTableTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "cli.md");
    private static final Pattern NAME = Pattern.compile("`(--?[A-Za-z][A-Za-z0-9-]*)`");

    /// A short option in a synopsis, or an option at the head of a line.
    private static final Pattern IN_HELP =
            Pattern.compile(
                    "\\[(--?[A-Za-z][a-z0-9-]*)[] ]|^ +(--?[A-Za-z][a-z0-9-]*) +:",
                    Pattern.MULTILINE);

    private record Row(Set<String> names, Set<String> mosquitto, Set<String> sotto) {}

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(DOCUMENT)) {
            String[] cells = line.split("\\|", -1);
            if (cells.length == 6 && cells[1].strip().startsWith("`-")) {
                rows.add(
                        new Row(
                                NAME.matcher(cells[1])
                                        .results()
                                        .map(found -> found.group(1))
                                        .collect(Collectors.toCollection(TreeSet::new)),
                                tools(cells[2]),
                                tools(cells[3])));
            }
        }
        return rows;
    }

    private static Set<String> tools(String cell) {
        String text = cell.strip();
        return text.equals("–") ? Set.of() : new TreeSet<>(Arrays.asList(text.split(" ")));
    }

    private static Set<String> documented(String tool, boolean ours) throws IOException {
        return rows().stream()
                .filter(row -> (ours ? row.sotto : row.mosquitto).contains(tool))
                .flatMap(row -> row.names.stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static CommandLine command(String tool) {
        Streams streams = Streams.standard();
        return Commands.client(
                switch (tool) {
                    case "pub" -> new Pub(streams);
                    case "sub" -> new Sub(streams);
                    default -> new Rr(streams);
                });
    }

    @Test
    void the_table_is_there_and_names_no_option_twice_for_a_tool() throws IOException {
        assertThat(rows()).hasSizeGreaterThan(30);
        for (String tool : List.of("pub", "sub", "rr")) {
            List<String> all =
                    rows().stream()
                            .filter(row -> row.sotto.contains(tool))
                            .flatMap(row -> row.names.stream())
                            .toList();
            assertThat(all).doesNotHaveDuplicates();
        }
        assertThat(rows())
                .allSatisfy(row -> {
                    assertThat(row.names).isNotEmpty();
                    assertThat(Set.of("pub", "sub", "rr")).containsAll(row.sotto);
                    assertThat(Set.of("pub", "sub", "rr")).containsAll(row.mosquitto);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"pub", "sub", "rr"})
    void it_has_just_the_options_of_each_command(String tool) throws IOException {
        Set<String> there =
                command(tool).getCommandSpec().options().stream()
                        .flatMap(option -> Arrays.stream(option.names()))
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(documented(tool, true)).isEqualTo(there);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pub", "sub", "rr"})
    void it_has_every_option_that_the_help_of_mosquitto_has(String tool) throws Exception {
        String help = help("mosquitto_" + tool);
        assumeTrue(!help.isEmpty(), "mosquitto's tools are not here");

        Set<String> there = new TreeSet<>();
        Matcher options = IN_HELP.matcher(help);
        options.results().map(OptionTableTest::name).forEach(there::add);

        assertThat(there).hasSizeGreaterThan(30);
        assertThat(documented(tool, false)).containsAll(there);
    }

    private static String name(MatchResult found) {
        return found.group(1) == null ? found.group(2) : found.group(1);
    }

    private static String help(String tool) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(tool, "--help").redirectErrorStream(true).start();
            String text =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return text;
        } catch (IOException e) {
            return "";
        }
    }
}
