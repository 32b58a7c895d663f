package io.sotto.server;

import io.sotto.conformance.Target.Login;
import io.sotto.server.DoorRow.By;
import io.sotto.testkit.login.Tokens;

/// The configurations of the table of doors.
///
/// `actor` is the one whose rights are in question, `eye` sees everything. Below `yes/` the actor
/// may do all, below `no/` nothing; `mix/+/x` and `mix/#` it may subscribe to, though what is below
/// `mix/no/` is kept back; below `kept/` it may retain, below `plain/` not; below `full/` it may
/// subscribe at each QoS, below `low/` at QoS 0.
final class DoorRules {
    static final Login ACTOR = new Login("actor", "a");
    static final Login EYE = new Login("eye", "e");
    static final Login GUEST = new Login("guest", "g");
    static final Login SHY = new Login("shy", "s");
    static final Login WEB_ACTOR = new Login("web-actor", "a");
    static final Login WEB_GUEST = new Login("web-guest", "g");

    /// What tokens are signed with.
    static final String SECRET = "what the tokens of these tests are signed with";

    private static final String SHY_LINES = LiveBroker.scramUser(SHY.user(), SHY.password());
    private static final String SETTINGS =
            """
            limits.login-failures: unlimited
            jwt: {algorithms: [HS256], key-file: 'TOKEN-KEY'}
            http-login: {url: 'HOOK/all'}
            """;
    private static final String USERS = "users:\n" + user(ACTOR) + user(EYE);
    private static final String GUESTS = user(GUEST) + SHY_LINES;
    private static final String KEPT =
            "  - {user: [actor, web-actor], allow: both, topics: kept/#}\n";
    private static final String FULL =
            "  - {user: [actor, web-actor], allow: both, topics: full/#}\n";
    private static final String RULES =
            """
            acl:
              - {user: eye, allow: both, topics: '#'}
              - {user: [actor, web-actor, guest, web-guest, shy], allow: both, topics: conformance/#}
              - {user: [actor, web-actor], allow: both, topics: [yes/#, mix/#]}
              - {user: [actor, web-actor], deny: both, topics: mix/no/#}
              - {user: [actor, web-actor], allow: publish, topics: plain/#, retain: false}
              - {user: [actor, web-actor], allow: subscribe, topics: [plain/#, low/#], maximum-qos: 0}
            """;

    /// What holds before anything is revoked.
    static final String BASE = SETTINGS + USERS + GUESTS + RULES + KEPT + FULL;

    /// Everything but these topics.
    static String without(String topics) {
        return BASE
                + "  - {user: [actor, web-actor], deny: both, topics: [%s]}\n".formatted(topics);
    }

    /// Without the right to all that is below `yes/`, though with that to some of it.
    static final String NARROW = BASE.replace("[yes/#, mix/#]", "[yes/+/some, mix/#]");

    /// Without the right to retain.
    static final String UNRETAINED =
            SETTINGS + USERS + GUESTS + RULES + KEPT.replace("#}", "#, retain: false}") + FULL;

    /// Without the right to subscribe above QoS 0.
    static final String LOW =
            SETTINGS + USERS + GUESTS + RULES + KEPT + FULL.replace("#}", "#, maximum-qos: 0}");

    /// Without the users that come and go.
    static final String NO_GUESTS = SETTINGS + USERS + RULES + KEPT + FULL;

    /// Where no token counts any more.
    static final String NO_TOKENS = BASE.replace("'TOKEN-KEY'", "'TOKEN-KEY', issuer: another");

    /// Where somebody else is asked, who does not know the guest.
    static final String OTHER_HOOK = BASE.replace("HOOK/all", "HOOK/some");

    private DoorRules() {}

    /// Who logs in that way.
    static Login actor(By by) {
        return switch (by) {
            case PASSWORD -> ACTOR;
            case TOKEN -> token("actor", SECRET);
            case HTTP -> WEB_ACTOR;
        };
    }

    /// Who comes and goes.
    static Login guest(By by) {
        return switch (by) {
            case PASSWORD -> GUEST;
            case TOKEN -> token("guest", SECRET);
            case HTTP -> WEB_GUEST;
        };
    }

    /// Somebody who says to be the guest.
    static Login impostor(By by) {
        return switch (by) {
            case PASSWORD -> new Login("guest", "wrong");
            case TOKEN -> token("guest", SECRET.replace("these", "other"));
            case HTTP -> new Login("web-guest", "wrong");
        };
    }

    /// Without the guests of that way.
    static String noGuests(By by) {
        return switch (by) {
            case PASSWORD -> NO_GUESTS;
            case TOKEN -> NO_TOKENS;
            case HTTP -> OTHER_HOOK;
        };
    }

    private static Login token(String user, String secret) {
        return new Login(user, Tokens.of(user, 600, secret));
    }

    private static String user(Login login) {
        return LiveBroker.user(login.user(), login.password());
    }
}
