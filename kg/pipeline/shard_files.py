"""Floor 9: the files of a sharded build, each there whole or not at all.

    manifest.json              what the folder holds; there when all is done
    plan.json                  what is built, so that only the same command goes on with it
    papers-<n>.nq.zst          statements of the papers of one input file, or of a part of it
    joined-<n>.nq.zst          statements of papers that are made of several records
    shared-<n>.nq.zst          nodes that papers share, assertions, co-mentions
    terms.nq.zst               ontology, input files, entities
    records/<n>.sqlite         the records of one input file
    records/conflicts.jsonl    where records of one paper do not agree
    work/                      what tasks leave for others, taken away when all is done

Shards are N-Quads, one statement a line, none twice in all of them, compressed with zstd.
"""

import os
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, TypeVar
from uuid import uuid4

import msgspec
import zstandard

from kg.errors import StoreError

SUFFIX = ".nq.zst"
MANIFEST = "manifest.json"
RECORDS = "records"
WORK = "work"
_UNFINISHED = ".unfinished"
_PIECE = 1 << 20
_PACKED = 1 << 12
_TEXT = 16 << 20
_LONGEST_LINE = 1 << 28

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """A file of statements: its name, how many there are, its size in bytes, and its digest."""

    name: str
    statements: int
    bytes: int
    sha256: str


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a path to write to; what was written gets its name when the block is done.

    Two machines may write one file at a time: both write the same, under names of their own.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    own = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
    unfinished = path.with_name(f"{path.name}.{own}{_UNFINISHED}")
    try:
        yield unfinished
        with unfinished.open("rb") as stream:
            os.fsync(stream.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def remove_unfinished(folder: Path) -> None:
    """Remove what was left by tasks that were ended in the middle."""
    for path in folder.rglob(f"*{_UNFINISHED}"):
        path.unlink(missing_ok=True)


def write_json(path: Path, value: object) -> None:
    """Write a value of ours as JSON."""
    with whole_file(path) as unfinished:
        unfinished.write_bytes(msgspec.json.format(msgspec.json.encode(value)))


def read_json(path: Path, kind: type[_T]) -> _T:
    """Read a value that `write_json` wrote.

    Raises:
        StoreError: if it is something else.
        FileNotFoundError: if it is not there.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except msgspec.DecodeError as error:
        raise StoreError(f"{path}: is not what it should be ({error})") from error


def do_once(folder: Path, name: str, kind: type[_T], task: Callable[[], _T]) -> _T:
    """Return what a task comes to: as an earlier run of it wrote down, else by running it."""
    path = folder / WORK / "done" / f"{name}.json"
    with suppress(FileNotFoundError):
        return read_json(path, kind)
    result = task()
    write_json(path, result)
    return result


def write_shard(path: Path, chunks: Iterable[bytes]) -> Shard:
    """Write statements, one a line, as a compressed file, and describe it."""
    digest = sha256()
    statements = size = 0
    packer = zstandard.ZstdCompressor(level=3).compressobj()
    with whole_file(path) as unfinished, unfinished.open("wb") as stream:

        def put(packed: bytes) -> None:
            nonlocal size
            digest.update(packed)
            size += stream.write(packed)

        for chunk in chunks:
            statements += chunk.count(b"\n")
            put(packer.compress(chunk))
        put(packer.flush())
    return Shard(name=path.name, statements=statements, bytes=size, sha256=digest.hexdigest())


def read_pieces(stream: BinaryIO) -> Iterator[bytes]:
    """Yield what a stream holds, a megabyte at a time."""
    while piece := stream.read(_PIECE):
        yield piece


def unpack_pieces(stream: BinaryIO) -> Iterator[bytes]:
    """Yield what a file that was compressed with zstd holds, in pieces of at most 128 MB.

    Raises:
        ValueError: if it was cut.
        zstandard.ZstdError: if it is damaged.
    """
    unpacker = None
    # Few bytes at a time: four of them may stand for 128 kB.
    while packed := stream.read(_PACKED):
        while packed:
            if unpacker is None:
                unpacker = zstandard.ZstdDecompressor().decompressobj()
            yield unpacker.decompress(packed)
            packed = b""
            if unpacker.eof:
                # A file may consist of several frames, as when files were joined end to end.
                packed, unpacker = unpacker.unused_data, None
    if unpacker is not None:
        raise ValueError("the compressed file ends too early; it was cut")


def whole_lines(pieces: Iterable[bytes], *, size: int = _TEXT) -> Iterator[bytes]:
    """Yield text in chunks of whole lines of about `size` bytes; the last may lack its end.

    Raises:
        ValueError: if a line is longer than any that somebody wrote on purpose.
    """
    waiting: list[bytes] = []
    length = 0
    for piece in pieces:
        waiting.append(piece)
        length += len(piece)
        if length > _LONGEST_LINE:
            raise ValueError(f"it has a line of more than {_LONGEST_LINE:,} bytes")
        if length < size or b"\n" not in piece:
            continue
        text = b"".join(waiting)
        end = text.rfind(b"\n") + 1
        yield text[:end]
        waiting = [text[end:]]
        length -= end
    if rest := b"".join(waiting):
        yield rest


def hash_file(path: Path) -> str:
    """Return the sha256 of a file."""
    digest = sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
