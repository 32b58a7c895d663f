package io.sotto.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpecMarksTest {
    private static Syntax source(String path) {
        return Syntax.parse(
                new SourceFile(
                        path,
                        """
                        class SomeTest {
                            @Spec(value = {"MQTT-1", "MQTT-2"}, says = "two")
                            void both() {}

                            @Spec(value = "MQTT-3", says = "one")
                            void single() {}

                            @Test
                            void none() {}
                        }
                        """));
    }

    @Test
    void every_statement_has_the_test_that_names_it() {
        assertThat(SpecMarks.in(List.of(source("client/src/test/java/SomeTest.java"))).testsById())
                .isEqualTo(
                        Map.of(
                                "MQTT-1", "client: SomeTest.both",
                                "MQTT-2", "client: SomeTest.both",
                                "MQTT-3", "client: SomeTest.single"));
    }

    @Test
    void the_suite_itself_is_not_elsewhere() {
        Syntax suite = source("conformance/src/main/java/SomeTest.java");

        assertThat(SpecMarks.in(List.of(suite)).testsById()).isEmpty();
    }

    @Test
    void a_table_has_a_head_and_a_line_for_each() {
        assertThat(SpecMarks.listed(List.of("id\ttest", "MQTT-3\tclient: SomeTest.single")))
                .isEqualTo(new SpecMarks(Map.of("MQTT-3", "client: SomeTest.single")));
    }
}
