package io.sotto.server.config;

import java.util.Comparator;
import java.util.List;

/// The word that is most like another one.
public final class Nearest {
    private Nearest() {}

    /// That one of several names.
    ///
    /// @param names at least one
    public static String to(String word, List<String> names) {
        return names.stream()
                .min(Comparator.comparingInt(name -> difference(word, name)))
                .orElseThrow();
    }

    /// As keys: that only the section is wrong or missing weighs little.
    private static int difference(String word, String name) {
        int inSection = 1 + distance(last(word), last(name));
        return Math.min(2 * distance(word, name), 2 * inSection);
    }

    private static String last(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    /// How many characters must be put in, taken out or replaced (Levenshtein).
    static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
