"""Speed of the endpoint: requests a second, and how long the slowest take; one line a figure.

    python -m benchmarks.endpoint GRAPH [--connections 1 8 64] [--seconds 5] \
        [--rdflib-endpoint PYTHON]
    python -m benchmarks.endpoint GRAPH --hostile

`kg serve`, all limits on, against `oxigraph serve-read-only` on the same store, and rdflib-endpoint
on its Oxigraph store where PYTHON is one that has it with oxrdflib and uvicorn. wrk sends the
requests: look-ups of one thing, joins such as a saved query has, and answers of 10,000 rows. No two
are the same, but those called "known", which `kg serve` may answer from memory. GRAPH is to hold a
million statements or more. Servers are asked in turn, each alone on the machine.

With `--hostile` queries without end and slow readers hold the server, and the time is told that
small queries take beside them.
"""

import argparse
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import requests
from pyoxigraph import QuerySolutions

from kg.namespaces import DCTERMS, KG
from kg.store import Graph, open_graph

_SAMPLES = 2_000
_MENTIONS = f"<{KG}mentions>"
_LUA = """
local bodies = {}
for line in io.lines("%s") do bodies[#bodies + 1] = line end
local known = %s
local count = 0
function init(args) math.randomseed(os.time() + tonumber(tostring({}):sub(8), 16) %% 1000000) end
function request()
  count = count + 1
  local body = bodies[math.random(#bodies)]
  if not known then body = body .. math.random(900000) end
  return wrk.format("GET", "%s?query=" .. body)
end
local threads = {}
function setup(thread) threads[#threads + 1] = thread end
function response(status) if status ~= 200 then wrong = (wrong or 0) + 1 end end
function done(summary, latency)
  local wrong = 0
  for _, thread in ipairs(threads) do wrong = wrong + (thread:get("wrong") or 0) end
  local errors = summary.errors
  local failed = wrong + errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format("FIGURES %%d %%f %%f %%f %%d\\n", summary.requests,
    summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, failed))
end
"""
_RDFLIB = """
import sys, uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint
graph = Dataset(store="Oxigraph", default_union=False)
graph.open(sys.argv[1], create=False)
uvicorn.run(SparqlEndpoint(graph=graph), host="127.0.0.1", port=int(sys.argv[2]), log_level="error")
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that runs: its name and the address that takes queries."""

    name: str
    endpoint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What wrk saw: requests a second, milliseconds, and how many failed."""

    rate: float
    median: float
    slowest: float
    failed: int


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("graph", type=Path)
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rdflib-endpoint", type=Path, metavar="PYTHON")
    parser.add_argument("--hostile", action="store_true")
    given = parser.parse_args()
    if given.hostile:
        _be_hostile(given.graph)
        return
    if shutil.which("wrk") is None:
        parser.error("wrk is needed: apt-get install wrk")
    with open_graph(given.graph) as graph:
        print(f"statements {graph.manifest['quads']:,}")
        queries = _make_queries(graph)
        _compare(given, graph, queries)


def _compare(given: argparse.Namespace, graph: Graph, queries: dict[str, list[str]]) -> None:
    servers = {
        "oxigraph": lambda: _oxigraph(graph),
        "kg": lambda: serve_kg(given.graph),
    }
    if given.rdflib_endpoint is not None:
        servers["rdflib-endpoint"] = lambda: _rdflib_endpoint(graph, given.rdflib_endpoint)
    seen: dict[tuple[str, int], float] = {}
    print(f"{'':24}{'conn.':>6} {'server':16}{'req/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'failed':>8}")
    for kind, texts in queries.items():
        for connections in given.connections:
            for name, start in servers.items():
                with start() as server:
                    figures = _load(
                        server, texts, connections, given.seconds, known="known" in kind
                    )
                seen[name, connections] = figures.rate
                base = seen["oxigraph", connections]
                print(
                    f"{kind:24}{connections:>6} {name:16}{figures.rate:>9,.1f}"
                    f"{figures.median:>9,.2f}{figures.slowest:>9,.1f}{figures.failed:>8}"
                    + (f"   {figures.rate / base:.2f} of oxigraph" if base else ""),
                    flush=True,
                )


def _make_queries(graph: Graph) -> dict[str, list[str]]:
    """Return queries by kind, each open at its end for a number that makes it another."""
    chance = random.Random(1)

    def column(query: str) -> list[str]:
        rows = graph.query(query)
        assert isinstance(rows, QuerySolutions)
        return [str(row[0]) for row in rows]

    papers = column(f"SELECT ?s {{ ?s <{DCTERMS}title> ?o }}")
    entities = column(
        f"SELECT ?e {{ ?e a ?t . ?p {_MENTIONS} ?e }} GROUP BY ?e "
        "HAVING (COUNT(*) >= 5 && COUNT(*) <= 500)"
    )
    look_ups = [
        f"SELECT ?p ?o WHERE {{ {each} ?p ?o }} LIMIT 1"
        for each in chance.sample(papers, min(_SAMPLES, len(papers)))
    ]
    joins = [
        f"SELECT ?paper ?title ?year WHERE {{ ?paper {_MENTIONS} {each} ; "
        f"<{DCTERMS}title> ?title . OPTIONAL {{ ?paper <{KG}year> ?year }} }} LIMIT 1"
        for each in chance.sample(entities, min(_SAMPLES, len(entities)))
    ]
    rows = [
        f"SELECT ?mention ?exact ?entity WHERE {{ ?mention <{KG}exact> ?exact ; "
        f"<{KG}refersTo> ?entity }} LIMIT 10000 # {number} "
        for number in range(20)
    ]
    return {
        "look-up": look_ups,
        "look-up, known": look_ups[:200],
        "join": joins,
        "join, known": joins[:200],
        "10,000 rows": rows,
    }


def _load(
    server: Server, texts: Sequence[str], connections: int, seconds: int, *, known: bool
) -> Figures:
    place = urlsplit(server.endpoint)
    with tempfile.TemporaryDirectory() as name:
        bodies = Path(name, "bodies")
        suffix = "00000" if known else "0"
        bodies.write_text("".join(f"{quote(text + suffix)}\n" for text in texts))
        script = Path(name, "requests.lua")
        script.write_text(_LUA % (bodies, str(known).lower(), place.path))
        command = ["wrk", "-t", "1", "-c", str(connections), "--timeout", "60s", "-s", str(script)]
        command += ["-H", "Accept: application/sparql-results+json"]
        base = f"{place.scheme}://{place.netloc}"
        # Once to warm up: files are read, workers are there.
        subprocess.run([*command, "-d", "1s", base], check=True, capture_output=True)
        done = subprocess.run(
            [*command, "-d", f"{seconds}s", base], check=True, capture_output=True, text=True
        )
    found = re.search(r"FIGURES (\S+) (\S+) (\S+) (\S+) (\S+)", done.stdout)
    assert found is not None, done.stdout
    count, took, median, slowest, failed = map(float, found.groups())
    return Figures(rate=count / took, median=median, slowest=slowest, failed=int(failed))


@contextmanager
def _running(command: Sequence[str], name: str, endpoint: str) -> Iterator[Server]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                if requests.get(endpoint, params={"query": "ASK {}"}, timeout=5).ok:
                    break
            except requests.ConnectionError:
                assert process.poll() is None, f"{name} has ended"
            assert time.monotonic() < until, f"{name} does not answer"
            time.sleep(0.1)
        time.sleep(0.5)
        yield Server(name=name, endpoint=endpoint)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            # A peer that is still at the answers that nobody waits for.
            process.kill()
            process.wait()


@contextmanager
def serve_kg(folder: Path, *options: str) -> Iterator[Server]:
    """Serve a graph until the block ends."""
    port = _free_port()
    command = [sys.executable, "-m", "kg", "serve", "-g", str(folder), "--port", str(port)]
    endpoint = f"http://127.0.0.1:{port}/sparql"
    with _running([*command, *options], "kg", endpoint) as server:
        yield server


@contextmanager
def _oxigraph(graph: Graph) -> Iterator[Server]:
    port = _free_port()
    binary = str(Path(sys.executable).with_name("oxigraph"))
    command = [binary, "serve-read-only", "--location", str(graph.path / "store")]
    command += ["--bind", f"127.0.0.1:{port}"]
    with _running(command, "oxigraph", f"http://127.0.0.1:{port}/query") as server:
        yield server


@contextmanager
def _rdflib_endpoint(graph: Graph, python: Path) -> Iterator[Server]:
    port = _free_port()
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name, "store")
        # It opens for writing only, which the store of a generation is not for.
        graph.store.backup(str(copy))
        command = [str(python), "-c", _RDFLIB, str(copy), str(port)]
        with _running(command, "rdflib-endpoint", f"http://127.0.0.1:{port}/") as server:
            yield server


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


_ENDLESS = {
    "nothing else": "",
    "cross products": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "endless paths": "SELECT (COUNT(*) AS ?n) { ?a !<urn:x>* ?b }",
    "ORDER BY of all": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c",
    "REGEX on all": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c FILTER(REGEX(STR(?c), '(a*)*(.)+1$')) }",
    "slow readers": "SELECT * { ?a ?b ?c . ?d ?e ?f }",
}


def _be_hostile(folder: Path) -> None:
    """Tell how long small queries take while others hold the server."""
    with open_graph(folder) as graph:
        queries = _make_queries(graph)
    with serve_kg(folder, "--timeout", "10") as server:
        for what, endless in _ENDLESS.items():
            times: dict[str, list[float]] = {"look-up": [], "join": []}
            with ExitStack() as held:
                for number in range(16 if endless else 0):
                    # Each of the clients has an address of its own.
                    source = f"127.0.1.{number + 1}" if sys.platform == "linux" else ""
                    held.enter_context(_asked(server, endless, source))
                until = time.monotonic() + 12
                wrong = 0
                while time.monotonic() < until:
                    for kind, seen in times.items():
                        text = f"{random.choice(queries[kind])}{random.randrange(10**6)}"
                        begun = time.monotonic()
                        answer = requests.get(server.endpoint, params={"query": text}, timeout=60)
                        wrong += not answer.ok
                        seen.append(time.monotonic() - begun)
            for kind, seen in times.items():
                print(
                    f"{kind:8} beside {what:16} p50 {statistics.median(seen) * 1000:7.1f} ms   "
                    f"slowest {max(seen) * 1000:7.1f} ms   {len(seen):6} asked   {wrong} refused",
                    flush=True,
                )


@contextmanager
def _asked(server: Server, query: str, source: str) -> Iterator[None]:
    """Ask a query again and again, and read nothing of the answers but their beginnings."""
    stopped = threading.Event()
    place = urlsplit(server.endpoint)
    head = f"GET {place.path}?query={quote(query)} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".encode()

    def ask() -> None:
        while not stopped.is_set():
            try:
                address = (str(place.hostname), int(place.port or 0))
                with socket.create_connection(address, source_address=(source, 0)) as client:
                    client.settimeout(1)
                    client.sendall(head)
                    while not stopped.is_set():
                        try:
                            if not client.recv(100):
                                break
                        except TimeoutError:
                            continue
                        time.sleep(0.5)
            except OSError:
                time.sleep(0.1)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


if __name__ == "__main__":
    main()
