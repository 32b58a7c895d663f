package io.sotto.broker;

import static io.sotto.mqtt.QoS.AT_LEAST_ONCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.mqtt.Disconnect;
import org.junit.jupiter.api.Test;

class SharedAbsenceTest {
    private static final String SHARED = "$share/g/t";
    private static final long ABSENCE =
            BrokerSettings.DEFAULT.clients().sharedAbsence() * 1000L + 1000;

    private final TestBroker broker = new TestBroker();

    private void leaves(String clientId) {
        broker.modern().connect(clientId, true, 1000).subscribe(SHARED, AT_LEAST_ONCE).lose();
    }

    private void comes(String payload) {
        broker.modern().connect("p", true, 0).publish("t", payload, AT_LEAST_ONCE);
    }

    private TestClient joins(String clientId) {
        return broker.modern().connect(clientId, true, 1000).subscribe(SHARED, AT_LEAST_ONCE);
    }

    @Test
    void who_joins_after_the_absence_of_a_member_gets_what_waits_for_it() {
        leaves("gone");
        comes("1");
        comes("2");
        broker.sleep(ABSENCE);
        TestClient late = joins("late");

        broker.sleep(ABSENCE);

        assertThat(late.messages()).containsExactly("1", "2");
    }

    @Test
    void so_it_is_with_what_came_after_others_were_there_for_a_while() {
        leaves("gone");
        TestClient other = joins("other");
        broker.sleep(ABSENCE);
        other.send(Disconnect.NORMAL);
        comes("1");
        broker.sleep(ABSENCE);
        TestClient late = joins("late");

        broker.sleep(ABSENCE);

        assertThat(late.messages()).containsExactly("1");
    }

    @Test
    void what_is_its_own_goes_on_waiting_for_the_member() {
        broker.modern()
                .connect("gone", true, 1000)
                .subscribe(SHARED, AT_LEAST_ONCE)
                .subscribe("own", AT_LEAST_ONCE)
                .lose();
        broker.modern().connect("p", true, 0).publish("own", "mine", AT_LEAST_ONCE);
        comes("ours");
        broker.sleep(ABSENCE);
        joins("late");

        broker.sleep(ABSENCE);

        assertThat(broker.modern().connect("gone", false, 0).messages()).containsExactly("mine");
    }
}
