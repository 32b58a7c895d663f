package io.sotto.transport;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class LoopsTest {
    @Test
    void who_wakes_a_loop_that_has_ended_goes_on_undisturbed() {
        Loops loops = new Loops(TransportSettings.DEFAULT, (severity, sentence) -> {});
        Runnable wake = loops.wake(0);

        loops.close();

        assertThatCode(wake::run).doesNotThrowAnyException();
    }
}
