package io.sotto.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryWatchTest {
    private static final TransportSettings SETTINGS = TransportSettings.DEFAULT;

    private final AtomicLong used = new AtomicLong();
    private final List<String> events = new ArrayList<>();
    private final MemoryWatch watch =
            new MemoryWatch(
                    SETTINGS, (severity, sentence) -> events.add(sentence), used::get, 1_000);

    private void use(long bytes) {
        used.set(bytes);
        watch.look();
    }

    @Test
    void the_more_is_taken_the_less_waits_for_one_connection() {
        use(500);
        assertThat(watch.writeBuffer()).isEqualTo(SETTINGS.writeBuffer());
        assertThat(watch.writeTimeout()).isEqualTo(SETTINGS.writeTimeout() * 1000L);

        use(501);
        assertThat(watch.writeBuffer()).isEqualTo(Outlet.HIGH);

        use(751);
        assertThat(watch.writeBuffer()).isLessThan(Outlet.HIGH);
        assertThat(watch.writeTimeout()).isEqualTo(1_000);

        use(0);
        assertThat(watch.writeBuffer()).isEqualTo(SETTINGS.writeBuffer());
    }

    @Test
    void what_becomes_worse_is_told_and_what_becomes_better_is_not() {
        use(600);
        use(700);
        assertThat(events).hasSize(1);

        use(800);
        assertThat(events).hasSize(2);

        use(600);
        use(100);
        assertThat(events).hasSize(2);
    }
}
