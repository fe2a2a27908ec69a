"""Floor 10: answers that were given before, kept as long as their generation is served."""

import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass

from kg.service.messages import Head

LARGEST = 1 << 16
"""Bytes up to which an answer is kept."""

LARGEST_PAGE = 1 << 18
"""Bytes up to which a page is kept: it takes longer to make than rows of as many bytes."""

_WORTH_PACKING = 2_000
"""Bytes of a page below which packing it saves no packet."""

_OVERHEAD = 1_000
"""Bytes, about, that an entry takes beside its texts."""


def largest(content_type: bytes) -> int:
    """Return up to how many bytes an answer of some media type is kept."""
    return LARGEST_PAGE if content_type.startswith(b"text/html") else LARGEST


@dataclass(frozen=True, slots=True)
class Known:
    """An answer that is known: what is sent of it, and how many rows it has.

    `packed` is the body of a page as gzip, for clients that take it; empty for all else.
    """

    content_type: bytes
    body: bytes
    etag: bytes
    status: int = 200
    headers: tuple[tuple[bytes, bytes], ...] = ()
    rows: int = 0
    packed: bytes = b""

    @classmethod
    def of(cls, head: Head, body: bytes, rows: int = 0) -> "Known":
        """Return an answer, with the ETag that it was given, or one made from all that is sent."""
        headers = tuple((name.encode(), value.encode()) for name, value in head.headers)
        content_type = head.content_type.encode()
        etag = next((value for name, value in headers if name == b"etag"), b"")
        if etag:
            headers = tuple(each for each in headers if each[0] != b"etag")
        else:
            digest = hashlib.sha256(content_type + repr(headers).encode() + body)
            etag = f'"{digest.hexdigest()[:24]}"'.encode()
        is_packed = content_type.startswith(b"text/html") and len(body) >= _WORTH_PACKING
        packed = gzip.compress(body, 5, mtime=0) if is_packed else b""
        return cls(content_type, body, etag, head.status, headers, rows, packed)


class Cache:
    """Answers by what was asked of which generation; the one that was not asked longest goes first.

    `size` is the most bytes of answers that are kept, with what was asked.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._held = 0
        self._answers: OrderedDict[object, tuple[int, Known]] = OrderedDict()

    def get(self, key: object) -> Known | None:
        """Return an answer that is known."""
        found = self._answers.get(key)
        if found is None:
            return None
        self._answers.move_to_end(key)
        return found[1]

    def put(self, key: object, asked: int, known: Known) -> None:
        """Keep an answer if it and what was `asked` (bytes) are small."""
        size = len(known.body)
        taken = size + len(known.packed) + asked + _OVERHEAD
        if size <= largest(known.content_type) and asked <= LARGEST:
            before, _ = self._answers.pop(key, (0, known))
            self._held += taken - before
            self._answers[key] = taken, known
        while self._held > self._size:
            _, (oldest, _) = self._answers.popitem(last=False)
            self._held -= oldest

    def clear(self) -> None:
        """Forget all, as a new generation has come."""
        self._answers.clear()
        self._held = 0
