"""Speed of building, memory and loading: one line a figure.

    python -m benchmarks.build pubmed21n1298.xml.gz [--files 1 2 4] [--loads 1000000 10000000]

The file is PubMed XML. For more files than one, copies of it are made with other identifiers and
titles, so that no paper of one is a paper of another. Loading is compared with `oxigraph load`, of
the same version, on the same N-Triples in the same run; "in order" is what a build does, which puts
the store in order for queries, against that and `oxigraph optimize`.
"""

import argparse
import gzip
import math
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from shutil import which

from pyoxigraph import DefaultGraph, QuerySolutions, RdfFormat

from kg.store import Graph, open_graph, write_generation

_POLL = 0.2
_PMID = re.compile(rb"(<PMID[^>]*>|IdType=\"pubmed\">)(\d+)")
_OTHER_ID = re.compile(rb"(IdType=\"(?:doi|pmc|pii)\">|EIdType=\"(?:doi|pii)\"[^>]*>)")
_TITLE = re.compile(rb"<ArticleTitle[^>]*>")
_ABSTRACTS = """
    SELECT (COUNT(DISTINCT ?paper) AS ?count) {
        ?sentence <https://w3id.org/litkg/ontology#field> "abstract" ;
            <https://w3id.org/litkg/ontology#inPublication> ?paper }
"""


@dataclass(frozen=True, slots=True)
class Run:
    """A command that was run: seconds of wall clock and of all cores, and the peak of its memory.

    The memory, in bytes, is what its processes hold at one time, all together; pages that they
    share are counted once for each.
    """

    seconds: float
    cpu: float
    peak: int


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--files", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--loads", type=int, nargs="*", default=[1_000_000, 10_000_000])
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [given.file]
        files += [_copy(given.file, n, folder) for n in range(1, max(given.files, default=1))]
        sizes, times = [], []
        for count in given.files:
            graph = folder / f"{count}.kg"
            run = _build(files[:count], graph, given.jobs)
            papers = _report(graph, count, run)
            sizes.append(papers)
            times.append(run.seconds)
        if len(sizes) > 1:
            print(f"build exponent of time over papers  {_slope(sizes, times):.2f}")
        for triples in given.loads:
            _compare_loads(folder, max(given.files), triples)


def _copy(path: Path, number: int, folder: Path) -> Path:
    """Write a copy of the file whose papers are others."""
    target = folder / f"copy{number}.xml.gz"
    shift = number * 100_000_000
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    data = _PMID.sub(lambda match: match[1] + b"%d" % (int(match[2]) + shift), data)
    data = _OTHER_ID.sub(rb"\g<1>10.9999/%d." % number, data)
    data = _TITLE.sub(lambda match: match[0] + b"Copy %d: " % number, data)
    target.write_bytes(gzip.compress(data, 1))
    return target


def _build(files: Sequence[Path], graph: Path, jobs: int) -> Run:
    command = [sys.executable, "-m", "kg", "build", *map(str, files)]
    return _watch([*command, "-o", str(graph), "--jobs", str(jobs)])


def _watch(command: Sequence[str]) -> Run:
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak, cpu = 0, 0.0
    seen: dict[int, float] = {}
    while process.poll() is None:
        tree = _tree(process.pid)
        peak = max(peak, sum(_memory(pid) for pid in tree))
        seen |= {pid: _cpu(pid) for pid in tree}
        time.sleep(_POLL)
    seconds = time.monotonic() - started
    cpu = sum(seen.values())
    said = process.communicate()[1].decode()
    if process.returncode not in (0, 3):
        raise SystemExit(f"{' '.join(command)} failed:\n{said}")
    return Run(seconds, cpu, peak)


def _tree(pid: int) -> list[int]:
    """Return a process and all below it."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(path.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def _memory(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    except (OSError, IndexError):
        return 0


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / 100


def _report(folder: Path, count: int, run: Run) -> int:
    with open_graph(folder) as graph:
        counts = graph.manifest["counts"]
        papers, quads = int(counts["papers"]), int(graph.manifest["quads"])
        abstracts = _abstracts(graph)
    start = f"build files={count}"
    print(f"{start} papers                {papers:,}")
    print(f"{start} abstracts             {abstracts:,}")
    print(f"{start} seconds               {run.seconds:.1f}")
    print(f"{start} papers a second       {papers / run.seconds:.0f}")
    print(f"{start} CPU-ms a paper        {1000 * run.cpu / papers:.2f}")
    print(f"{start} triples               {quads:,}")
    print(f"{start} triples an abstract   {quads / abstracts:.0f}")
    print(f"{start} peak memory, MB       {run.peak / 1e6:.0f}", flush=True)
    return papers


def _abstracts(graph: Graph) -> int:
    rows = graph.query(_ABSTRACTS)
    assert isinstance(rows, QuerySolutions)
    return int(next(iter(rows))["count"].value)


def _slope(sizes: Sequence[int], times: Sequence[float]) -> float:
    """Return the exponent of a power law by least squares on the logarithms."""
    xs, ys = [math.log(size) for size in sizes], [math.log(each) for each in times]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / sum(
        (x - mean_x) ** 2 for x in xs
    )


def _compare_loads(folder: Path, files: int, triples: int) -> None:
    """Print how fast a store is filled, by the loader of a build and by `oxigraph load`."""
    source = folder / "all.nt"
    if not source.exists():
        with open_graph(folder / f"{files}.kg") as graph, source.open("wb") as stream:
            graph.store.dump(stream, RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    some = folder / f"{triples}.nt"
    with source.open("rb") as lines, some.open("wb") as stream:
        count = sum(1 for line in islice(lines, triples) if stream.write(line))
    if count < triples:
        print(f"load {triples:,} triples: only {count:,} are there; give more --files")
        return
    oxigraph = Path(sys.executable).with_name("oxigraph")
    server = str(oxigraph) if oxigraph.exists() else which("oxigraph") or "oxigraph"
    best: dict[tuple[str, str], float] = {}
    for turn in range(2):
        for name in ("kg", "oxigraph"):
            target = folder / f"{name}-{triples}-{turn}"
            times = [time.monotonic()]
            if name == "kg":
                with write_generation(target, build_hash="0" * 12) as writer:
                    writer.load(_chunks(some))
                    times.append(time.monotonic())
                    writer.finish({"quads": count})
                    times.append(time.monotonic())
            else:
                place = ["--location", str(target)]
                for words in (["load", "--lenient", "--file", str(some)], ["optimize"]):
                    subprocess.run([server, *words, *place], check=True, capture_output=True)
                    times.append(time.monotonic())
            for what, until in (("loaded", times[1]), ("in order", times[2])):
                seconds = until - times[0]
                best[what, name] = min(best.get((what, name), seconds), seconds)
    some.unlink()
    for what in ("loaded", "in order"):
        ours, theirs = best[what, "kg"], best[what, "oxigraph"]
        print(
            f"load {triples:,} {what:<9} kg {count / ours:,.0f} triples/s, oxigraph "
            f"{count / theirs:,.0f}, ratio {theirs / ours:.2f}",
            flush=True,
        )


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while lines := list(islice(stream, 50_000)):
            yield b"".join(lines)


if __name__ == "__main__":
    main()
