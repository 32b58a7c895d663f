package io.sotto.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationPageTest {
    @Test
    void every_key_is_documented_with_its_values_and_default() throws IOException {
        String home = System.getProperty("sotto.home", "..");
        List<String> rows =
                Files.readAllLines(Path.of(home, "docs", "configuration.md")).stream()
                        .filter(line -> line.startsWith("| `") && !line.startsWith("| `--"))
                        .toList();

        for (Key key : SottoConfig.keys()) {
            String fallback = key.name().equals("loops") ? "one per processor" : key.fallback();
            String end = " | %s | %s |".formatted(key.values(), fallback);
            assertThat(rows)
                    .as(key.toString())
                    .anyMatch(row ->
                            row.startsWith("| `" + key.name() + "` | ") && row.endsWith(end));
        }
        assertThat(rows).hasSize(SottoConfig.keys().size());
    }
}
