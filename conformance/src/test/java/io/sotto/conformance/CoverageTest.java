package io.sotto.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.conformance.chapters.Chapters;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Holds the tests against the statements of the standards: each has a test, and nothing is left
/// unseen.
class CoverageTest {
    private final SpecTable table = SpecTable.load();

    @Test
    void the_tables_are_whole() {
        assertThat(table.statements()).hasSize(141 + 251);
    }

    @Test
    void every_statement_has_a_test() {
        Set<String> uncovered = new TreeSet<>(table.statements().keySet());
        uncovered.removeAll(tested());

        assertThat(uncovered).isEmpty();
    }

    @Test
    void what_is_tested_here_is_not_said_to_be_tested_elsewhere() {
        assertThat(testedHere()).doesNotContainAnyElementsOf(table.elsewhere().keySet());
    }

    @Test
    void every_tested_id_is_known() {
        assertThat(tested()).allMatch(table::knows);
    }

    @Test
    void every_test_class_is_a_chapter() throws Exception {
        URI classes = Chapters.class.getResource(".").toURI();
        try (Stream<Path> files = Files.list(Path.of(classes))) {
            Set<String> found =
                    files.map(file -> file.getFileName().toString().replace(".class", ""))
                            .filter(name -> name.endsWith("Test"))
                            .collect(Collectors.toSet());
            assertThat(Chapters.ALL).extracting(Class::getSimpleName).hasSameElementsAs(found);
        }
    }

    @Test
    void every_public_method_of_a_chapter_states_something() {
        assertThat(
                        Chapters.ALL.stream()
                                .flatMap(chapter -> Stream.of(chapter.getDeclaredMethods())))
                .filteredOn(method -> Modifier.isPublic(method.getModifiers()))
                .allMatch(method -> method.isAnnotationPresent(Spec.class));
    }

    private Set<String> tested() {
        Set<String> tested = testedHere();
        tested.addAll(table.elsewhere().keySet());
        return tested;
    }

    private static Set<String> testedHere() {
        return Suite.of(Chapters.ALL).scenarios().stream()
                .flatMap(scenario -> Arrays.stream(specOf(scenario)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String[] specOf(Scenario scenario) {
        return scenario.method().getAnnotation(Spec.class).value();
    }
}
