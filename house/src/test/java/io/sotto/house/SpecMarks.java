package io.sotto.house;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.TreeScanner;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The tests outside the conformance suite that name a statement of the standard with `@Spec`, and
/// the table that the suite keeps of them.
record SpecMarks(Map<String, String> testsById) {

    /// What the sources say.
    static SpecMarks in(List<Syntax> sources) {
        Map<String, String> tests = new TreeMap<>();
        for (Syntax source : sources) {
            if (!source.file().module().equals("conformance")) {
                new Scanner(source.file().module(), tests).scan(source.unit(), null);
            }
        }
        return new SpecMarks(tests);
    }

    /// What the table says: below its head a line per statement, the id before a tab.
    static SpecMarks listed(List<String> lines) {
        Map<String, String> tests = new TreeMap<>();
        lines.stream()
                .skip(1)
                .map(line -> line.split("\t", 2))
                .forEach(row -> tests.put(row[0], row[1]));
        return new SpecMarks(tests);
    }

    private static final class Scanner extends TypeScanner {
        private final String module;
        private final Map<String, String> tests;

        Scanner(String module, Map<String, String> tests) {
            this.module = module;
            this.tests = tests;
        }

        @Override
        void enter(ClassTree type) {}

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
            method.getModifiers().getAnnotations().stream()
                    .filter(mark -> mark.getAnnotationType().toString().equals("Spec"))
                    .forEach(mark -> note(mark, method));
            return super.visitMethod(method, null);
        }

        private void note(AnnotationTree mark, MethodTree method) {
            String test = module + ": " + currentName() + "." + method.getName();
            mark.getArguments().stream()
                    .map(AssignmentTree.class::cast)
                    .filter(argument -> argument.getVariable().toString().equals("value"))
                    .forEach(argument -> noteIds(argument, test));
        }

        private void noteIds(AssignmentTree value, String test) {
            new TreeScanner<@Nullable Void, @Nullable Void>() {
                @Override
                public @Nullable Void visitLiteral(LiteralTree id, @Nullable Void nothing) {
                    tests.put(String.valueOf(id.getValue()), test);
                    return null;
                }
            }.scan(value.getExpression(), null);
        }
    }
}
