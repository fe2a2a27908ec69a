"""Random sequences of writes, held against a model made of Python's sets."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import QueryError, StoreError
from kg.store import (
    delete_graph,
    folders,
    post_graph,
    put_graph,
    roll_back,
    update_graph,
)
from tests.store.graphs import EX, build, change, content, statement

# The default graph, and two named ones.
GRAPHS = ("", "g", "h")
Numbers = frozenset[int]
Content = dict[str, Numbers]
Write = Callable[[Content], Content]

numbers = st.frozensets(st.integers(0, 9), max_size=6)
graphs = st.sampled_from(GRAPHS)
steps = st.one_of(
    st.tuples(st.sampled_from(["build", "build without updates"]), numbers),
    st.tuples(st.just("apply"), numbers, numbers),
    st.tuples(st.just("insert"), graphs, numbers),
    st.tuples(st.just("delete"), graphs, numbers),
    st.tuples(st.just("move"), graphs, graphs),
    st.tuples(st.just("put"), graphs, numbers),
    st.tuples(st.just("post"), graphs, numbers),
    st.tuples(st.just("drop"), graphs),
    st.tuples(st.just("fail"), numbers),
    st.tuples(st.just("rollback")),
)


def lines_of(graph: str, some: Numbers) -> set[str]:
    return {statement(number, graph) for number in some}


def quads_of(graph: str, some: Numbers) -> str:
    """Return quads as SPARQL Update has them."""
    triples = " ".join(statement(number) for number in sorted(some))
    return f"GRAPH <{EX}{graph}> {{ {triples} }}" if graph else triples


def body(some: Numbers) -> bytes:
    return "\n".join(lines_of("", some)).encode()


def name_of(graph: str) -> str:
    return f"{EX}{graph}" if graph else ""


@dataclass
class Model:
    """The generations of a graph: what was built from files, and what was written on top."""

    folder: Path
    generations: dict[str, tuple[Numbers, tuple[Write, ...]]] = field(default_factory=dict)
    previous: dict[str, str] = field(default_factory=dict)
    live: str = ""

    @property
    def files(self) -> Numbers:
        return self.generations[self.live][0]

    @property
    def log(self) -> tuple[Write, ...]:
        return self.generations[self.live][1]

    @property
    def content(self) -> Content:
        found: Content = {"": self.files}
        for write in self.log:
            found = write(found)
        return found

    def note(self, files: Numbers, log: tuple[Write, ...]) -> None:
        """Note the generation that was written now."""
        name = folders.read_current(self.folder)
        assert name not in self.generations
        self.generations[name] = (files, log)
        self.previous[name] = self.live
        self.live = name

    def check(self) -> None:
        assert folders.read_current(self.folder) == self.live
        expected = {line for graph, some in self.content.items() for line in lines_of(graph, some)}
        assert content(self.folder) == expected


def build_step(model: Model, op: str, some: Numbers) -> None:
    without = op.endswith("without updates")
    build(model.folder, lines_of("", some), discard_updates=without)
    model.note(some, () if without else model.log)


def apply_step(model: Model, _op: str, removed: Numbers, added: Numbers) -> None:
    writer = change(model.folder, removed=lines_of("", removed), added=lines_of("", added))
    files = (model.files - removed) | added
    assert writer.quads == len(files)
    model.note(files, model.log)


def insert_step(model: Model, op: str, graph: str, some: Numbers) -> None:
    update_graph(model.folder, f"{op} DATA {{ {quads_of(graph, some)} }}")

    def write(found: Content) -> Content:
        old = found.get(graph, Numbers())
        return {**found, graph: old | some if op == "insert" else old - some}

    model.note(model.files, (*model.log, write))


def move_step(model: Model, _op: str, source: str, target: str) -> None:
    names = [f"GRAPH <{EX}{graph}>" if graph else "DEFAULT" for graph in (source, target)]
    update_graph(model.folder, f"COPY SILENT {names[0]} TO {names[1]}")
    model.note(
        model.files,
        (*model.log, lambda found: {**found, target: found.get(source, Numbers())}),
    )


def put_step(model: Model, op: str, graph: str, some: Numbers) -> None:
    send = put_graph if op == "put" else post_graph
    send(model.folder, body(some), media_type="text/turtle", graph=name_of(graph))

    def write(found: Content) -> Content:
        old = Numbers() if op == "put" else found.get(graph, Numbers())
        return {**found, graph: old | some}

    model.note(model.files, (*model.log, write))


def drop_step(model: Model, _op: str, graph: str) -> None:
    try:
        delete_graph(model.folder, graph=name_of(graph))
    except QueryError:
        # Only what holds nothing may be missing.
        assert graph
        assert not model.content.get(graph)
        return
    model.note(model.files, (*model.log, lambda found: {**found, graph: Numbers()}))


def fail_step(model: Model, _op: str, some: Numbers) -> None:
    text = f"INSERT DATA {{ {quads_of('', some)} }} ; DROP GRAPH <urn:none>"
    with pytest.raises(QueryError):
        update_graph(model.folder, text)


def rollback_step(model: Model, _op: str) -> None:
    target = model.previous[model.live]
    if target in folders.list_generations(model.folder):
        roll_back(model.folder)
        model.live = target
    else:
        with pytest.raises(StoreError):
            roll_back(model.folder)


STEPS: dict[str, Callable[..., None]] = {
    "build": build_step,
    "build without updates": build_step,
    "apply": apply_step,
    "insert": insert_step,
    "delete": insert_step,
    "move": move_step,
    "put": put_step,
    "post": put_step,
    "drop": drop_step,
    "fail": fail_step,
    "rollback": rollback_step,
}


@settings(max_examples=12, deadline=None)
@given(first=numbers, sequence=st.lists(steps, min_size=3, max_size=8))
def test_any_sequence_of_writes(
    first: Numbers, sequence: list[tuple[str, ...]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    model = Model(tmp_path_factory.mktemp("model") / "il7.kg")
    build(model.folder, lines_of("", first))
    model.note(first, ())
    for step in sequence:
        STEPS[step[0]](model, *step)
        model.check()
