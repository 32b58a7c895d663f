package io.sotto.cli.watch;

import io.sotto.cli.watch.Topics.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The topics as a tree of their levels. Where it does not fit, the deepest levels are folded.
public final class TreeText {
    private static final int GAP = 2;

    private TreeText() {}

    /// One level of topics.
    private static final class Node {
        private final Map<String, Node> below = new TreeMap<>();
        private @Nullable Topic topic;
        private int topics;
        private double rate;

        Node() {}

        void add(Topic added) {
            Node node = this;
            node.count(added);
            for (String level : added.name().split("/", -1)) {
                node = node.below.computeIfAbsent(level, _ -> new Node());
                node.count(added);
            }
            node.topic = added;
        }

        private void count(Topic added) {
            topics++;
            rate += added.rate();
        }

        int lines(int depth) {
            if (depth == 0) {
                return 0;
            }
            return below.values().stream().mapToInt(node -> 1 + node.lines(depth - 1)).sum();
        }

        int depth() {
            return below.values().stream().mapToInt(node -> 1 + node.depth()).max().orElse(0);
        }
    }

    /// The lines of the tree, below one that sums up.
    ///
    /// @param rows so many at most; what does not fit even folded is counted in the last
    /// @param depth so many levels at most
    public static List<String> lines(Topics topics, int rows, int columns, int depth) {
        Node root = new Node();
        topics.all().forEach(root::add);
        int levels = Math.min(depth, Math.max(1, root.depth()));
        while (levels > 1 && root.lines(levels) > rows - 1) {
            levels--;
        }
        List<String> lines = new ArrayList<>();
        lines.add(Shown.cut(topics.summary(), columns));
        for (Map.Entry<String, Node> child : root.below.entrySet()) {
            draw(child.getKey(), child.getValue(), new Branch("", "", levels - 1), lines, columns);
        }
        if (lines.size() > rows) {
            int hidden = lines.size() - rows + 1;
            lines.subList(rows - 1, lines.size()).clear();
            lines.add("… " + Shown.count(hidden, "more line"));
        }
        return lines;
    }

    /// Where a node hangs.
    ///
    /// @param own what stands before it
    /// @param below what stands before all that hangs on it
    private record Branch(String own, String below, int depth) {
        Branch child(boolean last) {
            return new Branch(
                    below + (last ? "└─ " : "├─ "), below + (last ? "   " : "│  "), depth - 1);
        }
    }

    private static void draw(
            String level, Node node, Branch branch, List<String> lines, int columns) {
        String name = level.isEmpty() ? "\"\"" : Shown.printable(level);
        boolean folded = branch.depth == 0 && !node.below.isEmpty();
        StringBuilder text = new StringBuilder(branch.own + name);
        if (folded) {
            text.append("/…  ").append(Shown.count(node.topics, "topic"));
        } else if (node.topic != null) {
            text.append("  ").append(node.topic.value());
        }
        double rate = folded ? node.rate : node.topic == null ? 0 : node.topic.rate();
        String right = rate == 0 ? "" : Shown.rate(rate);
        int room = right.isEmpty() ? columns : columns - GAP - Shown.width(right);
        String left = Shown.cut(text.toString(), Math.max(room, 1));
        lines.add(right.isEmpty() ? left : left + "  " + right);
        if (folded) {
            return;
        }
        int open = node.below.size();
        for (Map.Entry<String, Node> child : node.below.entrySet()) {
            open--;
            draw(child.getKey(), child.getValue(), branch.child(open == 0), lines, columns);
        }
    }
}
