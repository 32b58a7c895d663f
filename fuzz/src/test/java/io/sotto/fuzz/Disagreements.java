package io.sotto.fuzz;

import io.sotto.fuzz.DifferentialTarget.Verdicts;
import io.sotto.mqtt.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/// The kinds of packets on which two decoders are known to differ, with the reason, from
/// `disagreements.tsv`. docs/fuzzing.md speaks of them.
final class Disagreements {
    private static final String FILE = "disagreements.tsv";

    private final List<Kind> kinds;

    private Disagreements(List<Kind> kinds) {
        this.kinds = kinds;
    }

    /// One kind.
    ///
    /// @param refusedBy `sotto` or `netty`
    /// @param words with which it is refused
    /// @param example an input of this kind
    record Kind(String refusedBy, Pattern words, Payload example) {
        private boolean covers(Verdicts verdicts) {
            String refusal = refusedBy.equals("sotto") ? verdicts.ours() : verdicts.theirs();
            return refusal != null && words.matcher(refusal).matches();
        }
    }

    static Disagreements load() {
        try (InputStream in =
                Objects.requireNonNull(Disagreements.class.getResourceAsStream(FILE), FILE)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            List<Kind> kinds = new ArrayList<>();
            text.lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> kinds.add(kind(line)));
            return new Disagreements(kinds);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Kind kind(String line) {
        List<String> cells = List.of(line.split("\t", -1));
        if (cells.size() != 4 || cells.get(3).isBlank()) {
            throw new IllegalStateException(FILE + ": cannot read " + line);
        }
        Payload example = Payload.copyOf(HexFormat.of().parseHex(cells.get(2)));
        return new Kind(cells.get(0), Pattern.compile(cells.get(1)), example);
    }

    /// All kinds.
    List<Kind> kinds() {
        return kinds;
    }

    /// The kinds that these verdicts are of; none where the two agree.
    ///
    /// @throws AssertionError when they differ in a way that is not known
    List<Kind> of(Verdicts verdicts) {
        if ((verdicts.ours() == null) == (verdicts.theirs() == null)) {
            return List.of();
        }
        List<Kind> known = kinds.stream().filter(kind -> kind.covers(verdicts)).toList();
        if (known.isEmpty()) {
            throw new AssertionError("a new disagreement: " + verdicts);
        }
        return known;
    }
}
