package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.conformance.Version;
import io.sotto.server.DoorRow.By;
import io.sotto.server.DoorRow.Verdict;
import io.sotto.testkit.login.LoginHook;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every door at which rights are asked for, in every version, at every QoS, over TCP and TLS: for
/// whoever may, for whoever may not, and for whoever could until the rules changed; and at one QoS
/// over TCP for those who have logged in by a token or whom somebody else was asked about over
/// HTTP.
///
/// The real server runs in this process and is spoken to over sockets, byte by byte. What is
/// revoked is revoked by a reload of its configuration.
@Timeout(30)
class DoorMatrixTest {
    /// Written down here, so that a rule that leaves rows out by mistake is noticed.
    private static final int ROWS = 1035;

    @TempDir static Path directory = Path.of("");
    private static LiveBroker live;
    private static LoginHook hook;

    @BeforeAll
    static void start() throws Exception {
        hook =
                new LoginHook(
                        Map.of(
                                DoorRules.WEB_ACTOR.user(), DoorRules.WEB_ACTOR.password(),
                                DoorRules.WEB_GUEST.user(), DoorRules.WEB_GUEST.password()),
                        DoorRules.WEB_GUEST.user());
        Path key = Files.writeString(directory.resolve("token.key"), DoorRules.SECRET);
        live =
                new LiveBroker(
                        directory,
                        DoorRules.BASE,
                        Map.of("TOKEN-KEY", key.toString(), "HOOK", hook.url()));
    }

    @AfterAll
    static void stop() {
        live.close();
        hook.close();
    }

    static List<DoorRow> rows() {
        List<DoorRow> rows = new ArrayList<>();
        for (Door door : Door.values()) {
            for (Version version : Version.values()) {
                for (int qos = 0; qos <= 2; qos++) {
                    for (boolean tls : new boolean[] {false, true}) {
                        for (Verdict verdict : Verdict.values()) {
                            add(rows, new DoorRow(door, version, qos, tls, verdict, By.PASSWORD));
                        }
                    }
                }
            }
        }
        for (By by : List.of(By.TOKEN, By.HTTP)) {
            for (Door door : Door.values()) {
                for (Version version : Version.values()) {
                    for (Verdict verdict : Verdict.values()) {
                        DoorRow row = new DoorRow(door, version, 1, false, verdict, by);
                        DoorRow once = new DoorRow(door, version, 0, false, verdict, by);
                        add(rows, door.has(row) ? row : once);
                    }
                }
            }
        }
        return rows;
    }

    private static void add(List<DoorRow> rows, DoorRow row) {
        if (row.door().has(row)) {
            rows.add(row);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    @Hostile({"H-PUB-13"})
    void a_door_is_open_to_whoever_may_and_to_nobody_else(DoorRow row) {
        try (DoorVisit visit = new DoorVisit(live, row, rows().indexOf(row))) {
            boolean passed = row.door().passes(visit);

            assertThat(passed).isEqualTo(row.door().isOpenTo(row.verdict()));
        } catch (AssertionError e) {
            // Not every report shows the name of a row.
            throw new AssertionError(row + ": " + e.getMessage(), e);
        }
    }

    @Test
    void no_row_is_left_out_by_mistake() {
        List<DoorRow> rows = rows();
        System.out.println("door matrix: " + rows.size() + " rows");

        assertThat(rows).hasSize(ROWS).doesNotHaveDuplicates();
        assertThat(Door.values()).hasSizeGreaterThanOrEqualTo(16);
        for (Door door : Door.values()) {
            assertThat(rows).anyMatch(row -> row.door() == door);
        }
    }
}
