package io.sotto.broker.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.MountPoint;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.codec.PublishFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final Message LAMP =
            new Message(
                    1,
                    TopicName.of("house/lamp"),
                    Payload.of("on"),
                    QoS.AT_MOST_ONCE,
                    false,
                    PublishProperties.NONE,
                    "publisher",
                    0,
                    null,
                    null);

    private final Frames all = new Frames();

    private static PublishFrame frame(Frames frames) {
        return frames.of(frames.seen(LAMP), ProtocolVersion.MQTT_3_1_1, QoS.AT_MOST_ONCE, false, 0);
    }

    @Test
    void a_form_is_made_once_however_clients_of_several_mount_points_follow_each_other() {
        List<Frames> places =
                List.of(
                        all,
                        all.at(new MountPoint("house/")),
                        all.at(new MountPoint("ho")),
                        all.at(MountPoint.NONE));
        List<PublishFrame> first = new ArrayList<>();
        places.forEach(place -> first.add(frame(place)));

        for (int i = 0; i < places.size(); i++) {
            assertThat(frame(places.get(i))).isSameAs(first.get(i));
        }
        assertThat(first.get(3)).isSameAs(first.get(0));
        assertThat(first.get(1).size()).isEqualTo(first.get(0).size() - "house/".length());
        assertThat(first.get(2).size()).isEqualTo(first.get(0).size() - "ho".length());
    }

    @Test
    void nothing_is_held_on_to_once_the_turn_is_over() {
        Frames house = all.at(new MountPoint("house/"));
        Message before = house.seen(LAMP);

        all.clear();

        assertThat(house.seen(LAMP)).isNotSameAs(before).isEqualTo(before);
    }
}
