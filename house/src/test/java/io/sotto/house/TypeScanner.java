package io.sotto.house;

import com.sun.source.tree.ClassTree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A walk over a file that knows in which type it is.
abstract class TypeScanner extends TreeScanner<@Nullable Void, @Nullable Void> {
    private final Deque<ClassTree> open = new ArrayDeque<>();

    /// Called once per type, anonymous ones included, before its members are walked.
    abstract void enter(ClassTree type);

    @Override
    public final @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
        open.addLast(type);
        enter(type);
        super.visitClass(type, null);
        open.removeLast();
        return null;
    }

    /// The innermost type around the current tree.
    final ClassTree currentType() {
        return open.getLast();
    }

    /// The nested name of the current type, such as `Shard.Turn`.
    final String currentName() {
        return open.stream().map(TypeScanner::name).collect(Collectors.joining("."));
    }

    private static String name(ClassTree type) {
        return type.getSimpleName().isEmpty() ? "(anonymous)" : type.getSimpleName().toString();
    }
}
