package io.sotto.house;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;

/// How large a thing may be: a file 500 lines, a method 60, a class 12 instance fields, a method 5
/// parameters.
///
/// Not counted: the components of a record and its canonical constructor, constants, and the
/// parameters of a method that overrides another, since its signature is not its own.
final class SizeRules {
    static final int FILE_LINES = 500;
    static final int METHOD_LINES = 60;
    static final int FIELDS = 12;
    static final int PARAMETERS = 5;

    private SizeRules() {}

    /// Something beyond its limit. The subject is a path, with `#Type` or `#Type.method(Types)`.
    record Excess(String rule, int measured, int limit, String subject) {}

    static List<Excess> check(List<Syntax> sources) {
        List<Excess> found = new ArrayList<>();
        for (Syntax source : sources) {
            int lines = Math.toIntExact(source.file().text().lines().count());
            if (lines > FILE_LINES) {
                found.add(new Excess("file", lines, FILE_LINES, source.file().path()));
            }
            new Scanner(source, found).scan(source.unit(), null);
        }
        return found;
    }

    private static final class Scanner extends TypeScanner {
        private final Syntax source;
        private final List<Excess> found;

        Scanner(Syntax source, List<Excess> found) {
            this.source = source;
            this.found = found;
        }

        @Override
        void enter(ClassTree type) {
            if (type.getKind() != Tree.Kind.RECORD) {
                long fields = type.getMembers().stream().filter(Scanner::isInstanceField).count();
                measure("fields", Math.toIntExact(fields), FIELDS, currentName());
            }
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
            String parameters =
                    method.getParameters().stream()
                            .map(parameter -> parameter.getType().toString().replace(" ", ""))
                            .collect(Collectors.joining(","));
            String subject = currentName() + "." + method.getName() + "(" + parameters + ")";
            measure("method", source.lines(method), METHOD_LINES, subject);
            if (!isOverride(method) && !isCanonicalConstructor(method)) {
                measure("parameters", method.getParameters().size(), PARAMETERS, subject);
            }
            return super.visitMethod(method, null);
        }

        private void measure(String rule, int measured, int limit, String subject) {
            if (measured > limit) {
                String where = source.file().path() + "#" + subject;
                found.add(new Excess(rule, measured, limit, where));
            }
        }

        private boolean isCanonicalConstructor(MethodTree method) {
            ClassTree type = currentType();
            return type.getKind() == Tree.Kind.RECORD
                    && method.getName().contentEquals("<init>")
                    && method.getParameters().size()
                            == type.getMembers().stream().filter(Scanner::isInstanceField).count();
        }

        private static boolean isOverride(MethodTree method) {
            return method.getModifiers().getAnnotations().stream()
                    .map(AnnotationTree::getAnnotationType)
                    .anyMatch(type -> type.toString().equals("Override"));
        }

        private static boolean isInstanceField(Tree member) {
            return member instanceof VariableTree field
                    && !field.getModifiers().getFlags().contains(Modifier.STATIC);
        }
    }
}
