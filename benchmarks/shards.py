"""What a sharded build costs, stage by stage: one line a figure.

    python -m benchmarks.shards pubmed21n1298.xml.gz [more files ...] [--citations 37000000]

The tasks run one after the other in this process, so that what each kind of them takes of a core is
told apart; a cluster divides it. What it comes to for `--citations` is printed behind each figure.
"""

import argparse
import resource
import sys
import tempfile
import time
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from kg.pipeline import build_shards
from kg.pipeline.counts import Counts
from kg.pipeline.joining import join_records
from kg.pipeline.shard_files import MANIFEST, read_json
from kg.pipeline.shard_tasks import count_bucket, counts_path
from kg.vocabulary.compiling import open_lexicon

_R = TypeVar("_R")
_PUBMED = 37_000_000


class Timing:
    """Runs tasks here, and adds up what each kind of them takes of a core, in seconds."""

    shares_lexicon = True

    def __init__(self) -> None:
        self.cpu: dict[str, float] = defaultdict(float)
        self.counts = self.pairs = 0

    def map(
        self, task: Callable[[Path, int], _R], folder: Path, numbers: Sequence[int]
    ) -> Iterator[tuple[int, _R]]:
        """Yield what a task makes of each number."""
        for number in numbers:
            if task == count_bucket and number == 0:
                self._weigh(folder)
            started = time.process_time()
            result = task(folder, number)
            self.cpu[task.__name__] += time.process_time() - started
            yield number, result

    def _weigh(self, folder: Path) -> None:
        """Look at what the tasks have left to be counted."""
        for path in sorted(counts_path(folder, 0).parent.iterdir()):
            self.counts += path.stat().st_size
            with Counts(path) as counts:
                for number in range(counts.buckets):
                    together = counts.bucket(number).together
                    self.pairs += sum(map(len, together.values()))


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--citations", type=int, default=_PUBMED)
    given = parser.parse_args()
    runner = Timing()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "shards"
        lexicon = open_lexicon()
        started = time.process_time()
        build_shards(given.files, folder, lexicon, runner)
        driver = time.process_time() - started - sum(runner.cpu.values())
        _report(folder, runner, driver, given.citations)
    print(f"peak memory of one process, MB  {_peak() / 1e6:,.0f}")
    _join(given.citations)
    print(f"peak memory with that, MB       {_peak() / 1e6:,.0f}")


def _peak() -> int:
    """Return the most memory that this process has held, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _report(folder: Path, runner: Timing, driver: float, citations: int) -> None:
    manifest = read_json(folder / MANIFEST, dict[str, Any])
    records = sum(each["records"] for each in manifest["inputs"])
    print(f"records                         {records:,}")
    for kind, seconds in runner.cpu.items():
        _print(f"{kind}, core-ms", 1000 * seconds / records, citations / 3.6e6, "core-hours")
    _print("the rest, core-ms", 1000 * driver / records, citations / 3.6e6, "core-hours")
    shards = sum(each["bytes"] for each in manifest["shards"])
    kept = sum(each["bytes"] for each in manifest["records"])
    _print("statements", manifest["quads"] / records, citations / 1e9, "thousand million")
    _print("shards, bytes", shards / records, citations / 1e9, "GB")
    _print("records, bytes", kept / records, citations / 1e9, "GB")
    _print("to be counted, bytes", runner.counts / records, citations / 1e9, "GB, for a while")
    _print("pairs to be counted", runner.pairs / records, citations / 1e9, "thousand million")


def _print(what: str, each: float, times: float, unit: str) -> None:
    print(f"{what + ' a record':<32}{each:,.2f}  {each * times:,.1f} {unit}")


def _join(records: int) -> None:
    """Join as many records, one in a hundred of which shares a key with the next."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "pairs"
        with path.open("wb") as stream:
            array("Q", (n for one in range(1, records, 100) for n in (one, one + 1))).tofile(stream)
        started = time.monotonic()
        joined = join_records(records, [path], Path(name) / "joined.sqlite")
        seconds = time.monotonic() - started
        print(f"joining {joined:,} of {records:,} records, seconds  {seconds:,.0f}")


if __name__ == "__main__":
    main()
