"""What is done to each target, and what one run of it says."""

import http.client
import json
import subprocess
import time
import urllib.request
from dataclasses import dataclass, field

from . import machine

MODEL = "mock:gpt-4.1-mini"
_CHAT = {
    "model": MODEL,
    "messages": [
        {"role": "system", "content": "You are a careful assistant. Answer in one short paragraph, in plain words, without lists."},
        {
            "role": "user",
            "content": "What does an API gateway for language models do between the program that calls it and the company that "
            "runs the model, and which of its duties cost processor time for each request?",
        },
    ],
    "temperature": 0.2,
    "max_tokens": 256,
    "user": "user-4711",
}


def _body(**more):
    return json.dumps({**_CHAT, **more}, separators=(",", ":")).encode()


BODIES = {
    "json": _body(),
    "usage": _body(stream=True, stream_options={"include_usage": True}),
    "plain": _body(stream=True),
}


@dataclass
class Scenario:
    """One kind of load. `conns` connections; `rate` a second, or as fast as they go; the upstream as `upstream` says."""

    name: str
    title: str
    body: str
    seconds: float
    warmup: float
    conns: int
    rate: float = 0
    upstream: dict = field(default_factory=lambda: {"first_us": 0, "events": 20, "interval_us": 0})
    direct: bool = False  # also measured without a server between, for latencies

    @property
    def sse(self):
        return self.body != "json"

    @property
    def events_per_second(self):
        interval = self.upstream["interval_us"]
        return self.conns * 1e6 / interval if self.sse and interval and not self.rate else 0

    @property
    def expected_events(self):
        """Content chunks, the finish chunk, [DONE], and the usage chunk where the client asked for it."""
        return self.upstream["events"] + (3 if self.body == "usage" else 2)


def scenarios(scale):
    """The scenarios in the order they are run; `scale` shortens the measured time of each."""
    found = [
        Scenario("json_full", "JSON, full load, 64 connections", "json", 5 * scale, 1.5, 64),
        Scenario("json_2000", "JSON, 2 000/s", "json", 4 * scale, 1, 64, rate=2000),
        Scenario("json_200", "JSON, 200/s", "json", 5 * scale, 1, 64, rate=200),
        Scenario("json_light", "JSON, 20/s, upstream waits 10 ms", "json", 5 * scale, 0.5, 32, rate=20, direct=True,
                 upstream={"first_us": 10000, "events": 1, "interval_us": 0}),
    ]
    for body, says in (("usage", "usage asked for"), ("plain", "usage not asked for")):
        found += [
            Scenario(f"sse_40k_{body}", f"SSE, 200 streams × 5 ms, {says}", body, 4 * scale, 2, 200,
                     upstream={"first_us": 0, "events": 400, "interval_us": 5000}),
            Scenario(f"sse_10k_{body}", f"SSE, 10 000 events/s, {says}", body, 4 * scale, 2, 200,
                     upstream={"first_us": 0, "events": 100, "interval_us": 20000}),
            Scenario(f"sse_1k_{body}", f"SSE, 1 000 events/s, {says}", body, 4 * scale, 2, 20,
                     upstream={"first_us": 0, "events": 100, "interval_us": 20000}),
            Scenario(f"sse_light_{body}", f"SSE, 20 streams/s, upstream waits 10 ms, {says}", body, 5 * scale, 0.5, 64, rate=20,
                     direct=True, upstream={"first_us": 10000, "events": 10, "interval_us": 5000}),
        ]
    return found


class Runner:
    """Runs scenarios against targets through the load generator; keeps nothing."""

    def __init__(self, tools, folder, upstream_port):
        self.load, self.folder, self.upstream_port = tools / "load", folder, upstream_port
        for name, body in BODIES.items():
            (folder / f"{name}.body").write_bytes(body)

    def set_upstream(self, settings):
        query = "&".join(f"{k}={v}" for k, v in settings.items())
        urllib.request.urlopen(f"http://127.0.0.1:{self.upstream_port}/_set?{query}", timeout=10).read()

    def command(self, target, body, *more):
        headers = [part for header in target.headers for part in ("--header", header)]
        return [str(self.load), "--port", str(target.port), "--path", target.path, "--body", str(self.folder / f"{body}.body"),
                *headers, *map(str, more)]

    def answer(self, target, body):
        """(status, content type, whole body) of one call, as a client sees it."""
        connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=30)
        headers = {"Content-Type": "application/json", **dict(h.split(": ", 1) for h in target.headers)}
        connection.request("POST", target.path, BODIES[body], headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, (answer.getheader("content-type") or "").split(";")[0], content

    def check(self, target, direct):
        """What each body's answer is beside the upstream's own: "same bytes", "other bytes"; refuses anything but 200."""
        self.set_upstream({"first_us": 0, "events": 20, "interval_us": 1000})
        verdicts = {}
        for body in BODIES:
            status, kind, content = self.answer(target, body)
            if status != 200:
                raise RuntimeError(f"{target.name} answered {status} to {body}: {content[:400]!r}")
            verdicts[body] = "same bytes" if (status, kind, content) == self.answer(direct, body) else "other bytes"
        return verdicts

    def measure(self, target, scenario):
        """One run: processor time by part while the load was steady, and what the load generator counted."""
        self.set_upstream(scenario.upstream)
        expect = ["--expect", scenario.expected_events] if scenario.sse and target.keeps_events else []
        options = ["--conns", scenario.conns, "--warmup", scenario.warmup, "--seconds", scenario.seconds, *expect]
        if scenario.rate:
            options += ["--rate", scenario.rate]
        if scenario.sse:
            options.append("--sse")
        load = subprocess.Popen(self.command(target, scenario.body, *options), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            before = counted = None
            for line in load.stdout:
                if line == "start\n":
                    before = self.clocks(target)
                elif line.startswith("end "):
                    after = self.clocks(target)
                    counted = json.loads(line[4:])
            error = load.stderr.read()
            load.wait(30)
        finally:
            if load.poll() is None:
                load.kill()
        if before is None or counted is None:
            return {"failed": error.strip()[-300:] or "the load generator ended early"}
        used = {part: (after[part] - before.get(part, 0)) for part in after}
        tail = self.settle(target)
        return self.result(scenario, counted, used, tail)

    def result(self, scenario, counted, used, tail):
        units = counted["events"] if scenario.sse else counted["requests"]
        if not units:
            return {"failed": f"nothing was answered ({counted['example']})"}
        result = {
            "cpu_us": sum(used.values()) / units * 1e6,
            "cpu_us_parts": {part: seconds / units * 1e6 for part, seconds in used.items()},
            "cores": sum(used.values()) / counted["seconds"],
            "per_second": units / counted["seconds"],
            "tail_cpu_ms": tail * 1000,
            "latency_ms": {k: v / 1000 for k, v in counted["latency_us"].items() if k != "n"},
            "first_ms": {k: v / 1000 for k, v in counted["first_us"].items() if k != "n"},
            "errors": counted["errors"] + counted["warmup_errors"],
            "unsent": counted["unsent"],
        }
        if result["errors"]:
            result["failed"] = f"{result['errors']} errors, the first: {counted['example']}"
        elif counted["unsent"] > 0.01 * max(units, 100):
            result["failed"] = "could not keep up with the rate"
        return result

    def clocks(self, target):
        return {part: machine.cpu_seconds(pids) for part, pids in target.parts().items()}

    def settle(self, target, limit=15):
        """Waits until the target has nothing left to do (a journal to flush, say); the processor seconds this took."""
        if not target.parts():
            return 0.0
        start = last = sum(self.clocks(target).values())
        end = time.monotonic() + limit
        while time.monotonic() < end:
            time.sleep(0.25)
            now = sum(self.clocks(target).values())
            if now - last < 0.02 * 0.25 * 2:
                break
            last = now
        return last - start

    def idle(self, target, seconds):
        """Milliseconds of processor time a second while nobody calls."""
        before = sum(self.clocks(target).values())
        time.sleep(seconds)
        return (sum(self.clocks(target).values()) - before) * 1000 / seconds

    def hold(self, target, streams):
        """Memory with so many quiet streams open: each has its first event and waits for the next."""
        self.set_upstream({"first_us": 0, "events": 20, "interval_us": 600_000_000})
        before = self.memory(target)
        load = subprocess.Popen(self.command(target, "plain", "--hold", "--conns", streams), stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            line = load.stdout.readline()
            if line != "start\n":
                return {"failed": load.stderr.read()[-300:]}
            time.sleep(2)
            during = self.memory(target)
            load.stdin.close()
            counted = json.loads(load.stdout.readline()[4:])
            load.wait(30)
        finally:
            if load.poll() is None:
                load.kill()
        self.settle(target)
        result = {"streams": counted["requests"], "before_mb": before, "open_mb": during}
        if counted["requests"] != streams or counted["unsent"]:
            result["failed"] = f"{counted['requests']} of {streams} opened, {counted['unsent']} lost ({counted['example']})"
        return result

    def memory(self, target):
        """MiB by part. One process: resident. Several: the sum of proportional sizes, since they share pages."""
        found = {}
        for part, pids in target.parts().items():
            sizes = [machine.memory_mb(pid) for pid in pids]
            found[part] = round(sizes[0][0] if len(sizes) == 1 else sum(pss for _, pss in sizes), 1)
        return found
