package io.sotto.server.mosquitto;

/// What became of a directive.
///
/// @param words what it is in Sotto, or why it is nothing there, or what to do instead
public record Finding(Directive directive, Verdict verdict, String words) {
    /// What becomes of a directive.
    public enum Verdict {
        /// A setting of Sotto says the same.
        IMPORTED("imported"),
        /// Sotto does so without being told.
        SAME("same by default"),
        /// Sotto has no use for it.
        NOT_NEEDED("not needed"),
        /// It is about bridges.
        BRIDGE("not yet"),
        /// Something is lost.
        NOT_SUPPORTED("not supported"),
        /// It cannot be left out without harm, or it is wrong: nothing is imported.
        REFUSED("refused");

        private final String label;

        Verdict(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    @Override
    public String toString() {
        return "%s: %s: %s%s"
                .formatted(
                        directive.place(),
                        directive.name(),
                        verdict.label(),
                        words.isEmpty() ? "" : ": " + words);
    }
}
