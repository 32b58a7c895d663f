package io.sotto.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sotto.house.SizeRules.Excess;
import java.util.List;
import org.junit.jupiter.api.Test;

class SizeRulesTest {
    private static final String PATH = "broker/src/main/java/io/sotto/broker/Shard.java";

    @Test
    void a_file_of_500_lines_is_allowed() {
        assertThat(check("//\n".repeat(499) + "class Shard {}\n")).isEmpty();
    }

    @Test
    void a_file_of_501_lines_is_found() {
        assertThat(check("//\n".repeat(500) + "class Shard {}\n"))
                .containsExactly(new Excess("file", 501, 500, PATH));
    }

    @Test
    void a_method_of_60_lines_is_allowed() {
        assertThat(check(method(60))).isEmpty();
    }

    @Test
    void a_method_of_61_lines_is_found() {
        assertThat(check(method(61)))
                .containsExactly(new Excess("method", 61, 60, PATH + "#Shard.turn(int,String)"));
    }

    @Test
    void a_method_of_an_anonymous_class_is_found() {
        String source = "class Shard { Object o = new Object() {\n" + body("run()", 61) + "}; }";

        assertThat(check(source))
                .containsExactly(new Excess("method", 61, 60, PATH + "#Shard.(anonymous).run()"));
    }

    @Test
    void a_brace_in_a_string_does_not_end_a_method() {
        String source = method(61).replace(";\n;", ";\nString s = \"}\";");

        assertThat(check(source)).hasSize(1);
    }

    @Test
    void thirteen_fields_are_found() {
        assertThat(check("class Shard {" + "int a;".repeat(13) + "}"))
                .containsExactly(new Excess("fields", 13, 12, PATH + "#Shard"));
    }

    @Test
    void constants_and_twelve_fields_are_allowed() {
        String members = "int a;".repeat(12) + "static final int A = 1;".repeat(20);

        assertThat(check("class Shard {" + members + "}")).isEmpty();
    }

    @Test
    void six_parameters_are_found() {
        assertThat(check("class Shard { Shard(int a, int b, int c, int d, int e, int f) {} }"))
                .extracting(Excess::rule, Excess::measured)
                .containsExactly(tuple("parameters", 6));
    }

    @Test
    void an_override_is_not_blamed_for_its_parameters() {
        String source =
                "class Shard { @Override void f(int a, int b, int c, int d, int e, int f) {} }";

        assertThat(check(source)).isEmpty();
    }

    @Test
    void a_record_may_have_many_components() {
        String components =
                "int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k,"
                        + " int l, int m";

        assertThat(check("record Shard(" + components + ") { Shard {} }")).isEmpty();
        assertThat(check("record Shard(" + components + ") { Shard(" + components + ") {} }"))
                .isEmpty();
    }

    @Test
    void a_record_method_with_six_parameters_is_found() {
        assertThat(check("record Shard(int a) { void f(int a,int b,int c,int d,int e,int f) {} }"))
                .hasSize(1);
    }

    private static String method(int lines) {
        return "class Shard {\n" + body("turn(int a, String b)", lines) + "}\n";
    }

    private static String body(String signature, int lines) {
        return "void " + signature + " {\n" + ";\n".repeat(lines - 2) + "}\n";
    }

    private static List<Excess> check(String text) {
        return SizeRules.check(List.of(Syntax.parse(new SourceFile(PATH, text))));
    }
}
