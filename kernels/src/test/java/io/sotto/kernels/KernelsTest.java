package io.sotto.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.mqtt.Connect;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.Publish;
import org.junit.jupiter.api.Test;

/// The kernels do what they are measured at.
class KernelsTest {
    @Test
    void packets_are_read() {
        DecodeKernel kernel = new DecodeKernel();

        assertThat(kernel.connect()).isInstanceOf(Connect.class);
        assertThat(kernel.publish()).isInstanceOf(Publish.class);
        assertThat(kernel.pubAck()).isEqualTo(new PubAck(7));
    }

    @Test
    void packets_are_written() {
        EncodeKernel kernel = new EncodeKernel();

        // 2 for the fixed header, 2 + 22 for the topic, 2 for the identifier, 64 of payload.
        assertThat(kernel.copy()).isEqualTo(92);
        assertThat(kernel.frame().size()).isEqualTo(92);
        assertThat(kernel.pubAck()).isEqualTo(4);
    }

    @Test
    void filters_are_found() {
        MatchKernel kernel = new MatchKernel();
        kernel.subscribe();

        int found = 0;
        for (int i = 0; i < 1_000; i++) {
            found = kernel.match();
        }

        assertThat(found).isEqualTo(1_000);
        assertThat(kernel.subscribeOne()).isNotNull();
    }

    @Test
    void everybody_gets_a_copy_and_acknowledges_it() {
        FanOutKernel kernel = new FanOutKernel();
        kernel.subscribers = 3;
        kernel.connect();

        long before = kernel.fanOut();
        assertThat(kernel.fanOut() - before).isEqualTo(2 + 2 + 5 + 64);
        long paired = kernel.pair();
        for (int i = 0; i < 70_000; i++) {
            kernel.pair();
        }
        assertThat(kernel.pair() - paired).isEqualTo(70_001 * (2 + 2 + 3 + 2 + 64L));
        assertThat(kernel.balances()).isTrue();
    }

    @Test
    void batches_become_durable() throws Exception {
        CommitKernel kernel = new CommitKernel();
        kernel.begin();

        long first = kernel.commit();
        assertThat(kernel.commit()).isEqualTo(first + 1);
        kernel.end();
    }

    @Test
    void what_each_client_holds_is_found() {
        for (Holdings.Kind kind : Holdings.Kind.values()) {
            assertThat(Holdings.each(kind, 20_000)).as(kind.name()).isBetween(300L, 10_000L);
        }
    }
}
