package io.sotto.access;

import java.text.Normalizer;

/// The one form of a user name or password that can be written in several (RFC 4013): what looks
/// alike is made equal before it is hashed, on both sides alike.
///
/// The RFC stands on Unicode 3.2, this on the Unicode of the Java runtime: characters that came
/// later are taken instead of refused.
final class SaslPrep {
    private SaslPrep() {}

    /// @throws IllegalArgumentException with a clause that says why there is no such form
    static String prepared(String text) {
        StringBuilder mapped = new StringBuilder();
        text.codePoints()
                .filter(c -> !isMappedToNothing(c))
                .map(c -> Character.getType(c) == Character.SPACE_SEPARATOR ? ' ' : c)
                .forEach(mapped::appendCodePoint);
        String normal = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
        if (normal.codePoints().anyMatch(SaslPrep::isProhibited)) {
            throw new IllegalArgumentException(
                    "has a control or private character, which SCRAM does not take");
        }
        if (mixesDirections(normal)) {
            throw new IllegalArgumentException(
                    "mixes scripts written from the right and from the left in a way that SCRAM does"
                            + " not take");
        }
        return normal;
    }

    /// Whether a text is in this form already.
    static boolean isPrepared(String text) {
        try {
            return prepared(text).equals(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// RFC 3454, table B.1.
    private static boolean isMappedToNothing(int c) {
        return c == 0xAD
                || c == 0x34F
                || c == 0x1806
                || c >= 0x180B && c <= 0x180D
                || c >= 0x200B && c <= 0x200D
                || c == 0x2060
                || c >= 0xFE00 && c <= 0xFE0F
                || c == 0xFEFF;
    }

    /// RFC 3454, tables A.1, C.2.1 to C.9.
    private static boolean isProhibited(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED ->
                    true;
            default -> c == 0x340 || c == 0x341 || c >= 0xFFF9 && c <= 0xFFFD || isIdeographic(c);
        };
    }

    /// Characters that describe how an ideograph is composed.
    private static boolean isIdeographic(int c) {
        return c >= 0x2FF0 && c <= 0x2FFB;
    }

    /// RFC 3454, section 6: with a character from the right there is none from the left, and one
    /// from the right stands at each end.
    private static boolean mixesDirections(String text) {
        if (text.codePoints().noneMatch(SaslPrep::isFromTheRight)) {
            return false;
        }
        return text.codePoints()
                        .anyMatch(c ->
                                Character.getDirectionality(c)
                                        == Character.DIRECTIONALITY_LEFT_TO_RIGHT)
                || !isFromTheRight(text.codePointAt(0))
                || !isFromTheRight(text.codePointBefore(text.length()));
    }

    private static boolean isFromTheRight(int c) {
        byte direction = Character.getDirectionality(c);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }
}
