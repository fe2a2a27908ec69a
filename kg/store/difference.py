"""Floor 7: what two graphs do not share, statement by statement, in memory that does not grow.

Oxigraph keeps statements in an order of their content, the same in every store, so two graphs are
read side by side. Where they differ, each is asked whether it has the other's statement; so the
answer would be right in any order.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import BinaryIO

from pyoxigraph import Quad, RdfFormat, Store, parse

from kg.store import folders
from kg.store.snapshot import Graph

_BUFFER = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A statement that one graph has and the other has not, as a line of N-Quads with its end."""

    gained: bool
    line: bytes


def compare_statements(old: Graph, new: Graph) -> Iterator[Change]:
    """Yield the statements of `old` that `new` has not, and those of `new` that `old` has not.

    They come in an order that depends on the two graphs alone. Blank nodes are compared by their
    labels; named graphs without a statement are not seen.
    """
    with _lines(old) as old_lines, _lines(new) as new_lines:
        lost, gained = _Side(old_lines, new.store), _Side(new_lines, old.store)
        while lost.line or gained.line:
            if lost.line == gained.line:
                lost.advance()
                gained.advance()
                continue
            # Where both have both, the orders are not one, and each is passed by.
            stuck = lost.shared and gained.shared
            if lost.line and (stuck or not lost.shared):
                if not lost.shared:
                    yield Change(gained=False, line=lost.line)
                lost.advance()
            if gained.line and (stuck or not gained.shared):
                if not gained.shared:
                    yield Change(gained=True, line=gained.line)
                gained.advance()


def parse_line(line: bytes) -> Quad:
    """Return the statement of a line of N-Quads that Oxigraph wrote."""
    quads: list[Quad] = list(parse(line, RdfFormat.N_QUADS, lenient=True))
    return quads[0]


class _Side:
    """The statement that one graph has come to, and whether the other graph has it."""

    def __init__(self, lines: BinaryIO, other: Store) -> None:
        self._lines = lines
        self._other = other
        self._shared: bool | None = None
        self.line = lines.readline()

    @property
    def shared(self) -> bool:
        """Whether the other graph has it; at the end there is nothing that it has not."""
        if self._shared is None:
            self._shared = not self.line or parse_line(self.line) in self._other
        return self._shared

    def advance(self) -> None:
        self.line = self._lines.readline()
        self._shared = None


@contextmanager
def _lines(graph: Graph) -> Iterator[BinaryIO]:
    """Give a stream of a graph's statements, which a thread writes at the pace it is read."""
    reading, writing = os.pipe()
    failed: list[Exception] = []

    def dump() -> None:
        # Closing the stream is what tells the reader that this is all.
        try:
            with os.fdopen(writing, "wb", buffering=_BUFFER) as out:
                graph.store.dump(out, RdfFormat.N_QUADS)
        except (OSError, RuntimeError) as error:
            failed.append(error)

    thread = Thread(target=dump, name="dump", daemon=True)
    thread.start()
    try:
        with os.fdopen(reading, "rb", buffering=_BUFFER) as stream:
            yield stream
    finally:
        # A reader that stops early has broken the pipe, which ends the thread.
        thread.join()
    if failed:
        raise folders.damaged(graph.path.parents[1], f"{graph.generation}: {failed[0]}")
