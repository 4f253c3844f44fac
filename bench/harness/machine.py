"""Processor time and memory of process trees, read from Linux itself, and what machine this is."""

import os
import platform
import resource
import signal
import socket
import subprocess
import time


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def raise_file_limit(wanted):
    """Lets this process and its children open `wanted` files; the number they may open in the end."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for top in (max(hard, wanted), hard):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, top), top))
            break
        except (ValueError, OSError):
            continue
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def _stat(pid):
    """(name, parent, ticks of children that have ended) of a process."""
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as f:
        text = f.read()
    name, rest = text[text.index("(") + 1 : text.rindex(")")], text[text.rindex(")") + 2 :].split()
    return name, int(rest[1]), int(rest[13]) + int(rest[14])


def tree(roots):
    """Every living process below the roots, themselves included: {pid: name}."""
    parents, names = {}, {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                names[int(entry)], parents[int(entry)], _ = _stat(entry)
            except OSError:
                continue
    found = set()
    for pid in names:
        at, path = pid, []
        while at in parents and at not in roots:
            path.append(at)
            at = parents[at]
        if at in roots:
            found.add(pid)
    return {pid: names[pid] for pid in found}


_TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pids):
    """
    Processor time of these processes with all their threads, ended ones too, and of their ended children.
    The kernel's per-process clock counts nanoseconds where /proc/PID/stat counts ticks of 10 ms.
    """
    total = 0.0
    for pid in pids:
        try:
            total += time.clock_gettime((~pid << 3) | 2) + _stat(pid)[2] / _TICK
        except OSError:
            continue
    return total


def memory_mb(pid):
    """(resident, proportional) MiB. Proportional shares each page among the processes that map it: it may be summed."""
    rss = pss = 0.0
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8") as f:
            rss = next((int(line.split()[1]) / 1024 for line in f if line.startswith("VmRSS:")), 0.0)
        with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as f:
            pss = next((int(line.split()[1]) / 1024 for line in f if line.startswith("Pss:")), rss)
    except OSError:
        pss = pss or rss
    return rss, pss


def stop(process, seconds=20):
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def busy_share(seconds=0.5):
    """Share of all processors in use right now, by whomever."""

    def times():
        with open("/proc/stat", encoding="utf-8") as f:
            n = [int(x) for x in f.readline().split()[1:9]]
        return n[3] + n[4], sum(n)

    idle, total = times()
    time.sleep(seconds)
    idle2, total2 = times()
    return 1 - (idle2 - idle) / max(1, total2 - total)


def describe():
    def first(path, key):
        try:
            with open(path, encoding="utf-8") as f:
                return next((line.split(":", 1)[1].strip() for line in f if line.startswith(key)), "?")
        except OSError:
            return "?"

    memory = first("/proc/meminfo", "MemTotal").split()
    return {
        "processor": first("/proc/cpuinfo", "model name"),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(int(memory[0]) / 1048576, 1) if memory[0].isdigit() else None,
        "kernel": platform.release(),
        "architecture": platform.machine(),
    }
