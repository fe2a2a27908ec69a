"""Floor 9: what a shard's papers leave to be counted over all papers, parted into buckets.

A bucket has a share of the shared nodes, of the assertions and of the entities, by a hash. Each is
counted by itself, so that no process holds what all papers come to.
"""

import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
import zstandard

from kg.model import Problem
from kg.pipeline.shard_files import whole_file

_LENGTH = struct.Struct("<Q")


@dataclass(slots=True)
class Summary:
    """What the papers of a shard come to.

    `mentioned` has the papers of each entity that is counted in pairs, `named` are the entities
    that papers mention, `occurring` those and the ones that they may mention. `conflicts` are the
    problems of merging, each with the number of a record.
    """

    papers: int = 0
    sentences: int = 0
    mentions: int = 0
    evidence: int = 0
    mentioned: dict[str, int] = field(default_factory=dict)
    named: list[str] = field(default_factory=list)
    occurring: list[str] = field(default_factory=list)
    conflicts: list[tuple[int, Problem]] = field(default_factory=list)


@dataclass(slots=True)
class Bucket:
    """What the papers of a shard add to one bucket of what is counted over all papers.

    `assertions`: subject, predicate, object, whether negated; then its sentences, whether all are
    speculative, and the confidence of each paper's best evidence. `together`: entity -> entities
    behind it -> papers and sentences with both.
    """

    assertions: list[tuple[str, str, str, bool, int, bool, list[float]]] = field(
        default_factory=list
    )
    together: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Contents:
    """Where the parts of a file begin, and how long they are."""

    summary: tuple[int, int]
    shared: list[tuple[int, int]]
    counted: list[tuple[int, int]]


class CountsWriter:
    """Writes what a shard's papers leave to be counted, bucket by bucket; use it as a block.

    Nodes that papers share are put in by and by; they wait compressed.
    """

    _FULL = 1 << 16

    def __init__(self, path: Path, buckets: int) -> None:
        self._path = path
        self._waiting = [bytearray() for _ in range(buckets)]
        self._shared = [bytearray() for _ in range(buckets)]
        self._packer = zstandard.ZstdCompressor(level=1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._waiting.clear()
        self._shared.clear()

    def add_shared(self, node: str, statements: Iterable[str]) -> None:
        """Put in a node with its statements."""
        number = bucket_of(node, len(self._waiting))
        waiting = self._waiting[number]
        waiting += "".join(f"{line}\n" for line in statements).encode()
        if len(waiting) > self._FULL:
            self._pack(number)

    def finish(self, summary: Summary, buckets: Iterable[Bucket]) -> None:
        """Write the file; there is one of `buckets` for each."""
        encode = msgspec.msgpack.Encoder().encode
        with whole_file(self._path) as unfinished, unfinished.open("wb") as stream:

            def put(packed: bytes | bytearray) -> tuple[int, int]:
                return stream.tell(), stream.write(packed)

            shared, counted = [], []
            for number, bucket in enumerate(buckets):
                self._pack(number)
                shared.append(put(self._shared[number]))
                counted.append(put(self._packer.compress(encode(bucket))))
            place = put(self._packer.compress(encode(summary)))
            _, length = put(encode(_Contents(place, shared, counted)))
            put(_LENGTH.pack(length))

    def _pack(self, number: int) -> None:
        if self._waiting[number]:
            self._shared[number] += self._packer.compress(bytes(self._waiting[number]))
            self._waiting[number].clear()


class Counts:
    """A file that `CountsWriter` wrote, open for reading; use it as a block."""

    def __init__(self, path: Path) -> None:
        self._stream = path.open("rb")
        end = self._stream.seek(-_LENGTH.size, os.SEEK_END)
        (length,) = _LENGTH.unpack(self._stream.read(_LENGTH.size))
        packed = self._read((end - length, length))
        self._contents = msgspec.msgpack.decode(packed, type=_Contents)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stream.close()

    @property
    def buckets(self) -> int:
        """How many buckets there are."""
        return len(self._contents.counted)

    def summary(self) -> Summary:
        """Return what the papers come to."""
        packed = zstandard.decompress(self._read(self._contents.summary))
        return msgspec.msgpack.decode(packed, type=Summary)

    def shared(self, number: int) -> Iterator[tuple[bytes, bytes]]:
        """Yield the shared nodes of a bucket, each with its statements as text."""
        packed = self._read(self._contents.shared[number])
        unpacker = zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True)
        with unpacker as text:
            lines = text.read().splitlines(keepends=True)
        for node, statements in groupby(lines, key=lambda line: line.partition(b" ")[0]):
            yield node, b"".join(statements)

    def bucket(self, number: int) -> Bucket:
        """Return what there is to be counted of a bucket."""
        packed = zstandard.decompress(self._read(self._contents.counted[number]))
        return msgspec.msgpack.decode(packed, type=Bucket)

    def _read(self, place: tuple[int, int]) -> bytes:
        self._stream.seek(place[0])
        return self._stream.read(place[1])


def bucket_of(name: str, buckets: int) -> int:
    """Return the bucket that a node or an entity is counted in: the same on every machine.

    >>> bucket_of("HGNC:6023", 256), bucket_of("HGNC:6023", 1)
    (63, 0)
    """
    return int.from_bytes(sha256(name.encode()).digest()[:4], "big") % buckets
