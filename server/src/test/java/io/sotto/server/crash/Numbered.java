package io.sotto.server.crash;

import io.sotto.mqtt.Payload;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The content of a message: its number, and as many letters behind it as the number says.
final class Numbered {
    private static final int LONGEST = 1500;

    private Numbered() {}

    static Payload payload(long number) {
        String letter = String.valueOf((char) ('a' + number % 26));
        return Payload.of(number + ":" + letter.repeat((int) (number * 7919 % LONGEST)));
    }

    /// The number, null where not every byte is what it was.
    static @Nullable Long number(Payload payload) {
        String text = new String(payload.toByteArray(), StandardCharsets.UTF_8);
        int end = text.indexOf(':');
        if (end < 1 || !text.substring(0, end).chars().allMatch(Character::isDigit)) {
            return null;
        }
        long number = Long.parseLong(text, 0, end, 10);
        return payload(number).equals(payload) ? number : null;
    }
}
