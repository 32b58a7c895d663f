package io.sotto.server;

import io.sotto.conformance.Target.Login;

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

    private static final String SHY_LINES = LiveBroker.scramUser(SHY.user(), SHY.password());
    private static final String SETTINGS = "limits.login-failures: unlimited\n";
    private static final String USERS = "users:\n" + user(ACTOR) + user(EYE);
    private static final String GUESTS = user(GUEST) + SHY_LINES;
    private static final String KEPT = "  - {user: actor, allow: both, topics: kept/#}\n";
    private static final String FULL = "  - {user: actor, allow: both, topics: full/#}\n";
    private static final String RULES =
            """
            acl:
              - {user: eye, allow: both, topics: '#'}
              - {user: [actor, guest, shy], allow: both, topics: conformance/#}
              - {user: actor, allow: both, topics: [yes/#, mix/#]}
              - {user: actor, deny: both, topics: mix/no/#}
              - {user: actor, allow: publish, topics: plain/#, retain: false}
              - {user: actor, allow: subscribe, topics: [plain/#, low/#], maximum-qos: 0}
            """;

    /// What holds before anything is revoked.
    static final String BASE = SETTINGS + USERS + GUESTS + RULES + KEPT + FULL;

    /// Everything but these topics.
    static String without(String topics) {
        return BASE + "  - {user: actor, deny: both, topics: [%s]}\n".formatted(topics);
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

    private DoorRules() {}

    private static String user(Login login) {
        return LiveBroker.user(login.user(), login.password());
    }
}
