package io.sotto.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.mqtt.Payload;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopicsTest {
    private static final int WIDE = 100;

    private final Topics topics = new Topics(1000, 1_000_000);
    private final Figures figures = new Figures();

    private static Publish message(String topic, String payload, boolean retained) {
        return new Publish(
                TopicName.of(topic),
                Payload.of(payload),
                QoS.AT_MOST_ONCE,
                retained,
                false,
                0,
                0,
                List.of(),
                PublishProperties.NONE);
    }

    private void add(String topic, String payload) {
        topics.add(message(topic, payload, false));
    }

    private String tree(int rows, int columns, int depth) {
        return String.join("\n", TreeText.lines(topics, rows, columns, depth));
    }

    private void house() {
        add("home/kitchen/temperature", "21.5");
        add("home/kitchen/temperature", "21.6");
        add("home/kitchen/light", "on");
        topics.add(message("home/bath/light", "off", true));
        add("home", "is up");
        topics.tick(2);
    }

    @Test
    void the_tree_has_last_values_and_rates() {
        house();

        assertThat(tree(100, WIDE, 100))
                .isEqualTo(
                        """
                        4 topics, 4 messages, 2.0/s
                        home  is up  0.5/s
                        ├─ bath
                        │  └─ light  off
                        └─ kitchen
                           ├─ light  on  0.5/s
                           └─ temperature  21.6  1.0/s\
                        """);
    }

    @Test
    void what_does_not_fit_is_folded() {
        house();

        assertThat(tree(5, WIDE, 100))
                .isEqualTo(
                        """
                        4 topics, 4 messages, 2.0/s
                        home  is up  0.5/s
                        ├─ bath/…  1 topic
                        └─ kitchen/…  2 topics  1.5/s\
                        """);
        assertThat(tree(100, WIDE, 1)).endsWith("\nhome/…  4 topics  2.0/s");
    }

    @Test
    void more_than_fits_even_folded_is_counted() {
        for (int i = 0; i < 10; i++) {
            add("t" + i, "x");
        }

        assertThat(tree(5, WIDE, 100)).endsWith("t2  x\n… 7 more lines");
        assertThat(tree(5, WIDE, 100).lines()).hasSize(5);
    }

    @Test
    void lines_are_no_wider_than_the_screen_and_keep_their_rate() {
        add("a/" + "long".repeat(20), "value");
        topics.tick(1);

        assertThat(tree(100, 30, 100).lines())
                .allSatisfy(line -> assertThat(Shown.width(line)).isLessThanOrEqualTo(30))
                .last()
                .asString()
                .endsWith("…  1.0/s");
    }

    @Test
    void empty_levels_and_hostile_names_can_be_seen() {
        add("/a\u202eb", "x");

        assertThat(tree(100, WIDE, 100)).endsWith("\"\"\n└─ a?b  x");
    }

    @Test
    void a_rate_is_that_of_the_last_interval() {
        house();

        topics.tick(2);

        assertThat(tree(100, WIDE, 100))
                .startsWith("4 topics, 4 messages, -\n")
                .doesNotContain("/s");
    }

    @Test
    void topics_and_bytes_are_bounded() {
        Topics few = new Topics(3, 1_000_000);
        Topics small = new Topics(1000, 3_000);
        for (int i = 0; i < 100; i++) {
            few.add(message("t" + i, "x".repeat(10_000), false));
            small.add(message("t" + i, "x".repeat(10_000), false));
        }

        assertThat(few.all()).hasSize(3);
        assertThat(few.summary())
                .isEqualTo(
                        "3 topics, 100 messages, -, 97 messages on topics that there was no room"
                                + " for");
        assertThat(small.bytes()).isBetween(1_000L, 3_000L);
    }

    @Test
    void a_value_that_is_replaced_gives_its_bytes_back() {
        add("a", "x".repeat(100));
        long before = topics.bytes();

        for (int i = 0; i < 1000; i++) {
            add("a", "x".repeat(100));
        }

        assertThat(topics.bytes()).isEqualTo(before);
    }

    @Test
    void top_sorts_by_rate() {
        house();

        List<String> lines = TopText.lines(topics, figures, List.of(), 6, WIDE);

        assertThat(lines)
                .containsExactly(
                        "broker  says nothing of itself below $SYS, or not to this client",
                        "seen    4 topics, 4 messages, 2.0/s",
                        " messages       bytes     count  topic",
                        "    1.0/s       4 B/s         2  home/kitchen/temperature",
                        "    0.5/s       3 B/s         1  home",
                        "    0.5/s       1 B/s         1  home/kitchen/light");
    }

    @Test
    void nothing_of_top_is_wider_than_the_screen() {
        house();

        assertThat(TopText.lines(topics, figures, List.of("client, of many that are here"), 9, 20))
                .hasSize(8)
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(20));
    }

    @Test
    void the_brokers_own_figures_are_shown_where_there_are_any() {
        assertThat(figures.add(message("$SYS/broker/version", "mosquitto \u001b[2J", true)))
                .isTrue();
        figures.add(message("$SYS/broker/clients/connected", "3", true));
        figures.add(message("$SYS/broker/load/publish/received/1min", "120.0", true));
        figures.add(message("$SYS/broker/load/publish/sent/1min", "none", true));

        assertThat(figures.add(message("a", "1", false))).isFalse();
        assertThat(TopText.lines(topics, figures, List.of(), 2, WIDE))
                .startsWith(
                        "broker  mosquitto ?[2J, 3 clients",
                        "load    2.0/s messages in, (the broker's own mean of a minute)");
    }
}
