package io.sotto.interop;

import org.jspecify.annotations.Nullable;

/// What a client says when it connects. What only MQTT 5.0 knows is null where it is not said.
record Login(
        String clientId,
        boolean clean,
        int keepAlive,
        @Nullable Message will,
        @Nullable Integer willDelay,
        @Nullable Long sessionExpiry,
        @Nullable Integer receiveMaximum,
        @Nullable Integer topicAliasMaximum,
        @Nullable Integer maximumPacketSize) {
    private static final int KEEP_ALIVE = 60;

    /// A session that ends with the connection.
    static Login clean(String clientId) {
        return new Login(clientId, true, KEEP_ALIVE, null, null, null, null, null, null);
    }

    /// A session that outlives the connection: clean session 0, or an expiry of ten minutes.
    static Login kept(String clientId) {
        return new Login(clientId, false, KEEP_ALIVE, null, null, 600L, null, null, null);
    }

    Login keepAlive(int seconds) {
        return new Login(
                clientId,
                clean,
                seconds,
                will,
                willDelay,
                sessionExpiry,
                receiveMaximum,
                topicAliasMaximum,
                maximumPacketSize);
    }

    Login will(Message message) {
        return new Login(
                clientId,
                clean,
                keepAlive,
                message,
                willDelay,
                sessionExpiry,
                receiveMaximum,
                topicAliasMaximum,
                maximumPacketSize);
    }

    Login willDelay(int seconds) {
        return new Login(
                clientId,
                clean,
                keepAlive,
                will,
                seconds,
                sessionExpiry,
                receiveMaximum,
                topicAliasMaximum,
                maximumPacketSize);
    }

    Login sessionExpiry(long seconds) {
        return new Login(
                clientId,
                clean,
                keepAlive,
                will,
                willDelay,
                seconds,
                receiveMaximum,
                topicAliasMaximum,
                maximumPacketSize);
    }

    Login receiveMaximum(int messages) {
        return new Login(
                clientId,
                clean,
                keepAlive,
                will,
                willDelay,
                sessionExpiry,
                messages,
                topicAliasMaximum,
                maximumPacketSize);
    }

    Login topicAliasMaximum(int aliases) {
        return new Login(
                clientId,
                clean,
                keepAlive,
                will,
                willDelay,
                sessionExpiry,
                receiveMaximum,
                aliases,
                maximumPacketSize);
    }

    Login maximumPacketSize(int bytes) {
        return new Login(
                clientId,
                clean,
                keepAlive,
                will,
                willDelay,
                sessionExpiry,
                receiveMaximum,
                topicAliasMaximum,
                bytes);
    }
}
