package io.sotto.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Origin;
import io.sotto.broker.spi.Pass;
import io.sotto.broker.spi.Principal;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MessageRecordsTest {
    private final MessageRecords records = new MessageRecords();

    private static Message message(@Nullable Subject author) {
        return new Message(
                7,
                TopicName.of("home/lamp"),
                Payload.of("on"),
                QoS.AT_LEAST_ONCE,
                true,
                PublishProperties.NONE,
                "lamp",
                4711,
                null,
                author);
    }

    private static Subject ann(Pass pass) {
        return Message.author(
                new Subject(
                        new Principal("ann"),
                        "lamp",
                        new Origin("house", "10.0.0.7", 4711, true, "ann"),
                        pass));
    }

    private static byte[] kept(Message message) {
        Bytes out = new Bytes(64);
        MessageRecords.writeRetained(message, out);
        return Arrays.copyOf(out.array(), out.size());
    }

    @Test
    void a_retained_message_comes_back_with_its_author() throws StoreException {
        Message byRules = message(ann(Pass.NONE));
        Message byToken = message(ann(new Pass("jwt 1", Authorizer.ALLOW_ALL, 60)));

        assertThat(records.retained(kept(byRules))).isEqualTo(byRules);
        assertThat(records.retained(kept(byToken))).isEqualTo(byToken);
        assertThat(byToken.author()).isNotEqualTo(byRules.author());
    }

    @Test
    void messages_of_one_author_share_it() throws StoreException {
        Message first = records.retained(kept(message(ann(Pass.NONE))));
        Message second = records.retained(kept(message(ann(Pass.NONE))));

        assertThat(second.author()).isSameAs(first.author());
    }

    @Test
    void what_was_kept_before_there_were_authors_is_read() throws StoreException {
        Bytes out = new Bytes(64);
        MessageRecords.writeBody(message(null), out);

        assertThat(records.retained(Arrays.copyOf(out.array(), out.size())))
                .isEqualTo(message(null));
    }

    @Test
    void what_is_behind_a_message_and_no_author_is_damage() {
        byte[] kept = kept(message(ann(Pass.NONE)));
        byte[] longer = Arrays.copyOf(kept, kept.length + 1);
        byte[] later = kept.clone();
        later[kept(message(null)).length] = 2;

        for (int size = kept(message(null)).length + 1; size < kept.length; size++) {
            byte[] cut = Arrays.copyOf(kept, size);
            assertThatThrownBy(() -> records.retained(cut)).isInstanceOf(StoreException.class);
        }
        assertThatThrownBy(() -> records.retained(longer)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> records.retained(later)).isInstanceOf(StoreException.class);
    }
}
