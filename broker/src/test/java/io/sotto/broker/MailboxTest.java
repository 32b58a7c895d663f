package io.sotto.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MailboxTest {
    private final List<Integer> opened = new ArrayList<>();
    private int wakes;
    private int rooms;
    private final Mailbox mailbox = new Mailbox(() -> wakes++, () -> rooms++);

    private void post(int letter) {
        mailbox.post(now -> opened.add(letter));
    }

    @Test
    void much_mail_is_opened_in_several_turns_and_in_order() {
        List<Integer> letters = IntStream.range(0, 2_000).boxed().toList();
        letters.forEach(this::post);

        int turns = 0;
        while (wakes > turns) {
            turns++;
            int before = opened.size();
            mailbox.drain(0, now -> {});
            assertThat(opened.size() - before).isBetween(1, 512);
        }

        assertThat(turns).isEqualTo(4);
        assertThat(opened).isEqualTo(letters);
        assertThat(mailbox.size()).isZero();
    }

    @Test
    void who_writes_to_himself_is_answered_in_a_later_turn() {
        mailbox.post(now -> post(2));

        mailbox.drain(0, now -> {});

        assertThat(opened).isEmpty();
        assertThat(wakes).isEqualTo(2);
        mailbox.drain(0, now -> {});
        assertThat(opened).containsExactly(2);
    }

    @Test
    void who_waits_for_room_is_told_of_it_once() {
        IntStream.rangeClosed(0, Mailbox.CROWDED).forEach(this::post);
        assertThat(mailbox.isCrowded()).isTrue();
        assertThat(mailbox.isRoomy()).isFalse();

        int turns = 0;
        while (rooms == 0) {
            mailbox.drain(0, now -> {});
            turns++;
        }

        assertThat(mailbox.isRoomy()).isTrue();
        assertThat(turns).isEqualTo(3);
        while (mailbox.size() > 0) {
            mailbox.drain(0, now -> {});
        }
        assertThat(rooms).isOne();
    }

    @Test
    void nobody_is_told_of_room_who_has_not_waited_for_it() {
        IntStream.rangeClosed(0, Mailbox.CROWDED).forEach(this::post);
        while (mailbox.size() > 0) {
            mailbox.drain(0, now -> {});
        }

        assertThat(rooms).isZero();
    }
}
