package io.sotto.broker.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
    private static final long START = 1_000_003;

    private final TimerWheel wheel = new TimerWheel(START, this::failed);
    private final List<String> fired = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    private final class Note extends Timer {
        private final String name;

        Note(String name) {
            this.name = name;
        }

        @Override
        protected void expired(long now) {
            fired.add(name);
        }
    }

    private void failed(Throwable fault) {
        faults.add(String.valueOf(fault.getMessage()));
    }

    @Test
    void a_timer_that_throws_costs_itself_only() {
        wheel.set(new Note("before"), START);
        wheel.set(
                new Timer() {
                    @Override
                    protected void expired(long now) {
                        throw new IllegalStateException("bad session");
                    }
                },
                START);
        wheel.set(new Note("behind"), START);
        wheel.set(new Note("later"), START + TimerWheel.TICK);

        wheel.advance(START + TimerWheel.TICK);

        assertThat(fired).containsExactly("before", "behind", "later");
        assertThat(faults).containsExactly("bad session");
    }

    @Test
    void a_timer_fires_once_and_not_before_its_deadline() {
        wheel.set(new Note("a"), START + 1000);

        wheel.advance(START + 999);
        assertThat(fired).isEmpty();

        wheel.advance(START + 1000);
        wheel.advance(START + 90_000);
        assertThat(fired).containsExactly("a");
    }

    @Test
    void a_deadline_many_turns_away_is_waited_for() {
        wheel.set(new Note("week"), START + 7L * 24 * 3600 * 1000);

        for (long day = 1; day < 7; day++) {
            wheel.advance(START + day * 24 * 3600 * 1000);
        }
        assertThat(fired).isEmpty();

        wheel.advance(START + 7L * 24 * 3600 * 1000);
        assertThat(fired).containsExactly("week");
    }

    @Test
    void a_deadline_that_has_passed_fires_at_the_next_turn() {
        wheel.advance(START + 5000);
        wheel.set(new Note("late"), START);

        wheel.advance(START + 5000);

        assertThat(fired).containsExactly("late");
    }

    @Test
    void a_cancelled_timer_never_fires_and_a_moved_one_once() {
        Note cancelled = new Note("cancelled");
        Note moved = new Note("moved");
        wheel.set(cancelled, START + 100);
        wheel.set(moved, START + 100);

        cancelled.cancel();
        wheel.set(moved, START + 500);
        wheel.advance(START + 200);
        assertThat(fired).isEmpty();

        wheel.advance(START + 600);
        assertThat(fired).containsExactly("moved");
        assertThat(cancelled.isSet()).isFalse();
    }

    @Test
    void a_timer_may_cancel_another_that_is_due_in_the_same_turn() {
        Note victim = new Note("victim");
        wheel.set(
                new Timer() {
                    @Override
                    protected void expired(long now) {
                        victim.cancel();
                    }
                },
                START + 100);
        wheel.set(victim, START + 100);

        wheel.advance(START + 200);

        assertThat(fired).isEmpty();
    }

    @Test
    void many_random_timers_fire_within_one_tick_of_their_deadline() {
        Random random = new Random(11);
        List<Long> lateness = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            long deadline = START + random.nextInt(200_000);
            wheel.set(
                    new Timer() {
                        @Override
                        protected void expired(long now) {
                            lateness.add(now - deadline);
                        }
                    },
                    deadline);
        }
        for (long now = START; now <= START + 201_000; now += 10) {
            wheel.advance(now);
        }
        assertThat(lateness)
                .hasSize(5000)
                .allMatch(late -> late >= 0 && late <= 10 + TimerWheel.TICK);
    }
}
