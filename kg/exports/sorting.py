"""Floor 8: lines in the order of their bytes, however many, in memory that does not grow with them.

The lines are parted into ranges that memory holds, and each range is sorted by itself.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from tempfile import TemporaryFile
from typing import IO

HELD = 24 << 20
"""Bytes of lines that are sorted in memory at a time; as objects they take about twice that."""

_RANGES = 100
"""The most ranges that lines are parted into at once; each is an open file."""

_SAMPLES = 50
"""Lines that are looked at for each range, to make the ranges about equal."""


def sort_lines(lines: IO[bytes], *, held: int = 0) -> Iterator[bytes]:
    r"""Yield the lines of a file, all of which end in a line feed, in the order of their bytes.

    `held` is the number of bytes (else `HELD`) that are held in memory at a time. This is a sort by
    samples: a line's range is known before all lines are, so that no line is compared with those of
    other ranges, as a merge of sorted pieces would; nearly all the time is spent in the list's own
    sort.

    >>> from io import BytesIO
    >>> list(sort_lines(BytesIO(b"c\nbb\na\nb\n"), held=4))
    [b'a\n', b'b\n', b'bb\n', b'c\n']
    """
    held = held or HELD
    size = lines.seek(0, 2)
    lines.seek(0)
    if size <= held:
        yield from sorted(lines)
        return
    cuts = _cuts(lines, size, min(_RANGES, size // held + 1))
    with ExitStack() as opened:
        ranges = [opened.enter_context(TemporaryFile()) for _ in range(len(cuts) + 1)]
        lines.seek(0)
        while some := lines.readlines(held // 2):
            some.sort()
            start = 0
            for cut, part in zip(cuts, ranges, strict=False):
                end = bisect_left(some, cut, start)
                part.writelines(some[start:end])
                start = end
            ranges[-1].writelines(some[start:])
        for part in ranges:
            # One that could not be parted holds the same line again and again.
            yield from sort_lines(part, held=held if part.tell() < size else size)
            part.close()


def sort_texts(texts: Iterable[str], *, held: int = 0) -> Iterator[str]:
    """Yield texts without line ends in the order of their characters, each once.

    >>> list(sort_texts(["b", "c", "a", "b"]))
    ['a', 'b', 'c']
    """
    with TemporaryFile() as file:
        file.writelines(f"{text}\n".encode() for text in texts)
        for line, _ in groupby(sort_lines(file, held=held)):
            yield line[:-1].decode()


def _cuts(lines: IO[bytes], size: int, ranges: int) -> list[bytes]:
    """Return where the ranges begin, but for the first, from lines at even distances."""
    samples = []
    for number in range(ranges * _SAMPLES):
        lines.seek(number * size // (ranges * _SAMPLES))
        if number:
            lines.readline()
        samples.append(lines.readline())
    samples.sort()
    return sorted({samples[number * _SAMPLES] for number in range(1, ranges)} - {b""})
