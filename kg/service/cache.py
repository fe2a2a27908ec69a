"""Floor 10: answers that were given before, kept as long as their generation is served."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

from kg.service.messages import Head

LARGEST = 1 << 16
"""Bytes up to which an answer is kept."""

LARGEST_PAGE = 1 << 18
"""Bytes up to which a page is kept: it takes longer to make than rows of as many bytes."""

_OVERHEAD = 1_000
"""Bytes, about, that an entry takes beside its texts."""


def largest(content_type: bytes) -> int:
    """Return up to how many bytes an answer of some media type is kept."""
    return LARGEST_PAGE if content_type.startswith(b"text/html") else LARGEST


@dataclass(frozen=True, slots=True)
class Known:
    """An answer that is known: what is sent of it, and how many rows it has."""

    content_type: bytes
    body: bytes
    etag: bytes
    status: int = 200
    headers: tuple[tuple[bytes, bytes], ...] = ()
    rows: int = 0

    @classmethod
    def of(cls, head: Head, body: bytes, rows: int = 0) -> "Known":
        """Return an answer, with the ETag that it was given, or one made from all that is sent."""
        headers = tuple((name.encode(), value.encode()) for name, value in head.headers)
        given = [value for name, value in headers if name == b"etag"]
        if given:
            headers = tuple(each for each in headers if each[0] != b"etag")
            return cls(head.content_type.encode(), body, given[0], head.status, headers, rows)
        digest = hashlib.sha256(head.content_type.encode() + repr(headers).encode() + body)
        etag = f'"{digest.hexdigest()[:24]}"'.encode()
        return cls(head.content_type.encode(), body, etag, head.status, headers, rows)


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
        taken = size + asked + _OVERHEAD
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
