package io.sotto.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The house keeps its rules.
class HouseTest {
    private static final JavaClasses PRODUCT =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.sotto");
    private static final String[] CORE = {"io.sotto.mqtt..", "io.sotto.broker.."};
    private static final List<Syntax> SOURCES = Syntax.parse(SourceFile.ofProject());

    @ParameterizedTest
    @MethodSource("rules")
    void the_classes_keep(ArchRule rule) {
        assertThat(rule.evaluate(PRODUCT).getFailureReport().getDetails())
                .as(rule.getDescription())
                .isEmpty();
    }

    static Stream<ArchRule> rules() {
        return new FloorRules("io.sotto").all().stream();
    }

    @Test
    void every_product_module_is_looked_at() {
        assertThat(PRODUCT)
                .extracting(type -> type.getPackageName().split("\\.", -1)[2])
                .contains(
                        "mqtt",
                        "broker",
                        "client",
                        "transport",
                        "access",
                        "cli",
                        "conformance",
                        "server",
                        "testkit");
    }

    @Test
    void nothing_is_larger_than_it_may_be() throws IOException {
        SizeExceptions exceptions = SizeExceptions.parse(lines("size-exceptions.txt"));

        assertThat(exceptions.faults(SizeRules.check(SOURCES))).isEmpty();
    }

    @Test
    void the_sources_keep_their_rules() {
        assertThat(SourceRules.check(SOURCES)).isEmpty();
    }

    @Test
    void what_crosses_shards_is_listed() throws IOException {
        Crossings crossings = Crossings.parse(lines("crosses-shards.txt"));

        assertThat(crossings.faults(PRODUCT.that(resideInAnyPackage(CORE)))).isEmpty();
    }

    @Test
    void statements_that_are_tested_outside_the_suite_are_in_its_table() throws IOException {
        Path table =
                SourceFile.projectRoot()
                        .resolve(
                                "conformance/src/main/resources/io/sotto/conformance/elsewhere.tsv");

        assertThat(SpecMarks.in(SOURCES)).isEqualTo(SpecMarks.listed(Files.readAllLines(table)));
    }

    private static List<String> lines(String list) throws IOException {
        return Files.readAllLines(SourceFile.projectRoot().resolve("house").resolve(list));
    }
}
