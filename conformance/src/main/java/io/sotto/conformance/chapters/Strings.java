package io.sotto.conformance.chapters;

import java.util.List;

/// Strings that are not, each with its length: no packet may carry one.
final class Strings {
    /// Broken UTF-8, surrogates, longer forms than needed, and U+0000.
    static final List<String> NOT_UTF_8 =
            List.of(
                    "0003 EDA080", // U+D800, a surrogate
                    "0003 EDBFBF", // U+DFFF, a surrogate
                    "0002 C080", // U+0000 in two bytes
                    "0002 C1BF", // U+007F in two bytes
                    "0001 FF", // no beginning of anything
                    "0002 FFFE", // nor these
                    "0001 80", // a continuation without a beginning
                    "0002 E282", // cut
                    "0004 F4908080", // above U+10FFFF
                    "0003 610062"); // U+0000 inside

    private Strings() {}
}
