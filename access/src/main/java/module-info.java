import org.jspecify.annotations.NullMarked;

/// Who a client is and what it may do.
@NullMarked
module io.sotto.access {
    requires static org.jspecify;
    requires transitive io.sotto.broker;
    requires org.bouncycastle.provider;

    exports io.sotto.access;
}
