"""Floor 10: answers that were given before, kept as long as their generation is served."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

LARGEST = 1 << 16
"""Bytes up to which an answer is kept."""

_OVERHEAD = 1_000
"""Bytes, about, that an entry takes beside its texts."""


@dataclass(frozen=True, slots=True)
class Known:
    """An answer that is known: what is sent of it."""

    content_type: bytes
    body: bytes
    etag: bytes


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

    def put(self, key: object, asked: int, content_type: str, body: bytes) -> Known:
        """Keep an answer if it and what was `asked` (bytes) are small; return it as it is sent."""
        etag = f'"{hashlib.sha256(content_type.encode() + body).hexdigest()[:24]}"'
        known = Known(content_type.encode(), body, etag.encode())
        taken = len(body) + asked + _OVERHEAD
        if len(body) <= LARGEST and asked <= LARGEST:
            before, _ = self._answers.pop(key, (0, known))
            self._held += taken - before
            self._answers[key] = taken, known
        while self._held > self._size:
            _, (oldest, _) = self._answers.popitem(last=False)
            self._held -= oldest
        return known

    def clear(self) -> None:
        """Forget all, as a new generation has come."""
        self._answers.clear()
        self._held = 0
