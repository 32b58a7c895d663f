package io.sotto.store;

/// The engine could not do what was asked, in one sentence for people.
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1;

    private final Kind kind;

    public StoreException(Kind kind, String sentence, Throwable cause) {
        super(sentence, cause);
        this.kind = kind;
    }

    public StoreException(Kind kind, String sentence) {
        super(sentence);
        this.kind = kind;
    }

    /// What can be done about it.
    public enum Kind {
        /// There is no room: the same may be tried again.
        FULL,
        /// What is there cannot be read: found by its checksum or by its form.
        DAMAGED,
        /// It is not known what became of a write: no more may be acknowledged.
        BROKEN,
        /// It cannot be opened: the folder is another broker's, or of another format.
        REFUSED
    }

    public Kind kind() {
        return kind;
    }
}
