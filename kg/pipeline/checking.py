"""Floor 9: what was built is validated: all of a small graph, some of a large one, what is new."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kg.pipeline.settings import Progress
from kg.store import open_graph

if TYPE_CHECKING:
    from kg.validation import Report

_WHOLE = 100_000
"""Up to this many statements, all of a graph that was built is validated (0.5 s)."""

_SAMPLE = 30
"""Of a larger one, so many nodes of each class: that costs a hundredth of the time of the build."""

_PHASE = 2000
"""The most nodes to look at of what one phase of an update changes."""

_PAIRS = 5
"""The most co-mentions: to count again what a frequent pair counts takes a tenth of a second."""


class Touched:
    """The nodes that an update changes, or takes something away from: up to some of each phase.

    `left_out` tells whether there were more.
    """

    def __init__(self) -> None:
        self._nodes: dict[str, None] = {}
        self.left_out = False

    def add(self, removed: Iterable[str], added: Iterable[str], *, pairs: bool = False) -> None:
        """Note the subjects of statements, and the objects of those that go; one phase's."""
        most = _PAIRS if pairs else _PHASE
        found: dict[str, None] = {}
        for line in added:
            found[line.partition(" ")[0]] = None
            if len(found) > most:
                break
        for line in removed:
            subject, _, rest = line.partition(" ")
            found[subject] = None
            value = rest.partition(" ")[2].rstrip(" .\n")
            if value.startswith("<"):
                found[value] = None
            if len(found) > 2 * most:
                break
        self.left_out |= len(found) > most
        self._nodes.update(dict.fromkeys(list(found)[:most]))

    def nodes(self) -> list[NamedNode]:
        """Return the nodes, in the order in which they were met."""
        return [NamedNode(each[1:-1]) for each in self._nodes]


def validate_build(folder: Path, statements: int, tell: Progress) -> "Report":
    """Validate a graph that was built just now: all of it, or some nodes of each class.

    Raises:
        StoreError: if the graph cannot be read.

    """
    from kg.validation import read_shapes, validate_store  # noqa: PLC0415

    tell("validating", 0, None)
    with open_graph(folder) as graph:
        sample = None if statements <= _WHOLE else _SAMPLE
        return validate_store(graph.store, read_shapes(), sample=sample)


def validate_update(folder: Path, touched: Touched, tell: Progress) -> "Report":
    """Validate what an update changed.

    Raises:
        StoreError: if the graph cannot be read.

    """
    from kg.validation import read_shapes, validate_store  # noqa: PLC0415

    tell("validating", 0, None)
    with open_graph(folder) as graph:
        report = validate_store(graph.store, read_shapes(), focus=touched.nodes())
    return replace(report, whole=not touched.left_out)
