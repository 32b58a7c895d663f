"""Turns result lines of the load generator into one table: medians over the rounds, with the spread."""

import json
import statistics
import sys

results = {}
for line in sys.stdin:
    result = json.loads(line)
    broker, scenario = result["label"].split("/")
    results.setdefault(scenario, {}).setdefault(broker, []).append(result)


def median(runs, figure):
    values = [value for value in map(figure, runs) if value is not None]
    if not values:
        return "–"
    middle = statistics.median(values)
    spread = f" ({min(values):,.3g}–{max(values):,.3g})" if len(values) > 1 else ""
    return (f"{middle:,.0f}" if middle >= 100 else f"{middle:.3g}") + spread


def first(result, *paths):
    """The first of some figures that a result has; a dot leads into a part of it."""
    for path in paths:
        value = result
        for key in path.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        if value is not None:
            return value
    return None


columns = {
    "per second": ("out_per_s.median", "connect_per_s", "queue_per_s", "store_per_s"),
    "broker CPU µs each": (
        "broker_cpu_us_per_delivered.median",
        "connect_cost.broker_cpu_us_each",
        "queue_cost.broker_cpu_us_each",
        "store_cost.broker_cpu_us_each",
    ),
    "p50 µs": ("latency_us.p50", "connect_us.p50", "queue_ack_us.p50", "store_ack_us.p50"),
    "p99 µs": ("latency_us.p99", "connect_us.p99", "queue_ack_us.p99", "store_ack_us.p99"),
    "bytes each": (
        "broker_bytes_per_connection",
        "broker_bytes_per_subscription",
        "broker_bytes_per_queued",
        "broker_bytes_per_retained",
    ),
    "SUBSCRIBE/s": ("subscribe_per_s",),
    "drained or replayed/s": ("drain_per_s", "delivered_per_s"),
    "lost": ("lost",),
    "doubled": ("duplicated",),
    "out of order": ("out_of_order",),
}
print("| scenario | broker | runs ok | " + " | ".join(columns) + " |")
print("|---" * (len(columns) + 3) + "|")
for scenario, brokers in results.items():
    for broker, runs in brokers.items():
        good = [run for run in runs if run.get("ok")]
        # Of a broker that never gets through cleanly, what it did is shown beside what it did wrong.
        cells = [median(good or runs, lambda run: first(run, *paths)) for paths in columns.values()]
        print(f"| {scenario} | {broker} | {len(good)} of {len(runs)} | " + " | ".join(cells) + " |")
