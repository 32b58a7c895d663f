package io.sotto.server.config;

import java.util.List;
import java.util.Locale;

/// A way to log in at a listener, beside a certificate that TLS has checked.
public enum LoginWay {
    /// With a token; section `jwt`.
    JWT,
    /// As one of the users, with a password or by SCRAM; `users` and `password-file`.
    USERS,
    /// As somebody else says who is asked over HTTP; section `http-login`.
    HTTP;

    /// What is tried where a listener says nothing.
    static final List<LoginWay> ALL = List.of(values());

    /// As it is written.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
