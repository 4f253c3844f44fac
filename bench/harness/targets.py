"""What is measured: each target knows how to start, where to call it, and which processes are its own."""

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import machine


class Missing(Exception):
    """A target that cannot be had here, with what would help."""


def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


class Target:
    """One server under test. `port`, `headers` and `path` are how to call it once `start` has returned."""

    name = ""
    path = "/v1/chat/completions"
    # A stream that is relayed event by event has as many events as the upstream sent.
    keeps_events = True
    # Loads with more events a second than this are not tried: they would only time out.
    most_events = 1_000_000

    def __init__(self, bench, folder, upstream_port):
        self.bench, self.folder, self.upstream_port = bench, folder, upstream_port
        self.port = machine.free_port()
        self.headers = ["Authorization: Bearer sk-bench-0123456789abcdefghijklmnopqrstuvwxyz"]
        self.process, self.version, self.workers = None, "", ""

    def start(self):
        raise NotImplementedError

    def stop(self):
        if self.process:
            machine.stop(self.process)

    def roots(self):
        return {self.process.pid}

    def parts(self):
        """The target's processes now, by part: {"nginx": [pid, ...]}."""
        return {self.name: list(machine.tree(self.roots()))}

    def spawn(self, command, **options):
        log = open(self.folder / f"{self.name}.log", "wb")
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options)

    def await_ready(self, path, seconds, ok=(200,)):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise Missing(f"{self.name} ended with {self.process.returncode}: {self.log_tail()}")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                    if answer.status in ok:
                        return
            except urllib.error.HTTPError as e:
                if e.code in ok:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise Missing(f"{self.name} was not ready after {seconds} s: {self.log_tail()}")

    def log_tail(self):
        return (self.folder / f"{self.name}.log").read_text(errors="replace")[-1500:]


class Direct(Target):
    """The upstream itself, called without anything between: what the clients and the machine cost in latency."""

    name = "direct"

    def start(self):
        self.port = self.upstream_port

    def parts(self):
        return {}


class Nginx(Target):
    """The reference: proxy_pass with a keep-alive pool, no buffering, as many workers as processors, no access log."""

    name = "nginx"

    def start(self):
        if not shutil.which("nginx") and os.geteuid() == 0 and shutil.which("apt-get"):
            run(["apt-get", "update", "-qq"])
            run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "nginx-light"])
        if not shutil.which("nginx"):
            raise Missing("nginx is not installed (Debian: apt-get install nginx-light)")
        self.version = run(["nginx", "-v"]).stderr.strip().split("/")[-1]
        workers = max(1, len(os.sched_getaffinity(0)))
        self.workers = f"{workers} workers"
        configuration = self.folder / "nginx.conf"
        configuration.write_text(f"""
daemon off; worker_processes {workers}; worker_rlimit_nofile 65536; pid {self.folder}/nginx.pid;
error_log {self.folder}/nginx-error.log warn;
events {{ worker_connections 32768; multi_accept on; }}
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 1h; tcp_nodelay on;
  client_body_temp_path {self.folder}/nginx-body; proxy_temp_path {self.folder}/nginx-proxy;
  fastcgi_temp_path {self.folder}/nginx-f; uwsgi_temp_path {self.folder}/nginx-u; scgi_temp_path {self.folder}/nginx-s;
  upstream model {{ server 127.0.0.1:{self.upstream_port}; keepalive 1024; keepalive_requests 1000000000; keepalive_timeout 1h; }}
  server {{
    listen 127.0.0.1:{self.port} reuseport backlog=4096;
    location / {{
      proxy_pass http://model; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_buffering off; proxy_read_timeout 1h; client_max_body_size 20m;
    }}
  }}
}}
""")
        self.spawn(["nginx", "-p", str(self.folder), "-c", str(configuration)])
        self.await_ready("/v1/models", 10)


class Gateway(Target):
    """MixGateway as a user runs it: the launcher, a data folder, the embedded PostgreSQL, authentication and money on."""

    name = "gateway"

    def start(self):
        root = Path(self.bench.options.gateway).resolve()
        launcher, data = root / "mixgateway", self.folder / "data"
        if not launcher.exists():
            raise Missing(f"no launcher at {launcher}")
        configuration = self.folder / "mixgateway.yaml"
        configuration.write_text(f"""providers:
  mock:
    dialect: openai
    base-url: http://127.0.0.1:{self.upstream_port}/v1
    api-key: sk-upstream-0123456789
    models:
      - id: gpt-4.1-mini
        price: {{input: 0.40, cached-input: 0.10, output: 1.60}}
        context: 128000
        max-output: 16384
""")
        options = ["--data", str(data), "--config", str(configuration)]
        began = time.monotonic()
        self.spawn([str(launcher), "serve", "--port", str(self.port), *options], cwd=self.folder)
        self.data = data
        self.await_ready("/readyz", 900)
        self.start_seconds = time.monotonic() - began
        first = self.first_run(data / "first-run.json")
        self.headers = [f"Authorization: Bearer {first['api_key']}"]
        granted = run([str(launcher), "credits", "grant", *options[:2], "--account", first["account"], "--amount", "1000000.00",
                       "--reason", "bench", "--json"], cwd=self.folder)
        if granted.returncode:
            raise Missing(f"credits grant failed: {granted.stdout[-500:]} {granted.stderr[-500:]}")
        head = run(["git", "-C", str(root), "describe", "--always", "--dirty"]).stdout.strip()
        self.version = head
        command = self._java_command()
        flags = [a for a in command if a.startswith(("-X", "-D")) or a in ("--enable-native-access=ALL-UNNAMED",)]
        self.workers = " ".join(f for f in flags if f.startswith("-X") and "AOT" not in f and "/" not in f)

    def first_run(self, file):
        end = time.monotonic() + 30
        while not file.exists() and time.monotonic() < end:
            time.sleep(0.1)
        if not file.exists():
            raise Missing(f"{file.name} was not written: {self.log_tail()}")
        return json.loads(file.read_text())

    def _java_command(self):
        for pid, name in machine.tree(self.roots()).items():
            if name == "java":
                return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
        return []

    def roots(self):
        """The launcher's tree, and PostgreSQL wherever its data folder says that it runs."""
        found = {self.process.pid}
        for file in [*self.data.glob("*/postmaster.pid"), *self.data.glob("*/*/postmaster.pid")]:
            found.add(int(file.read_text().split()[0]))
        return found

    def parts(self):
        parts = {"jvm": [], "postgres": []}
        for pid, name in machine.tree(self.roots()).items():
            parts["postgres" if name.startswith(("postgres", "pg_")) else "jvm"].append(pid)
        return parts

    def stop(self):
        roots = self.roots() if self.process else set()
        super().stop()
        for pid in roots - {self.process.pid if self.process else 0}:
            try:
                os.kill(pid, signal.SIGINT)
            except OSError:
                pass


class LiteLlm(Target):
    """LiteLLM's proxy from PyPI, one worker (its default), a master key, no database."""

    name = "litellm"
    keeps_events = False
    most_events = 1_000

    def start(self):
        folder = self.bench.tools / "litellm"
        program = folder / "bin" / "litellm"
        if not program.exists():
            made = run(["python3", "-m", "venv", str(folder)])
            made = made if made.returncode else run([str(folder / "bin/pip"), "install", "-q", "litellm[proxy]"])
            if made.returncode or not program.exists():
                shutil.rmtree(folder, ignore_errors=True)
                raise Missing(f"litellm could not be installed: {made.stderr[-300:]}")
        listing = run([str(folder / "bin/pip"), "show", "litellm"]).stdout
        self.version = next((line.split()[1] for line in listing.splitlines() if line.startswith("Version:")), "?")
        self.workers = "1 worker"
        configuration = self.folder / "litellm.yaml"
        configuration.write_text(f"""model_list:
  - model_name: "mock:gpt-4.1-mini"
    litellm_params: {{model: openai/gpt-4.1-mini, api_base: "http://127.0.0.1:{self.upstream_port}/v1", api_key: sk-upstream}}
general_settings: {{master_key: sk-bench-0123456789abcdefghijklmnopqrstuvwxyz}}
litellm_settings: {{telemetry: false, num_retries: 0}}
""")
        environment = dict(os.environ, LITELLM_LOCAL_MODEL_COST_MAP="True", LITELLM_LOG="ERROR", LITELLM_TELEMETRY="False")
        self.spawn([str(program), "--config", str(configuration), "--host", "127.0.0.1", "--port", str(self.port)],
                   env=environment, cwd=self.folder)
        self.await_ready("/health/liveliness", 120)


class Portkey(Target):
    """Portkey's open gateway from npm. It checks no key and counts no money."""

    name = "portkey"
    keeps_events = False
    most_events = 10_000

    def start(self):
        folder = self.bench.tools / "portkey"
        package = folder / "node_modules/@portkey-ai/gateway"
        if not package.exists():
            if not shutil.which("npm"):
                raise Missing("portkey needs node and npm")
            folder.mkdir(parents=True, exist_ok=True)
            made = run(["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(folder), "@portkey-ai/gateway"])
            if made.returncode or not package.exists():
                raise Missing(f"portkey could not be installed: {made.stderr[-300:]}")
        self.version = json.loads((package / "package.json").read_text())["version"]
        self.workers = "1 process"
        self.headers = [*self.headers, "x-portkey-provider: openai", f"x-portkey-custom-host: http://127.0.0.1:{self.upstream_port}/v1"]
        preload = str(self.bench.here / "src" / "portkey-preload.mjs")
        self.spawn(["node", "--import", preload, str(package / "build/start-server.js"), "--headless", f"--port={self.port}"],
                   cwd=self.folder, env=dict(os.environ, NODE_ENV="production"))
        self.await_ready("/", 30, ok=(200, 404))


KINDS = {kind.name: kind for kind in (Direct, Nginx, Gateway, LiteLlm, Portkey)}
