package io.sotto.access.http;

/// How logins are asked about over HTTP.
///
/// @param target whom; settings `http-login.url`, `.ca`, `.token-file` and `.timeout`
/// @param cache for how many seconds an answer that lets in holds for the same login, 0 for not at
///   all; setting `http-login.cache`
/// @param cacheSize how many answers are remembered; setting `http-login.cache-size`
/// @param atOnce how many calls are under way at once; setting `http-login.at-once`
/// @param waiting how many more logins may wait for that; setting `http-login.waiting`
public record HttpLoginSettings(
        HttpTarget target, int cache, int cacheSize, int atOnce, int waiting) {
    public static final int TIMEOUT = 5;
    public static final int CACHE = 60;
    public static final int CACHE_SIZE = 10_000;
    public static final int AT_ONCE = 32;
    public static final int WAITING = 1_000;
}
