"""Writers that are killed at random instants: the graph is the old or the new one, and whole."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from kg.store import folders, update_graph
from tests.store.graphs import build, content, statement, statements
from tests.store.killable import KillableWriter, Order

SIZE = 1_000
KILLS = 30


@dataclass(frozen=True)
class State:
    """What a generation is to hold: the numbers of its statements, and what was written on top."""

    files: frozenset[int]
    deleted: frozenset[int] = frozenset()
    inserted: frozenset[int] = frozenset()

    @property
    def lines(self) -> set[str]:
        return statements(*((self.files - self.deleted) | self.inserted))


@pytest.fixture(scope="module")
def writer() -> Iterator[KillableWriter]:
    with KillableWriter() as opened:
        yield opened


def make_order(op: str, state: State, number: int) -> tuple[Order, State]:
    """Return an order, and the state that it makes of another. Numbers are not used twice."""
    some = sorted(state.files)[:50]
    first = 10_000 * (number + 1)
    new = range(first, first + 100)
    if op == "build":
        files = frozenset(range(first, first + SIZE))
        return {"op": op, "lines": sorted(statements(*files))}, replace(state, files=files)
    if op == "apply":
        order = {"op": op, "removed": sorted(statements(*some)), "added": sorted(statements(*new))}
        return order, replace(state, files=(state.files - set(some)) | set(new))
    inserted = " ".join(statements(*new))
    deleted = " ".join(statements(*some))
    order = {"op": "update", "text": f"DELETE DATA {{ {deleted} }} ; INSERT DATA {{ {inserted} }}"}
    return order, replace(
        state, deleted=state.deleted | set(some), inserted=state.inserted | set(new)
    )


def check(folder: Path, states: dict[str, State], expected: State) -> bool:
    """Check that a graph is as it was or as expected; note what it is; tell whether it is new."""
    name = folders.read_current(folder)
    is_new = name not in states
    state = states.setdefault(name, expected)
    assert content(folder) == state.lines
    return is_new


def write_more(folder: Path, states: dict[str, State], number: int) -> None:
    """Make sure that the next write works, and leaves nothing behind."""
    state = states[folders.read_current(folder)]
    name = update_graph(folder, f"INSERT DATA {{ {statement(-number - 1)} }}").generation
    states[name] = replace(state, inserted=state.inserted | {-number - 1})
    assert content(folder) == states[name].lines
    assert not list(folder.rglob("*.unfinished"))


def test_killed_at_random_instants(tmp_path: Path, writer: KillableWriter) -> None:
    folder = tmp_path / "il7.kg"
    chance = random.Random(20)
    files = frozenset(range(SIZE))
    states = {build(folder, statements(*files)).name: State(files=files)}
    ops = ("build", "apply", "update")
    calls: dict[str, int] = {}
    for number, op in enumerate(ops):
        order, expected = make_order(op, states[folders.read_current(folder)], number)
        killed, calls[op] = writer.write(folder, order)
        assert not killed
        assert check(folder, states, expected)
    killed_ones = 0
    for number in range(len(ops), len(ops) + KILLS):
        op = ops[number % len(ops)]
        order, expected = make_order(op, states[folders.read_current(folder)], number)
        if number % 4:
            order["at"] = chance.randrange(calls[op])
        else:
            order["delay"] = chance.random() * 0.2
        killed, _ = writer.write(folder, order)
        killed_ones += killed
        check(folder, states, expected)
        write_more(folder, states, number)
    assert killed_ones > KILLS * 2 / 3


# In the order in which a write comes to them: a function, whether it is not begun, and whether the
# new generation is live then.
STEPS = [
    ("settle", False, False),
    ("write_synced", False, False),
    ("sync_tree", False, False),
    ("replace_current", True, False),
    ("replace_current", False, True),
    ("prune", True, True),
]


@pytest.mark.parametrize("op", ["build", "apply", "update"])
@pytest.mark.parametrize(("call", "before", "is_new"), STEPS)
def test_killed_at_each_step(
    tmp_path: Path, writer: KillableWriter, op: str, call: str, before: bool, is_new: bool
) -> None:
    folder = tmp_path / "il7.kg"
    files = frozenset(range(100))
    states = {build(folder, statements(*files)).name: State(files=files)}
    order, expected = make_order(op, State(files=files), 1)
    killed, _ = writer.write(folder, {**order, "call": call, "before": before})
    assert killed
    assert check(folder, states, expected) is is_new
    write_more(folder, states, 1)


@pytest.mark.parametrize(("call", "switched"), [("write_synced", False), ("sync_folder", True)])
def test_roll_back_that_is_killed(
    tmp_path: Path, writer: KillableWriter, call: str, switched: bool
) -> None:
    folder = tmp_path / "il7.kg"
    states = {
        build(folder, statements(*numbers)).name: State(files=frozenset(numbers))
        for numbers in (range(5), range(9))
    }
    killed, _ = writer.write(folder, {"op": "rollback", "call": call, "before": False})
    assert killed
    assert folders.sequence_of(folders.read_current(folder)) == (1 if switched else 2)
    write_more(folder, states, 1)


def test_first_update_of_a_graph_is_killed_often(tmp_path: Path, writer: KillableWriter) -> None:
    folder = tmp_path / "il7.kg"
    files = frozenset(range(100))
    states = {build(folder, statements(*files)).name: State(files=files)}
    chance = random.Random(3)
    for _ in range(10):
        order, expected = make_order("update", State(files=files), 1)
        writer.write(folder, {**order, "at": chance.randrange(2_000)})
        if check(folder, states, expected):
            break
    write_more(folder, states, 1)
