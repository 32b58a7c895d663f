package io.sotto.client;

/// Text that came from the other side, made fit for a sentence.
final class Texts {
    private Texts() {}

    /// The text without control characters, which a terminal would obey.
    static String printable(String foreign) {
        return foreign.replaceAll("\\p{Cntrl}", "?");
    }
}
