package io.sotto.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScoutTest {
    private final List<String> read = new ArrayList<>();
    private final Scout<String> scout =
            new Scout<>(value -> {
                read.add(value);
                return 1;
            });

    private static TopicTree<String> tree(List<String> filters) {
        TopicTree<String> tree = new TopicTree<>(1);
        for (String filter : filters) {
            tree = tree.with(TopicFilter.of(filter), before -> filter);
        }
        return tree;
    }

    private static List<String> each(int count, String pattern) {
        return IntStream.range(0, count).mapToObj(i -> pattern.formatted(i)).toList();
    }

    private void ahead(TopicTree<String> tree, String... names) {
        scout.ahead(
                tree,
                IntStream.range(0, names.length).mapToObj(i -> TopicName.of(names[i])).toList());
    }

    @Test
    void it_reads_what_walks_will_find() {
        TopicTree<String> tree = tree(each(10_000, "site/+/dev/%d/#"));

        ahead(tree, "site/1/dev/17/temp", "site/2/dev/9999/temp", "site/3/dev/0");

        assertThat(read)
                .containsExactlyInAnyOrder(
                        "site/+/dev/17/#", "site/+/dev/9999/#", "site/+/dev/0/#");
    }

    @Test
    void it_reads_nothing_where_nothing_is_or_the_way_is_longer_than_the_name() {
        TopicTree<String> tree = tree(List.of("a/b/c/d", "a/b/c/e"));

        ahead(tree, "a", "a/b", "b", "$SYS/x", "a/b/c");
        ahead(new TopicTree<>(1), "a");

        assertThat(read).isEmpty();
    }

    @Test
    void a_way_that_is_too_long_ends() {
        String deep = "x/".repeat(100);

        ahead(tree(List.of(deep + "a", deep + "b")), deep + "a");

        assertThat(read).isEmpty();
    }

    @Test
    void it_goes_ahead_of_as_many_walks_as_it_says_and_again() {
        TopicTree<String> tree = tree(each(1_000, "t/%d"));

        ahead(tree, each(Scout.WALKS, "t/%d").toArray(String[]::new));
        assertThat(read).hasSize(Scout.WALKS);
        ahead(tree, "t/500");

        assertThat(read).hasSize(Scout.WALKS + 1).endsWith("t/500");
    }
}
