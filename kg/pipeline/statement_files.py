"""Floor 9: files of statements: shards with their manifest, and any others of N-Quads or N-Triples.

A file may be packed with gzip or zstd, told by its first bytes. A shard holds what this project
wrote, none of it twice; any other file is parsed before it is loaded.
"""

import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import zstandard
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Triple, parse

from kg.errors import InputError, StoreError
from kg.pipeline.settings import Progress
from kg.pipeline.shard_files import (
    MANIFEST,
    Shard,
    hash_file,
    read_json,
    read_pieces,
    unpack_pieces,
    whole_lines,
)
from kg.pipeline.shard_plan import PLAN, Part

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A file of statements; `shard` is what a manifest says of it, None for any other file."""

    path: Path
    shard: Shard | None = None


@dataclass(frozen=True, slots=True)
class ShardFolder:
    """A folder of shards that is complete, and what its manifest says."""

    path: Path
    manifest: Mapping[str, Any]

    @property
    def shards(self) -> list[Shard]:
        """The shards, in the order in which they are loaded."""
        return [Shard(**each) for each in self.manifest["shards"]]

    @property
    def parts(self) -> list[Part]:
        """The files of records, in the order of the input files; empty where they were removed."""
        if not (self.path / Path(self.manifest["records"][0]["name"]).parent).is_dir():
            return []
        return [Part(**each) for each in self.manifest["records"]]

    @property
    def files(self) -> list[StatementFile]:
        """The shards as files."""
        return [StatementFile(self.path / shard.name, shard) for shard in self.shards]


def open_folder(path: Path) -> ShardFolder:
    """Open a folder of shards.

    Raises:
        StoreError: if it is none, or is not complete.
    """
    try:
        manifest = read_json(path / MANIFEST, dict[str, Any])
    except FileNotFoundError:
        if (path / PLAN).exists():
            raise StoreError(
                f"{path}: the shards are not complete; give the same kg build again, and it goes on"
            ) from None
        raise StoreError(f"{path}: is no folder of shards (it has no {MANIFEST})") from None
    if not manifest.get("shards") or not manifest.get("records"):
        raise StoreError(f"{path}: is no folder of shards ({MANIFEST} tells of none)")
    return ShardFolder(path, manifest)


def find_statements(paths: Sequence[Path]) -> tuple[list[ShardFolder], list[StatementFile]]:
    """Return the folders of shards among some paths, and all files of statements.

    Raises:
        StoreError: if a folder is none of shards, or is not complete.
        InputError: if a file is not there.
    """
    folders: list[ShardFolder] = []
    files: list[StatementFile] = []
    for path in paths:
        if path.is_dir():
            folder = open_folder(path)
            folders.append(folder)
            files += folder.files
        elif path.is_file():
            files.append(StatementFile(path))
        else:
            raise InputError(f"{path}: there is no such file")
    return folders, files


def check_folder(folder: ShardFolder, tell: Progress) -> None:
    """Hold the files of a folder against its manifest: sizes first, then digests.

    Raises:
        StoreError: if one is missing, cut or changed.
    """
    expected: list[Shard | Part] = [*folder.shards, *folder.parts]
    for each in expected:
        path = folder.path / each.name
        again = "copy it again from where it was built, or build it again"
        if not path.is_file():
            raise StoreError(f"{path}: is missing, and {MANIFEST} tells of it; {again}")
        size = path.stat().st_size
        if size != each.bytes:
            how = "cut" if size < each.bytes else "changed"
            raise StoreError(
                f"{path}: was {how}: it has {size:,} bytes, and {MANIFEST} says {each.bytes:,}; "
                f"{again}"
            )
    done, total = 0, sum(each.bytes for each in expected)
    for each in expected:
        tell(f"checking {each.name}", done, total)
        if hash_file(folder.path / each.name) != each.sha256:
            raise StoreError(
                f"{folder.path / each.name}: was changed: its sha256 is not the one in {MANIFEST}; "
                "copy it again from where it was built, or build it again"
            )
        done += each.bytes


def read_text(file: StatementFile) -> Iterator[bytes]:
    """Yield the text of a file in chunks of whole lines, some megabytes each.

    What is no shard is parsed, and yielded as N-Quads in a fixed form.

    Raises:
        InputError: if the file is damaged, holds a blank node, or something that is no statement.
    """
    if file.shard is not None:
        with file.path.open("rb") as stream:
            yield from whole_lines(unpack_pieces(stream))
        return
    line = 1
    for chunk in _unpacked(file.path):
        yield "".join(f"{quad} .\n" for quad in _parse(chunk, file.path, line)).encode()
        line += chunk.count(b"\n")


def _unpacked(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as stream:
            head = stream.read(4)
            stream.seek(0)
            if head == _ZSTD:
                pieces = unpack_pieces(stream)
            elif head[:2] == _GZIP:
                pieces = read_pieces(cast("BinaryIO", gzip.GzipFile(fileobj=stream)))
            else:
                pieces = read_pieces(stream)
            yield from whole_lines(pieces)
    except ValueError as error:
        raise InputError(f"{path}: {error}") from error
    except (EOFError, zlib.error, zstandard.ZstdError, gzip.BadGzipFile) as error:
        raise InputError(f"{path}: the compressed file is cut or damaged ({error})") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error


def _parse(chunk: bytes, path: Path, first: int) -> Iterator[Quad]:
    try:
        for quad in parse(chunk, RdfFormat.N_QUADS):
            _check(quad, path)
            yield quad
    except SyntaxError as error:
        number = error.lineno or 1
        text = chunk.splitlines()[number - 1][:_SHOWN].decode("utf-8", "replace")
        raise InputError(
            f"{path}:{first + number - 1}: is no statement of N-Quads or N-Triples: {text!r} "
            f"({error.msg})"
        ) from error


def _check(quad: Quad, path: Path) -> None:
    for node in (quad.subject, quad.object, quad.graph_name):
        if isinstance(node, BlankNode | Triple):
            what = "a blank node" if isinstance(node, BlankNode) else "a triple term"
            raise InputError(
                f"{path}: has {what} ({str(node)[:_SHOWN]}), which has no name that two files "
                "could share; give it an IRI first"
            )


def split_by_graph(text: bytes) -> dict[str, bytes]:
    """Return statements by the graph that they are in ("" is the default one), as N-Triples."""
    graphs: dict[str, list[str]] = {}
    for quad in parse(text, RdfFormat.N_QUADS, lenient=True):
        name = quad.graph_name
        assert isinstance(name, NamedNode | DefaultGraph)  # noqa: S101
        graph = name.value if isinstance(name, NamedNode) else ""
        graphs.setdefault(graph, []).append(f"{quad.triple} .\n")
    return {graph: "".join(lines).encode() for graph, lines in graphs.items()}
