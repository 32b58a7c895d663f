package io.sotto.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.sotto.fuzz.DifferentialTarget.Verdicts;
import io.sotto.fuzz.Disagreements.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The kept inputs again, and a search for new ones: of seconds here, of hours by `fuzz/run`.
final class FuzzTest {
    private static final long SECONDS = Long.getLong("fuzz.seconds", 2);
    private static final List<String> CHOSEN =
            List.of(System.getProperty("fuzz.targets", "codec,session").split(",", -1));
    private static final boolean KEEP = Boolean.getBoolean("fuzz.keep");

    static List<Target> chosen() {
        return Arrays.stream(Target.values())
                .filter(target -> CHOSEN.contains("all") || CHOSEN.contains(target.word()))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void what_was_found_before_holds(Target target) throws IOException {
        List<byte[]> inputs = Corpus.of(target).inputs();

        assertThat(inputs).hasSizeGreaterThan(50);
        for (byte[] input : inputs) {
            assertThatCode(() -> target.run(input))
                    .as(HexFormat.of().formatHex(input))
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @MethodSource("chosen")
    void nothing_new_breaks_a_target(Target target) throws IOException, InterruptedException {
        Jazzer jazzer = new Jazzer(target, Path.of("target", "fuzz", target.word()));

        String failure = jazzer.search(SECONDS);

        assertThat(failure).isEmpty();
        if (KEEP) {
            jazzer.minimize();
        }
    }

    static List<Kind> kinds() {
        return Disagreements.load().kinds();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void a_known_disagreement_with_netty_is_one(Kind kind) {
        Verdicts verdicts =
                Objects.requireNonNull(DifferentialTarget.judge(kind.example().toByteArray()));

        assertThat(Disagreements.load().of(verdicts))
                .extracting(known -> known.words().pattern())
                .contains(kind.words().pattern());
    }
}
