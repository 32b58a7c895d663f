package io.sotto.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceRulesTest {
    private static final String MAIN = "broker/src/main/java/io/sotto/broker/A.java";
    private static final String TEST = "broker/src/test/java/io/sotto/broker/ATest.java";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RouterImpl",
                "TopicUtil",
                "TopicUtils",
                "SessionHelper",
                "SessionManager",
                "MqttPublish",
                "NewRouter",
                "IRouter"
            })
    void a_name_that_says_nothing_is_found(String name) {
        assertThat(check(MAIN, "class " + name + " {}"))
                .hasSize(1)
                .allMatch(fault -> fault.startsWith(MAIN + ":1: " + name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Inflight", "IPv6Address", "Newest", "QoS", "Mqtt", "Management"})
    void a_name_of_its_own_is_allowed(String name) {
        assertThat(check(MAIN, "record " + name + "() {}")).isEmpty();
    }

    @Test
    void a_nested_name_is_looked_at_too() {
        assertThat(check(MAIN, "class A {\n  enum QueueManager {}\n}")).hasSize(1);
    }

    @Test
    void a_lock_in_the_core_is_found() {
        assertThat(check(MAIN, "class A { synchronized void f() {} }")).hasSize(1);
        assertThat(check(MAIN, "class A { void f() { synchronized (this) {} } }")).hasSize(1);
    }

    @Test
    void a_lock_in_a_test_is_allowed() {
        assertThat(check(TEST, "class A { synchronized void f() {} }")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Thread.sleep(1)",
                "java.lang.Thread.sleep(1)",
                "TimeUnit.SECONDS.sleep(1)",
                "run(Thread::sleep)"
            })
    void a_sleeping_test_is_found(String call) {
        String source = "class A { void f() { " + call + "; } }";

        assertThat(check(TEST, source)).hasSize(1);
        assertThat(check("testkit/src/main/java/A.java", source)).hasSize(1);
    }

    @Test
    void a_note_without_an_issue_is_found() {
        assertThat(check(MAIN, "class A {} // " + "TO" + "DO later"))
                .containsExactly(
                        MAIN + ":1: a note for later needs its issue, as in (#12) after it");
    }

    @Test
    void a_note_with_an_issue_is_allowed() {
        assertThat(check(MAIN, "class A {} // " + "TO" + "DO(#12): later")).isEmpty();
    }

    @Test
    void a_qualified_export_is_found() {
        assertThat(module("@NullMarked module a { exports b to c; }"))
                .singleElement()
                .asString()
                .contains("qualified export");
    }

    @Test
    void a_module_without_null_marks_is_found() {
        assertThat(module("module a { exports b; }"))
                .singleElement()
                .asString()
                .contains("without @NullMarked");
    }

    private static List<String> module(String text) {
        return check("mqtt/src/main/java/module-info.java", text);
    }

    private static List<String> check(String path, String text) {
        return SourceRules.check(List.of(Syntax.parse(new SourceFile(path, text))));
    }
}
