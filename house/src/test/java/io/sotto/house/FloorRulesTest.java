package io.sotto.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Each rule finds the breach that was seeded for it below `fixture.floors`.
class FloorRulesTest {
    private static final String ROOT = "io.sotto.house.fixture.floors";
    private static final JavaClasses FIXTURES = new ClassFileImporter().importPackages(ROOT);

    private final FloorRules rules = new FloorRules(ROOT);

    @Test
    void an_upward_import_is_found() {
        assertThat(breaches(rules.imports("mqtt")))
                .hasSize(1)
                .allMatch(breach -> breach.contains("ImportsUpward"));
    }

    @Test
    void an_import_on_the_same_floor_is_found() {
        assertThat(breaches(rules.imports("access")))
                .anyMatch(breach -> breach.contains("LooksNextDoor"));
    }

    @Test
    void access_sees_the_ports_of_the_broker_alone() {
        assertThat(breaches(rules.imports("access")))
                .anyMatch(breach -> breach.contains("KnowsTheCore"));
    }

    @Test
    void a_module_without_a_floor_is_found() {
        assertThat(breaches(rules.everyModuleHasAFloor()))
                .hasSize(1)
                .allMatch(breach -> breach.contains("Forgotten"));
    }

    @Test
    void a_tool_in_the_product_is_found() {
        assertThat(breaches(rules.nobodyImportsTheTools()))
                .hasSize(1)
                .allMatch(breach -> breach.contains("UsesATool"));
    }

    @Test
    void the_suite_where_only_the_server_may_know_it_is_found() {
        assertThat(breaches(rules.onlyTheServerKnowsTheSuite()))
                .hasSize(1)
                .allMatch(breach -> breach.contains("RunsTheSuite"));
    }

    @Test
    void a_cycle_between_packages_is_found() {
        assertThat(breaches(rules.noCycles()))
                .anyMatch(breach ->
                        breach.contains("Slice broker.session")
                                && breach.contains("Slice broker.topic"));
    }

    @Test
    void a_library_in_the_core_is_found() {
        assertThat(breaches(rules.theCoreStandsOnTheJdk()))
                .isNotEmpty()
                .allMatch(breach -> breach.contains("CountsReferences"));
    }

    @Test
    void netty_outside_the_transport_is_found() {
        assertThat(breaches(rules.nettyStaysInTransport()))
                .isNotEmpty()
                .allMatch(breach -> breach.contains("CountsReferences"));
    }

    @Test
    void a_lock_in_the_core_is_found() {
        assertThat(breaches(rules.noForbiddenTypeInTheCore()))
                .anyMatch(breach -> breach.contains("HoldsALock"));
    }

    @Test
    void printing_in_the_core_is_found() {
        assertThat(breaches(rules.noForbiddenTypeInTheCore()))
                .anyMatch(breach -> breach.contains("Logs"));
    }

    @Test
    void a_read_of_the_clock_is_found() {
        assertThat(breaches(rules.noForbiddenCallInTheCore()))
                .anyMatch(breach -> breach.contains("ReadsTheClock"));
    }

    @Test
    void a_reference_to_the_clock_is_found() {
        assertThat(breaches(rules.noForbiddenCallInTheCore()))
                .anyMatch(breach -> breach.contains("NamesTheClock"));
    }

    @Test
    void a_static_field_that_changes_is_found() {
        assertThat(breaches(rules.noMutableStatic()))
                .hasSize(1)
                .allMatch(breach -> breach.contains("Changing.count"));
    }

    @Test
    void an_injected_field_is_found() {
        assertThat(breaches(rules.noInjectedField()))
                .hasSize(1)
                .allMatch(breach -> breach.contains("Asks.answer"));
    }

    @Test
    void what_keeps_the_rules_is_left_alone() {
        assertThat(rules.all())
                .flatMap(this::breaches)
                .noneMatch(breach -> breach.startsWith("Class <" + ROOT + ".broker.Sound>"))
                .noneMatch(breach -> breach.startsWith("Method <" + ROOT + ".broker.Sound."));
    }

    private List<String> breaches(ArchRule rule) {
        return rule.evaluate(FIXTURES).getFailureReport().getDetails();
    }
}
