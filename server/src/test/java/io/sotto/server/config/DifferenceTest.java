package io.sotto.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.server.config.SottoConfig.Overrides;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DifferenceTest {
    private static SottoConfig read(String text) throws ConfigException {
        return SottoConfig.read("sotto.yaml", text, Overrides.NONE);
    }

    private static List<String> live(String before, String after) throws ConfigException {
        return Difference.live(read(before), read(after)).stream()
                .map(Difference::toString)
                .toList();
    }

    private static List<String> others(String before, String after) throws ConfigException {
        return Difference.others(read(before), read(after)).stream()
                .map(Difference::toString)
                .toList();
    }

    @Test
    void what_is_written_otherwise_and_means_the_same_is_no_difference() throws ConfigException {
        String before = "limits.packet-size: 2MiB\nqueue: {messages: 100000}\n";
        String after = "queue.messages: 100000\nlimits: {packet-size: 2048KiB}\nloops: %d\n";

        assertThat(live(before, after.formatted(Runtime.getRuntime().availableProcessors())))
                .isEmpty();
        assertThat(others(before, after.formatted(Runtime.getRuntime().availableProcessors())))
                .isEmpty();
    }

    @Test
    void what_proves_a_user_is_in_no_difference() throws ConfigException {
        String before =
                "users: [{name: ann, password: '$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g'}]\n";
        String after =
                "users: [{name: ann, password: '$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2k'}]\n";

        assertThat(live(before, after)).isEmpty();
        assertThat(others(before, after)).isEmpty();
        assertThat(read(before).values().toString())
                .doesNotContain("$argon2id")
                .doesNotContain("ann");
    }

    @Test
    void the_page_names_all_that_applies_at_once_and_nothing_else() throws IOException {
        String page =
                Files.readString(
                        Path.of(System.getProperty("sotto.home", ".."), "docs", "reload.md"));
        String table =
                page.substring(page.indexOf("## What applies"), page.indexOf("| everything"));

        for (Key key : SottoConfig.keys()) {
            String name = key.name();
            String list = name.replaceAll("\\[].*", "");
            String section = name.replaceAll("\\..*", ".*");
            boolean isNamed =
                    table.contains("`" + name + "`")
                            || table.contains("`" + section + "`")
                            || !list.equals("listeners") && table.contains("`" + list + "`");

            assertThat(Difference.isLive(name)).as(name).isEqualTo(isNamed);
        }
    }
}
