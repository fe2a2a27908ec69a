"""Floor 8: texts in their order, however many they are."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from heapq import merge
from itertools import groupby, islice
from tempfile import TemporaryFile
from typing import IO

# IRIs that are sorted at a time: some 40 MB.
RUN = 250_000


def in_order(texts: Iterable[str], *, run: int = 0) -> Iterator[str]:
    """Yield texts in their order, each once; no more than `run` (else `RUN`) are held.

    None may hold a line end.

    >>> list(in_order(["b", "c", "a", "b"], run=2))
    ['a', 'b', 'c']
    """
    remaining = iter(texts)
    run = run or RUN
    with ExitStack() as stack:
        runs: list[IO[str]] = []
        chunk = sorted(islice(remaining, run))
        while len(chunk) == run:
            file = stack.enter_context(TemporaryFile("w+", encoding="utf-8", newline="\n"))
            file.writelines(f"{text}\n" for text in chunk)
            file.seek(0)
            runs.append(file)
            chunk = sorted(islice(remaining, run))
        for text, _ in groupby(merge(chunk, *map(_lines, runs))):
            yield text


def _lines(file: Iterable[str]) -> Iterator[str]:
    return (line.removesuffix("\n") for line in file)
