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


columns = {
    "messages/s or connects/s": lambda r: r["out_per_s"]["median"] if "out_per_s" in r else r.get("connect_per_s"),
    "broker CPU µs each": lambda r: r["broker_cpu_us_per_delivered"]["median"]
    if "broker_cpu_us_per_delivered" in r
    else r.get("connect_cost", {}).get("broker_cpu_us_each"),
    "p50 µs": lambda r: r.get("latency_us", r.get("connect_us", {})).get("p50"),
    "p99 µs": lambda r: r.get("latency_us", r.get("connect_us", {})).get("p99"),
    "bytes per connection": lambda r: r.get("broker_bytes_per_connection"),
    "SUBSCRIBE/s": lambda r: r.get("subscribe_per_s"),
    "lost": lambda r: r.get("lost"),
}
print("| scenario | broker | runs ok | " + " | ".join(columns) + " |")
print("|---" * (len(columns) + 3) + "|")
for scenario, brokers in results.items():
    for broker, runs in brokers.items():
        good = [run for run in runs if run.get("ok")]
        cells = [median(good, figure) for figure in columns.values()]
        print(f"| {scenario} | {broker} | {len(good)} of {len(runs)} | " + " | ".join(cells) + " |")
