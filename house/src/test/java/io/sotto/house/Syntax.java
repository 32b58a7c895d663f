package io.sotto.house;

import static java.util.Objects.requireNonNull;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// The syntax tree of one Java file, from the compiler's own parser: a brace in a string or a
/// lambda in a field never confuses a count.
record Syntax(SourceFile file, CompilationUnitTree unit, SourcePositions positions) {

    static Syntax parse(SourceFile file) {
        return parse(List.of(file)).getFirst();
    }

    /// The trees of these files, in their order. Nothing is resolved, so imports may be missing.
    static List<Syntax> parse(List<SourceFile> files) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        // By address, since the compiler hands back a wrapping of its own.
        Map<URI, InMemory> inputs = new LinkedHashMap<>();
        files.stream().map(InMemory::new).forEach(input -> inputs.put(input.toUri(), input));
        // The parser tells of mistakes to the listener; the real compiler told of them before.
        JavacTask task =
                (JavacTask)
                        compiler.getTask(null, null, ignored -> {}, null, null, inputs.values());
        SourcePositions positions = Trees.instance(task).getSourcePositions();
        List<Syntax> parsed = new ArrayList<>();
        try {
            for (CompilationUnitTree unit : task.parse()) {
                InMemory input = requireNonNull(inputs.get(unit.getSourceFile().toUri()));
                parsed.add(new Syntax(input.file, unit, positions));
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return parsed;
    }

    /// The number of the line on which the tree begins, counted from 1.
    int firstLine(Tree tree) {
        return line(positions.getStartPosition(unit, tree));
    }

    /// How many lines the tree covers, the first and the last included.
    int lines(Tree tree) {
        return line(positions.getEndPosition(unit, tree)) - firstLine(tree) + 1;
    }

    private int line(long position) {
        return Math.toIntExact(unit.getLineMap().getLineNumber(position));
    }

    private static final class InMemory extends SimpleJavaFileObject {
        private final SourceFile file;

        InMemory(SourceFile file) {
            super(URI.create("memory:///" + file.path()), Kind.SOURCE);
            this.file = file;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return file.text();
        }
    }
}
