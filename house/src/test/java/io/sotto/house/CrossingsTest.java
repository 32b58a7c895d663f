package io.sotto.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrossingsTest {
    private static final String ROOT = "io.sotto.house.fixture.crossing";
    private static final JavaClasses FIXTURES = new ClassFileImporter().importPackages(ROOT);

    @Test
    void what_several_threads_touch_must_be_listed() {
        assertThat(Crossings.parse(List.of("# none")).faults(FIXTURES))
                .hasSize(2)
                .anyMatch(fault -> fault.startsWith(ROOT + ".SharedByAtomic is touched"))
                .anyMatch(fault -> fault.startsWith(ROOT + ".SharedByVolatile is touched"));
    }

    @Test
    void what_is_listed_is_allowed_and_what_is_owned_is_not_listed() {
        List<String> lines =
                List.of(
                        ROOT + ".Owned because",
                        ROOT + ".SharedByAtomic because",
                        ROOT + ".SharedByVolatile because");

        assertThat(Crossings.parse(lines).faults(FIXTURES))
                .containsExactly(ROOT + ".Owned belongs to one shard now: delete its line");
    }
}
