"""What the tests of the store share: small graphs of numbered statements, written and read back."""

from collections.abc import Iterable
from pathlib import Path

from kg.store import GenerationWriter, open_graph, write_generation

EX = "http://example.org/"


def statement(number: int, graph: str = "") -> str:
    """Return a statement as N-Quads writes it, in the default graph or in a named one."""
    name = f" <{EX}{graph}>" if graph else ""
    return f'<{EX}s{number}> <{EX}p> "{number}"{name} .'


def statements(*numbers: int) -> set[str]:
    return {statement(number) for number in numbers}


def build(
    folder: Path, lines: Iterable[str], *, keep: int = 3, discard_updates: bool = False
) -> GenerationWriter:
    """Build a graph anew; return the writer, which is finished."""
    lines = set(lines)
    with write_generation(
        folder, build_hash="b" * 12, keep=keep, discard_updates=discard_updates
    ) as writer:
        writer.add_lines(lines)
        writer.finish(manifest(len(lines)))
    return writer


def change(
    folder: Path, *, removed: Iterable[str] = (), added: Iterable[str] = (), keep: int = 3
) -> GenerationWriter:
    """Change what is built from files; return the writer, which is finished."""
    with write_generation(folder, build_hash="c" * 12, keep=keep, from_live=True) as writer:
        writer.apply(removed, added)
        writer.finish(manifest(writer.quads))
    return writer


def manifest(quads: int) -> dict[str, object]:
    return {"quads": quads, "build_hash": "d" * 12}


def content(folder: Path, generation: str = "") -> set[str]:
    """Return the statements that a reader finds, and check their number with the manifest."""
    with open_graph(folder, generation) as graph:
        lines = [f"{quad} ." for quad in graph.quads()]
        assert len(lines) == len(graph) == graph.manifest["quads"]
    assert len(set(lines)) == len(lines)
    return set(lines)
