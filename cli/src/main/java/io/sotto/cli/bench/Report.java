package io.sotto.cli.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What came of a measurement, for people and for programs.
public final class Report {
    private final List<String> lines = new ArrayList<>();
    private final ObjectNode json = JsonNodeFactory.instance.objectNode();
    private final boolean reached;
    private final boolean ok;

    private Report(boolean reached, boolean ok) {
        this.reached = reached;
        this.ok = ok;
        json.put("ok", ok);
    }

    /// A measurement with messages.
    ///
    /// @param missing copies that did not come
    static Report of(Load load, Fleet fleet, Tally tally, long missing) {
        long open =
                load.qos().level() == 0
                        ? 0
                        : tally.sent.sum() - tally.acknowledged.sum() - tally.refused.sum();
        long doubled = tally.doubled.sum();
        long disordered = tally.disordered.sum();
        boolean ok =
                missing + open + doubled + disordered == 0
                        && tally.failures().isEmpty()
                        && tally.refused.sum() == 0;
        Report report = new Report(!fleet.lines().isEmpty(), ok);
        report.describe(load);
        double seconds = load.times().measured().toNanos() / 1e9;
        report.rate("sent", tally.sent.sum(), tally.measuredSent.sum() / seconds);
        if (load.pattern() != Load.Pattern.PUB) {
            report.rate(
                    "received",
                    tally.received.sum() + tally.foreign.sum(),
                    tally.measuredArrivals.sum() / seconds);
        }
        report.counts(
                Map.of(
                        "missing", missing,
                        "doubled", doubled,
                        "out_of_order", disordered,
                        "unacknowledged", open + tally.refused.sum()));
        report.json.put("foreign", tally.foreign.sum());
        report.time("latency", "due to arrival", tally.times.arrival().total());
        report.time("acknowledgement", "due to ack", tally.times.acknowledgement().total());
        report.time("send_lag", "due to sent", tally.times.lag().total());
        report.time("connecting", "connecting", fleet.connecting());
        report.failures(tally);
        return report;
    }

    /// A measurement of connections.
    static Report of(Fleet fleet, double rate, Tally tally) {
        boolean ok = tally.failures().isEmpty();
        Report report = new Report(!fleet.lines().isEmpty(), ok);
        int open = fleet.lines().size();
        report.json.put("scenario", "conn").put("connections", fleet.size());
        report.json.put("connected", open).put("rate", rate).put("achieved", fleet.achieved());
        report.line(
                "conn",
                String.format(
                        Locale.ROOT,
                        "%,d of %,d connected, %,.0f/s of %,.0f/s asked for",
                        open,
                        fleet.size(),
                        fleet.achieved(),
                        rate));
        report.time("connecting", "due to CONNACK", fleet.connecting());
        report.failures(tally);
        return report;
    }

    private void describe(Load load) {
        String name = load.pattern().name().toLowerCase(Locale.ROOT);
        json.put("scenario", name);
        json.put("publishers", load.publishers()).put("subscribers", load.subscribers());
        json.put("qos", load.qos().level()).put("payload", load.payload());
        json.put("rate", load.rate()).put("window", load.rate() > 0 ? 0 : load.window());
        json.put("warmup_s", load.times().warmup().toMillis() / 1e3);
        json.put("measured_s", load.times().measured().toMillis() / 1e3);
        line(
                name,
                String.format(
                        Locale.ROOT,
                        "%,d publishers, %,d subscribers, QoS %d, %,d bytes, %s",
                        load.publishers(),
                        load.subscribers(),
                        load.qos().level(),
                        load.payload(),
                        pace(load)));
    }

    private static String pace(Load load) {
        if (load.publishers() == 0) {
            return "as it comes";
        }
        return load.rate() > 0
                ? String.format(Locale.ROOT, "%,.0f messages/s", load.rate())
                : String.format(Locale.ROOT, "%,d messages on their way", load.window());
    }

    private void rate(String name, long all, double perSecond) {
        json.put(name, all).put(name + "_per_s", perSecond);
        line(
                name,
                String.format(
                        Locale.ROOT,
                        "%,d in all, %,.0f/s in the time that counts",
                        all,
                        perSecond));
    }

    private void counts(Map<String, Long> counts) {
        for (String name : List.of("missing", "doubled", "out_of_order", "unacknowledged")) {
            json.put(name, counts.get(name));
        }
        line(
                "check",
                String.format(
                        Locale.ROOT,
                        "%,d missing, %,d doubled, %,d out of order, %,d not acknowledged",
                        counts.get("missing"),
                        counts.get("doubled"),
                        counts.get("out_of_order"),
                        counts.get("unacknowledged")));
    }

    private void time(String name, String label, Quantiles quantiles) {
        quantiles.write(name + "_us", json);
        if (quantiles.count() > 0) {
            line(label, quantiles.toString());
        }
    }

    private void failures(Tally tally) {
        ObjectNode node = json.putObject("failures");
        tally.failures()
                .forEach((sentence, count) -> {
                    node.put(sentence, count);
                    line("failed", count + " × " + sentence);
                });
        line("verdict", ok ? "all well" : "not all well, exit status " + (reached ? 1 : 2));
    }

    private void line(String name, String text) {
        lines.add(String.format(Locale.ROOT, "%-15s %s", name, text));
    }

    /// Whether the broker let anybody in.
    public boolean isReached() {
        return reached;
    }

    /// Whether everything arrived once and in order, and nothing failed.
    public boolean isOk() {
        return ok;
    }

    /// One JSON object on one line.
    public String json() {
        return json.toString();
    }

    /// Lines for people.
    @Override
    public String toString() {
        return String.join("\n", lines);
    }
}
