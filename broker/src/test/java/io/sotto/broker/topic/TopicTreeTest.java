package io.sotto.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TopicTreeTest {
    private static final String[] LEVELS = {"", "a", "b", "cc", "$SYS", "é"};

    private static TopicTree<String> tree(String... topics) {
        TopicTree<String> tree = new TopicTree<>(42);
        for (String topic : topics) {
            tree = tree.with(TopicFilter.of(topic), before -> topic);
        }
        return tree;
    }

    private static List<String> match(TopicTree<String> tree, String name) {
        List<String> found = new ArrayList<>();
        tree.match(TopicName.of(name), found::add);
        return found;
    }

    private static List<String> select(TopicTree<String> tree, String filter) {
        List<String> found = new ArrayList<>();
        tree.select(TopicFilter.of(filter)).forEachRemaining(found::add);
        return found;
    }

    @Test
    void a_name_finds_its_filters() {
        TopicTree<String> tree =
                tree(
                        "home/+/temperature",
                        "home/#",
                        "#",
                        "+/kitchen/+",
                        "home/kitchen/temperature",
                        "x");

        assertThat(match(tree, "home/kitchen/temperature"))
                .containsExactlyInAnyOrder(
                        "home/+/temperature",
                        "home/#",
                        "#",
                        "+/kitchen/+",
                        "home/kitchen/temperature");
        assertThat(match(tree, "home")).containsExactlyInAnyOrder("home/#", "#");
    }

    @Test
    void leading_wildcards_do_not_see_dollar_topics() {
        TopicTree<String> tree = tree("#", "+/a", "$SYS/#", "$SYS/+");

        assertThat(match(tree, "$SYS/a")).containsExactlyInAnyOrder("$SYS/#", "$SYS/+");
    }

    @Test
    void a_filter_finds_its_names() {
        TopicTree<String> tree = tree("a", "a/b", "a/b/c", "a/c", "/a", "$SYS/a", "b");

        assertThat(select(tree, "a/#")).containsExactlyInAnyOrder("a", "a/b", "a/b/c", "a/c");
        assertThat(select(tree, "#"))
                .containsExactlyInAnyOrder("a", "a/b", "a/b/c", "a/c", "/a", "b");
        assertThat(select(tree, "+/a")).containsExactlyInAnyOrder("/a");
        assertThat(select(tree, "a/+")).containsExactlyInAnyOrder("a/b", "a/c");
        assertThat(select(tree, "$SYS/#")).containsExactly("$SYS/a");
        assertThat(select(tree, "a/b/c")).containsExactly("a/b/c");
        assertThat(select(tree, "nowhere/#")).isEmpty();
        assertThat(select(tree, "/")).isEmpty();
        assertThat(select(tree("a", "/", "a/"), "+/")).containsExactlyInAnyOrder("/", "a/");
    }

    @Test
    void what_is_removed_leaves_no_trace() {
        TopicTree<String> tree = tree("a/b/c").with(TopicFilter.of("a/b/c"), before -> null);

        assertThat(tree.get(TopicFilter.of("a/b/c"))).isNull();
        assertThat(select(tree, "#")).isEmpty();
        assertThat(tree.with(TopicFilter.of("x/y"), before -> before)).isSameAs(tree);
    }

    @Test
    void a_tree_that_changes_holds_what_a_map_holds_and_its_earlier_states_stay() {
        Random random = new Random(11);
        TopicTree<String> tree = new TopicTree<>(random.nextInt());
        Map<String, String> map = new HashMap<>();
        List<TopicTree<String>> earlier = new ArrayList<>();
        List<Map<String, String>> then = new ArrayList<>();
        String[] levels = {"", "a", "b", "longer than eight bytes", "longer than nine bytes", "+"};
        for (int step = 0; step < 6000; step++) {
            String topic = path(random, levels, "#");
            if (topic.isEmpty()) {
                continue;
            }
            String value = random.nextInt(2 + step / 3000 * 2) == 0 ? topic + step : null;
            TopicTree<String> before = tree;
            tree =
                    before.with(
                            TopicFilter.of(topic),
                            present -> {
                                assertThat(present).isEqualTo(map.get(topic));
                                return value;
                            });
            if (value == null) {
                map.remove(topic);
            } else {
                map.put(topic, value);
            }
            assertThat(tree.get(TopicFilter.of(topic))).isEqualTo(value);
            if (step % 1000 == 0) {
                earlier.add(tree);
                then.add(new HashMap<>(map));
            }
        }

        assertThat(map).hasSizeGreaterThan(30);
        for (int i = 0; i < earlier.size(); i++) {
            TopicTree<String> state = earlier.get(i);
            for (String topic : map.keySet()) {
                assertThat(state.get(TopicFilter.of(topic))).isEqualTo(then.get(i).get(topic));
            }
        }
        for (String topic : List.copyOf(map.keySet())) {
            tree = tree.with(TopicFilter.of(topic), present -> null);
        }
        assertThat(tree.get(TopicFilter.of("a"))).isNull();
        assertThat(match(tree, "a/b/a")).isEmpty();
    }

    @Test
    void an_edit_leaves_what_a_map_holds_and_earlier_states_stay_as_they_were() {
        for (long seed = 1; seed <= 30; seed++) {
            edits(new Random(seed), "seed " + seed);
        }
    }

    /// Few topics come and go, down to none, and up to a table and more in one place.
    private static void edits(Random random, String seed) {
        TopicTree<String> tree = new TopicTree<>(random.nextInt());
        Map<String, String> map = new HashMap<>();
        List<TopicTree<String>> states = new ArrayList<>();
        List<Map<String, String>> then = new ArrayList<>();
        int[] bounds = {3, 30, 300, 3000};
        for (int batch = 0; batch < 60; batch++) {
            TopicTree.Edit<String> edit = tree.edit();
            int bound = bounds[random.nextInt(bounds.length)];
            int kept = random.nextInt(4);
            for (int i = random.nextInt(200); i >= 0; i--) {
                String topic = name(random, bound);
                String value = random.nextInt(3) < kept ? topic + batch : null;
                String before = value == null ? map.remove(topic) : map.put(topic, value);
                assertThat(edit.put(TopicName.of(topic), value)).as(seed).isEqualTo(before);
            }
            tree = edit.done();
            states.add(tree);
            then.add(new HashMap<>(map));
        }
        assertThat(then.stream().mapToInt(Map::size).max().orElse(0)).isGreaterThan(100);
        for (int i = 0; i < states.size(); i++) {
            TopicTree<String> state = states.get(i);
            assertThat(select(state, "#"))
                    .as(seed)
                    .containsExactlyInAnyOrderElementsOf(then.get(i).values());
            then.get(i)
                    .forEach((topic, value) ->
                            assertThat(state.get(TopicName.of(topic))).isEqualTo(value));
        }
    }

    private static String name(Random random, int bound) {
        int number = random.nextInt(bound);
        return switch (number % 4) {
            case 0 -> "a/" + number;
            case 1 -> "a/b/" + number % 7 + "/" + number;
            case 2 -> "a/b/" + number % 7;
            default -> "only/way/to/" + number;
        };
    }

    @Test
    void an_edit_that_changes_nothing_is_the_tree_itself() {
        TopicTree<String> tree = tree("a/b", "a/c");
        TopicTree.Edit<String> edit = tree.edit();

        edit.put(TopicName.of("a/d"), null);
        edit.put(TopicName.of("x"), null);

        assertThat(edit.done()).isSameAs(tree);
    }

    @Test
    void both_directions_agree_with_the_filter_itself() {
        Random random = new Random(7);
        Map<String, TopicFilter> filters = new HashMap<>();
        Map<String, TopicName> names = new HashMap<>();
        for (int i = 0; i < 400; i++) {
            String name = path(random, LEVELS, "");
            if (!name.isEmpty()) {
                names.put(name, TopicName.of(name));
            }
            String filter = path(random, new String[] {"", "a", "b", "cc", "$SYS", "+", "+"}, "#");
            if (!filter.isEmpty()) {
                filters.put(filter, TopicFilter.of(filter));
            }
        }
        TopicTree<String> filterTree = tree(filters.keySet().toArray(String[]::new));
        TopicTree<String> nameTree = tree(names.keySet().toArray(String[]::new));

        names.forEach((text, name) ->
                assertThat(match(filterTree, text))
                        .containsExactlyInAnyOrderElementsOf(
                                filters.entrySet().stream()
                                        .filter(entry -> entry.getValue().matches(name))
                                        .map(Map.Entry::getKey)
                                        .toList()));
        filters.forEach((text, filter) ->
                assertThat(select(nameTree, text))
                        .containsExactlyInAnyOrderElementsOf(
                                names.entrySet().stream()
                                        .filter(entry -> filter.matches(entry.getValue()))
                                        .map(Map.Entry::getKey)
                                        .toList()));
    }

    private static String path(Random random, String[] levels, String last) {
        int depth = 1 + random.nextInt(4);
        List<String> path = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            path.add(levels[random.nextInt(levels.length)]);
        }
        if (!last.isEmpty() && random.nextInt(3) == 0) {
            path.set(depth - 1, last);
        }
        return String.join("/", path);
    }
}
