package io.sotto.broker.spi;

import org.jspecify.annotations.Nullable;

/// What a login brought along beside a name.
///
/// @param way by what the client was let in, in words that only whoever judges logins reads; empty
///   where nothing but the name counts
/// @param rights what the client may do where its login says that, or null: then rules say it
/// @param millis for how long the login holds, in milliseconds; 0 for ever
public record Pass(String way, @Nullable Authorizer rights, long millis) {
    /// Nothing but a name.
    public static final Pass NONE = new Pass("", null, 0);

    /// Rights that nobody knows any more: no rule has to allow anything, though one may deny it.
    public static final Pass ENTITLED = new Pass("", Authorizer.ALLOW_ALL, 0);
}
