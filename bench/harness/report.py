"""Medians, noise, ratios to nginx, the bars, and the table that is written."""

import json
from statistics import median

# Issue and SPEC.md 8: what a released gateway must keep, in one run on one machine.
JSON_RATIO, SSE_RATIO, ADDED_TTFT_MS, STREAMS, STREAMS_MB = 2.5, 2.0, 1.0, 5000, 700


def good(runs):
    return [r for r in runs if r and "failed" not in r]


def spread(values, digits=1):
    """`median (min–max)`."""
    if not values:
        return "–"
    text = f"{median(values):,.{digits}f}"
    if len(values) > 1:
        text += f" ({min(values):,.{digits}f}–{max(values):,.{digits}f})"
    return text.replace(",", " ")


class Report:
    """All runs: runs[scenario][target] is a list with one entry for each round, None where it was left out."""

    def __init__(self, about, scenarios, targets, runs, idle, held):
        self.about, self.scenarios, self.targets = about, scenarios, [t for t in targets if t.name != "direct"]
        self.runs, self.idle, self.held = runs, idle, held

    def values(self, scenario, target, pick):
        return [pick(r) for r in good(self.runs[scenario].get(target, []))]

    def paired(self, scenario, target, other, combine, pick):
        """One value for each round in which both targets have a result."""
        ours, theirs = self.runs[scenario].get(target, []), self.runs[scenario].get(other, [])
        return [combine(pick(a), pick(b)) for a, b in zip(ours, theirs) if good([a]) and good([b])]

    def ratios(self, scenario, target, pick=lambda r: r["cpu_us"]):
        return self.paired(scenario, target, "nginx", lambda a, b: a / b, pick)

    def jvm_ratios(self, scenario):
        ours, theirs = self.runs[scenario].get("gateway", []), self.runs[scenario].get("nginx", [])
        return [a["cpu_us_parts"].get("jvm", 0) / b["cpu_us"] for a, b in zip(ours, theirs) if good([a]) and good([b])]

    def added(self, scenario, target, what):
        return self.paired(scenario, target, "direct", lambda a, b: a - b, lambda r: r[what]["p50"])

    # ---- bars ----

    def bars(self):
        """(what, limit, measured values) for the gateway; nothing when it or nginx was not measured."""
        if not any(t.name == "gateway" for t in self.targets):
            return []
        found = [("processor time per JSON request at full load, ratio to nginx", JSON_RATIO, self.ratios("json_full", "gateway"))]
        for body, says in (("usage", "usage asked for"), ("plain", "usage not asked for")):
            for rate, load in (("40k", "200 streams × 5 ms"), ("10k", "10 000 events/s")):
                found.append((f"processor time per SSE event, {load}, {says}, ratio to nginx", SSE_RATIO,
                              self.ratios(f"sse_{rate}_{body}", "gateway")))
        for body, says in (("usage", "usage asked for"), ("plain", "usage not asked for")):
            found.append((f"added median time to first token, {says}, ms", ADDED_TTFT_MS, self.added(f"sse_light_{body}", "gateway", "first_ms")))
        held = self.held.get("gateway", {}).get(STREAMS)
        total = [sum(held["open_mb"].values())] if held and "failed" not in held else []
        found.append((f"memory with {STREAMS} open streams, JVM and PostgreSQL, MB", STREAMS_MB, total))
        return found

    def passed(self):
        return all(values and median(values) <= limit for _, limit, values in self.bars())

    # ---- text ----

    def row(self, cells):
        return "| " + " | ".join(str(c) for c in cells) + " |"

    def table(self, head, rows):
        return "\n".join([self.row(head), self.row(["---"] * len(head)), *(self.row(r) for r in rows)])

    def cpu_table(self):
        rows = []
        for s in self.scenarios:
            if s.name.endswith("_light") or "_light_" in s.name:
                continue
            unit = "event" if s.sse else "request"
            for t in self.targets:
                runs = self.runs[s.name].get(t.name, [])
                if not any(runs):
                    continue
                failed = next((r["failed"] for r in runs if r and "failed" in r), None)
                if not good(runs):
                    rows.append([s.title, t.name, f"no result: {failed}"[:120], "", "", "", ""])
                    continue
                parts = {p: median(r["cpu_us_parts"].get(p, 0) for r in good(runs)) for p in good(runs)[0]["cpu_us_parts"]}
                split = " + ".join(f"{p} {v:.1f}" for p, v in parts.items()) if len(parts) > 1 else ""
                rows.append([s.title, t.name, f"{spread(self.values(s.name, t.name, lambda r: r['cpu_us']))} / {unit}", split,
                             spread(self.ratios(s.name, t.name), 2) if t.name != "nginx" else "1",
                             spread(self.values(s.name, t.name, lambda r: r["per_second"]), 0),
                             spread(self.values(s.name, t.name, lambda r: r["tail_cpu_ms"]), 0)])
        return self.table(["load", "server", "µs processor time, median (min–max)", "of it", "ratio to nginx", f"requests/s or events/s", "ms processor time after the load ended"], rows)

    def latency_table(self):
        rows = []
        for s in self.scenarios:
            if not s.direct:
                continue
            what = "first_ms" if s.sse else "latency_ms"
            rows.append([s.title, "direct", spread(self.values(s.name, "direct", lambda r: r[what]["p50"]), 2), "",
                         spread(self.values(s.name, "direct", lambda r: r[what]["p99"]), 2)])
            for t in self.targets:
                if self.values(s.name, t.name, lambda r: 0):
                    rows.append([s.title, t.name, spread(self.values(s.name, t.name, lambda r: r[what]["p50"]), 2),
                                 spread(self.added(s.name, t.name, what), 2),
                                 spread(self.values(s.name, t.name, lambda r: r[what]["p99"]), 2)])
        return self.table(["load", "server", "median ms", "added to direct, ms", "p99 ms"], rows)

    def memory_table(self):
        def parts(mb):
            return f"{sum(mb.values()):.0f}" + (" (" + " + ".join(f"{p} {v:.0f}" for p, v in mb.items()) + ")" if len(mb) > 1 else "")

        rows = []
        for t in self.targets:
            held = self.held.get(t.name, {})
            before = next((parts(h["before_mb"]) for h in held.values() if "before_mb" in h), "–")
            rows.append([t.name, before, *(
                "–" if n not in held else f"no result: {held[n]['failed']}"[:100] if "failed" in held[n] else parts(held[n]["open_mb"])
                for n in self.about["held_streams"]), spread(self.idle.get(t.name, []), 2)])
        return self.table(["server", "MB after the load", *(f"MB with {n} open streams" for n in self.about["held_streams"]), "ms processor time a second, idle"], rows)

    def bar_lines(self):
        lines = []
        for what, limit, values in self.bars():
            verdict = "no result" if not values else "pass" if median(values) <= limit else "FAIL"
            lines.append([what, f"≤ {limit:g}", spread(values, 2), verdict])
        return lines

    def markdown(self):
        a = self.about
        m = a["machine"]
        servers = [[t.name, t.version, t.workers, ", ".join(f"{b}: {v}" for b, v in a["checks"].get(t.name, {}).items())] for t in self.targets]
        parts = [
            f"# Bench of {a['date']}",
            f"{m['processor']}, {m['cores']} cores, {m['memory_gb']} GB, Linux {m['kernel']} {m['architecture']}. "
            f"{a['rounds']} interleaved rounds; medians, in brackets the smallest and largest of the rounds. Warmed up: "
            f"{', '.join(f'{n} {t} s' for n, t in a['warmed_seconds'].items())}. Before each round, with all servers idle, "
            f"{spread([100 * b for b in a['busy']], 0)} % of the machine was in use by others. Ratios count; absolute numbers belong to this machine.",
            self.table(["server", "version", "ran as", "answers beside the upstream's own"], servers),
        ]
        if self.bars():
            parts += ["## Bars", self.table(["what", "bar", "measured", ""], self.bar_lines())]
            parts.append("Without PostgreSQL (the JVM alone), ratio to nginx: " + "; ".join(
                f"{s.title}: {spread(self.jvm_ratios(s.name), 2)}" for s in self.scenarios
                if s.name in ("json_full", "json_2000", "json_200", "sse_40k_plain", "sse_10k_plain") and self.jvm_ratios(s.name)) + ".")
        parts += ["## Processor time", self.cpu_table(), "## Latency at a light load", self.latency_table(), "## Memory, and idle", self.memory_table()]
        if a["missing"]:
            parts += ["Not measured: " + "; ".join(a["missing"])]
        return "\n\n".join(parts) + "\n"

    def json(self):
        return json.dumps({"about": self.about, "runs": self.runs, "idle_ms_per_second": self.idle, "memory": self.held,
                           "bars": [{"what": w, "limit": l, "values": v, "pass": bool(v) and median(v) <= l} for w, l, v in self.bars()]},
                          indent=1, ensure_ascii=False) + "\n"
