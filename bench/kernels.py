"""Compares what JMH has measured with the kept table of kernels, and keeps it when told so."""

import json
import os
import re
import sys

result, table, *options = sys.argv[1:]
breaks_at = 1 + int(os.environ.get("BREAKS_AT", "10")) / 100
HEAD = "| kernel | ns | B allocated |\n| --- | --- | --- |\n"


def name(run):
    short = re.sub(r"^.*\.(\w+)Kernel\.", r"\1.", run["benchmark"])
    given = ", ".join(f"{key} {value}" for key, value in run.get("params", {}).items())
    return short + (f" ({given})" if given else "")


def rounded(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


kept, text = {}, ""
if os.path.exists(table):
    with open(table, encoding="utf-8") as file:
        text = file.read()
    for row in re.findall(r"^\| (?!kernel|---)(.+?) \| (.+?) \| (.+?) \|$", text, re.MULTILINE):
        kept[row[0]] = row[1:]

print("| kernel | ns | B allocated | kept: ns | B |\n| --- | --- | --- | --- | --- |")
worse = []
for run in json.load(open(result, encoding="utf-8")):
    nanos = run["primaryMetric"]["score"]
    # Less than half a byte is what the measuring itself has allocated.
    bytes_each = run["secondaryMetrics"]["gc.alloc.rate.norm"]["score"]
    bytes_each = 0 if bytes_each < 0.5 else bytes_each
    before = kept.get(name(run), ("–", "–"))
    print(f"| {name(run)} | {rounded(nanos)} | {rounded(bytes_each)} | {before[0]} | {before[1]} |")
    if before[1] != "–" and bytes_each > float(before[1].replace(",", "")) * breaks_at + 1:
        worse.append(name(run))
    kept[name(run)] = (rounded(nanos), rounded(bytes_each)) if "-k" in options else before

if "-k" in options:
    intro = text.split(HEAD)[0] if HEAD in text else "# Kernels\n\n"
    with open(table, "w", encoding="utf-8") as file:
        file.write(intro + HEAD)
        file.writelines(f"| {key} | {nanos} | {each} |\n" for key, (nanos, each) in sorted(kept.items()))
elif worse:
    print("\nallocates more than is kept: " + ", ".join(worse))
    sys.exit(1)
