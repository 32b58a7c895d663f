package io.sotto.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.house.SizeRules.Excess;
import java.util.List;
import org.junit.jupiter.api.Test;

class SizeExceptionsTest {
    private static final String ENTRY = "method 70 A.java#A.f()";

    @Test
    void what_is_within_its_entry_is_allowed() {
        assertThat(faults(ENTRY, excess(70))).isEmpty();
    }

    @Test
    void what_has_no_entry_is_a_fault() {
        assertThat(faults("# none", excess(70)))
                .containsExactly("method: A.java#A.f() has 70, and 60 are allowed: split it");
    }

    @Test
    void what_grew_beyond_its_entry_is_a_fault() {
        assertThat(faults(ENTRY, excess(71)))
                .containsExactly("method: A.java#A.f() has 71, and 70 are allowed: split it");
    }

    @Test
    void what_shrank_lowers_its_entry() {
        assertThat(faults(ENTRY, excess(69)))
                .containsExactly("method: A.java#A.f() shrank to 69: lower its entry from 70");
    }

    @Test
    void an_entry_that_nobody_needs_is_a_fault() {
        assertThat(faults(ENTRY))
                .containsExactly("no longer needed, delete it: method A.java#A.f()");
    }

    @Test
    void a_line_that_is_no_entry_is_refused() {
        assertThatThrownBy(() -> SizeExceptions.parse(List.of("method A.java")))
                .hasMessageContaining("not `rule measured subject`");
    }

    private static List<String> faults(String line, Excess... found) {
        return SizeExceptions.parse(List.of("", line)).faults(List.of(found));
    }

    private static Excess excess(int lines) {
        return new Excess("method", lines, 60, "A.java#A.f()");
    }
}
