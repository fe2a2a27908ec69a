"""What two graphs do not share, statement by statement."""

import random
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import pytest
from pyoxigraph import Store

from kg.errors import StoreError
from kg.store import difference, open_graph
from kg.store.difference import compare_statements
from tests.store.graphs import EX, build, change, statement, statements


def compare(old: Path, new: Path, old_generation: str = "") -> tuple[set[str], set[str]]:
    """Return what was lost and what was gained."""
    with open_graph(old, old_generation) as one, open_graph(new) as two:
        changes = list(compare_statements(one, two))
    lines = [(each.gained, each.line.decode().removesuffix("\n")) for each in changes]
    assert len(set(lines)) == len(lines)
    return {line for gained, line in lines if not gained}, {
        line for gained, line in lines if gained
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (range(0), range(0)),
        (range(5), range(5)),
        (range(0), range(5)),
        (range(5), range(0)),
        (range(5), range(5, 10)),
        (range(7), range(4, 12)),
    ],
)
def test_small_graphs(tmp_path: Path, old: range, new: range) -> None:
    build(tmp_path / "a.kg", statements(*old))
    build(tmp_path / "b.kg", statements(*new))
    lost, gained = compare(tmp_path / "a.kg", tmp_path / "b.kg")
    assert lost == statements(*old) - statements(*new)
    assert gained == statements(*new) - statements(*old)


def test_random_graphs(tmp_path: Path) -> None:
    chance = random.Random(11)
    graphs = [
        {
            statement(chance.randrange(3_000), chance.choice(["", "", "g", "h"]))
            for _ in range(2_000)
        }
        for _ in range(2)
    ]
    for name, lines in zip("ab", graphs, strict=True):
        build(tmp_path / name, lines)
    lost, gained = compare(tmp_path / "a", tmp_path / "b")
    assert lost == graphs[0] - graphs[1]
    assert gained == graphs[1] - graphs[0]


def test_generations_of_one_graph(tmp_path: Path) -> None:
    build(tmp_path, statements(*range(3_000)))
    change(tmp_path, removed=statements(5, 6), added=statements(-1))
    assert compare(tmp_path, tmp_path, "1") == (statements(5, 6), statements(-1))
    assert compare(tmp_path, tmp_path) == (set(), set())


def test_graphs_in_different_orders_are_compared_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were Oxigraph's order not the same in each store, the answer would be none the worse."""
    build(tmp_path / "a", statements(*range(40)))
    build(tmp_path / "b", statements(*range(30, 70)))

    class Shuffled(difference._Side):
        def __init__(self, lines: BinaryIO, other: Store) -> None:
            rest = lines.readlines()
            random.Random(len(rest)).shuffle(rest)
            self._rest = iter(rest)
            super().__init__(self, other)  # type: ignore[arg-type]

        def readline(self) -> bytes:
            return next(self._rest, b"")

    monkeypatch.setattr(difference, "_Side", Shuffled)
    lost, gained = compare(tmp_path / "a", tmp_path / "b")
    assert lost == statements(*range(30))
    assert gained == statements(*range(40, 70))


def test_literals_of_all_kinds(tmp_path: Path) -> None:
    odd = [
        f'<{EX}s> <{EX}p> "a\\nb\\"c\\u0001\U0001f9ec"@en-GB .',
        f'<{EX}s> <{EX}p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .',
        f'<{EX}s> <{EX}p> "2001-01-01"^^<http://www.w3.org/2001/XMLSchema#date> .',
        f"<{EX}é> <{EX}p> <{EX}a%20b> .",
    ]
    build(tmp_path / "a", statements(1))
    build(tmp_path / "b", [*statements(1), *odd])
    lost, gained = compare(tmp_path / "a", tmp_path / "b")
    assert (lost, len(gained)) == (set(), len(odd))
    assert compare(tmp_path / "b", tmp_path / "b") == (set(), set())


def test_reader_that_stops_early(tmp_path: Path) -> None:
    build(tmp_path / "a", statements(*range(30_000)))
    build(tmp_path / "b", statements(-1))
    with open_graph(tmp_path / "a") as one, open_graph(tmp_path / "b") as two:
        changes = compare_statements(one, two)
        assert len(list(islice(changes, 3))) == 3
        changes.close()  # type: ignore[attr-defined]


def test_damaged_graph_is_told(tmp_path: Path) -> None:
    build(tmp_path / "a", statements(*range(20_000)))
    build(tmp_path / "b", statements(1))
    for path in (tmp_path / "a").rglob("*.sst"):
        whole = path.read_bytes()
        path.write_bytes(b"\0" * (len(whole) // 2) + whole[len(whole) // 2 :])
    with pytest.raises(StoreError, match="is damaged"):
        compare(tmp_path / "a", tmp_path / "b")
