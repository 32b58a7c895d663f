package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What 3.1.1 added: a broker says whether it knew the session, and names the nameless.
abstract class SinceThreeOneOne extends EveryVersion {
    @Test
    void the_broker_says_whether_it_knew_the_session() {
        String id = unique();
        Client first = unconnected();
        assertThat(first.connect(Login.kept(id)).sessionPresent()).isFalse();
        first.disconnect();

        Client second = unconnected();
        assertThat(second.connect(Login.kept(id)).sessionPresent()).isTrue();
        second.disconnect();

        Client third = unconnected();
        assertThat(third.connect(Login.clean(id)).sessionPresent()).isFalse();
    }

    @Test
    void two_clients_without_a_name_live_side_by_side() {
        Client one = client(Login.clean(""));
        Client two = client(Login.clean(""));
        one.subscribe(Subscription.to(topic("nameless"), 1));

        two.publish(Message.of(topic("nameless"), "hello", 1));

        assertThat(one.arrivals().next().payload()).isEqualTo("hello");
    }
}
