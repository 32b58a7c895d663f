import org.jspecify.annotations.NullMarked;

/// Who a client is and what it may do.
@NullMarked
module io.sotto.access {
    requires static org.jspecify;
    requires transitive io.sotto.broker;
    requires transitive com.nimbusds.jose.jwt;
    requires java.net.http;
    requires org.bouncycastle.provider;

    exports io.sotto.access;
    exports io.sotto.access.http;
    exports io.sotto.access.jwt;
}
