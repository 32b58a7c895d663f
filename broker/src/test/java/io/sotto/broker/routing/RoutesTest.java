package io.sotto.broker.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.mqtt.TopicName;
import org.junit.jupiter.api.Test;

class RoutesTest {
    private final Routes routes = new Routes(new SubscriptionIndex(3, 2), 2, 16);

    @Test
    void a_route_is_the_same_object_as_long_as_nothing_changes() {
        Route first = routes.of(TopicName.of("home/kitchen"));

        assertThat(routes.of(TopicName.of("home/kitchen"))).isSameAs(first);
        assertThat(first.isEmpty()).isTrue();
        assertThat(first.isFor(TopicName.of("home/kitchen"))).isTrue();
    }

    @Test
    void a_topic_that_comes_often_is_remembered_among_many_that_come_once() {
        for (int i = 0; i < 1000; i++) {
            routes.of(TopicName.of("before/" + i));
        }
        TopicName often = TopicName.of("often");
        Route known = routes.of(often);

        int same = 0;
        for (int i = 0; i < 2000; i++) {
            routes.of(TopicName.of("once/" + i));
            Route now = routes.of(often);
            same += now == known ? 1 : 0;
            known = now;
        }

        // It loses its place about once in 128 times, and has it again about eight later.
        assertThat(same).isBetween(1600, 1990);
    }
}
