package io.sotto.house;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExportsTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModuleTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.Name;
import org.jspecify.annotations.Nullable;

/// What may stand in a source file, beyond its size. Every fault names the way out.
final class SourceRules {
    /// Tests of another process's intervals have nothing to await: they wait here.
    private static final String WALL_TIME =
            "conformance/src/main/java/io/sotto/conformance/WallTime.java";

    private static final Pattern SUFFIX = Pattern.compile(".*(Impl|Utils?|Helper|Manager)");
    private static final Pattern PREFIX =
            Pattern.compile("(Mqtt[A-Z]|New[A-Z]|I(?!P)[A-Z][a-z]).*");
    // In two parts, or this file would break its own rule.
    private static final Pattern UNTRACKED =
            Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b(?!\\(#\\d+\\))");
    private static final Set<String> CORE = Set.of("mqtt", "broker");

    private SourceRules() {}

    static List<String> check(List<Syntax> sources) {
        List<String> faults = new ArrayList<>();
        for (Syntax source : sources) {
            new Scanner(source, faults).scan(source.unit(), null);
            untracked(source.file(), faults);
        }
        return faults;
    }

    private static void untracked(SourceFile file, List<String> faults) {
        List<String> lines = file.text().lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (UNTRACKED.matcher(lines.get(i)).find()) {
                faults.add(
                        at(file, i + 1, "a note for later needs its issue, as in (#12) after it"));
            }
        }
    }

    private static String at(SourceFile file, int line, String fault) {
        return file.path() + ":" + line + ": " + fault;
    }

    private static final class Scanner extends TypeScanner {
        private final Syntax source;
        private final List<String> faults;

        Scanner(Syntax source, List<String> faults) {
            this.source = source;
            this.faults = faults;
        }

        @Override
        void enter(ClassTree type) {
            String name = type.getSimpleName().toString();
            if (SUFFIX.matcher(name).matches()) {
                fault(type, name + ": a suffix that says nothing; name what it is");
            }
            if (PREFIX.matcher(name).matches()) {
                fault(type, name + ": no prefix Mqtt, I or New; take the standard's name");
            }
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
            if (method.getModifiers().getFlags().contains(Modifier.SYNCHRONIZED)) {
                lock(method);
            }
            return super.visitMethod(method, null);
        }

        @Override
        public @Nullable Void visitSynchronized(SynchronizedTree block, @Nullable Void nothing) {
            lock(block);
            return super.visitSynchronized(block, null);
        }

        @Override
        public @Nullable Void visitMemberSelect(MemberSelectTree select, @Nullable Void nothing) {
            sleeping(select, select.getExpression(), select.getIdentifier());
            return super.visitMemberSelect(select, null);
        }

        @Override
        public @Nullable Void visitMemberReference(
                MemberReferenceTree reference, @Nullable Void nothing) {
            sleeping(reference, reference.getQualifierExpression(), reference.getName());
            return super.visitMemberReference(reference, null);
        }

        @Override
        public @Nullable Void visitModule(ModuleTree module, @Nullable Void nothing) {
            if (module.getAnnotations().stream()
                    .noneMatch(mark -> mark.getAnnotationType().toString().equals("NullMarked"))) {
                fault(module, "a module without @NullMarked; nulls are checked everywhere");
            }
            return super.visitModule(module, null);
        }

        @Override
        public @Nullable Void visitExports(ExportsTree exports, @Nullable Void nothing) {
            if (exports.getModuleNames() != null) {
                fault(exports, "a qualified export; export it to all or move the type");
            }
            return super.visitExports(exports, null);
        }

        private void sleeping(Tree tree, Tree owner, Name name) {
            if (!source.file().isProduct()
                    && !source.file().path().equals(WALL_TIME)
                    && name.contentEquals("sleep")
                    && (owner.toString().endsWith("Thread")
                            || owner.toString().contains("TimeUnit"))) {
                fault(tree, "a sleeping test; advance virtual time or await a condition");
            }
        }

        private void lock(Tree tree) {
            if (source.file().isProduct() && CORE.contains(source.file().module())) {
                fault(tree, "synchronized in the core; a field belongs to one shard");
            }
        }

        private void fault(Tree tree, String sentence) {
            faults.add(at(source.file(), source.firstLine(tree), sentence));
        }
    }
}
