package io.sotto.conformance;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The verdicts of a run, for people to read.
public final class Report {
    private final List<Verdict> verdicts;
    private final StringBuilder text = new StringBuilder();

    private Report(List<Verdict> verdicts) {
        this.verdicts = verdicts;
    }

    /// A line per chapter; then what failed, with the bytes that were exchanged, what was remarked
    /// on, what was not offered; and the sums.
    ///
    /// @param took the run as a whole
    public static String of(List<Verdict> verdicts, Duration took) {
        Report report = new Report(verdicts);
        report.chapters();
        report.failures();
        report.remarks();
        report.notOffered();
        report.line("");
        report.line("%s, in %.1f s", report.sums(verdicts), took.toMillis() / 1000.0);
        return report.text.toString();
    }

    @SuppressWarnings("AnnotateFormatMethod") // would need a library for an annotation
    private void line(String format, Object... values) {
        text.append(format.formatted(values)).append('\n');
    }

    private void chapters() {
        Stream<Class<?>> chapters = verdicts.stream().map(verdict -> verdict.scenario().chapter());
        chapters.distinct()
                .forEach(chapter ->
                        line(
                                "  %-24s %s",
                                chapter.getSimpleName(),
                                sums(
                                        verdicts.stream()
                                                .filter(verdict ->
                                                        verdict.scenario().chapter() == chapter)
                                                .toList())));
    }

    private String sums(List<Verdict> some) {
        long remarked =
                some.stream()
                        .filter(verdict -> !verdict.failed() && !verdict.remarks().isEmpty())
                        .count();
        long passed = count(some, Verdict.Outcome.PASSED);
        long failed = count(some, Verdict.Outcome.FAILED);
        long lenient = count(some, Verdict.Outcome.LENIENT);
        long notOffered = count(some, Verdict.Outcome.NOT_OFFERED);
        return passed
                + " passed"
                + (remarked > 0 ? " (" + remarked + " with a remark)" : "")
                + (failed > 0 ? ", " + failed + " failed" : "")
                + (lenient > 0 ? ", " + lenient + " too lenient" : "")
                + (notOffered > 0 ? ", " + notOffered + " not offered" : "");
    }

    private static long count(List<Verdict> some, Verdict.Outcome outcome) {
        return some.stream().filter(verdict -> verdict.outcome() == outcome).count();
    }

    private void failures() {
        for (Verdict verdict : verdicts) {
            if (verdict.failed()) {
                Scenario scenario = verdict.scenario();
                line("");
                line("%s  %s", verdict.outcome(), scenario.name());
                line("  %s: %s", String.join(" ", scenario.ids()), scenario.says());
                line("  %s", verdict.reason());
                text.append(verdict.transcript().indent(4));
            }
        }
    }

    private void remarks() {
        section(
                "Passed, though a recommendation of the standard is not kept:",
                verdicts.stream()
                        .filter(verdict -> !verdict.failed() && !verdict.remarks().isEmpty())
                        .map(verdict ->
                                verdict.scenario().name()
                                        + ": "
                                        + String.join("; ", verdict.remarks()))
                        .toList());
    }

    private void notOffered() {
        section(
                "Not tested, since it is not offered:",
                verdicts.stream()
                        .filter(verdict -> verdict.outcome() == Verdict.Outcome.NOT_OFFERED)
                        .map(verdict -> verdict.scenario().name() + ": " + verdict.reason())
                        .collect(Collectors.toList()));
    }

    private void section(String head, List<String> entries) {
        if (!entries.isEmpty()) {
            line("");
            line("%s", head);
            entries.forEach(entry -> line("  %s", entry));
        }
    }
}
