"""Floor 10: answers that were given before, kept as long as their generation is served."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

LARGEST = 1 << 16
"""Bytes up to which an answer is kept."""


@dataclass(frozen=True, slots=True)
class Known:
    """An answer that is known: what is sent of it."""

    content_type: bytes
    body: bytes
    etag: bytes


class Cache:
    """Answers by what was asked of which generation; the one that was not asked longest goes first.

    `size` is the most bytes of answers that are kept.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._held = 0
        self._answers: OrderedDict[object, Known] = OrderedDict()

    def get(self, key: object) -> Known | None:
        """Return an answer that is known."""
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
        return answer

    def put(self, key: object, content_type: str, body: bytes) -> Known:
        """Keep an answer, and return it as it is sent."""
        etag = f'"{hashlib.sha256(content_type.encode() + body).hexdigest()[:24]}"'
        known = Known(content_type.encode(), body, etag.encode())
        if len(body) <= LARGEST:
            before = self._answers.pop(key, None)
            self._held += len(body) - (len(before.body) if before is not None else 0)
            self._answers[key] = known
        while self._held > self._size:
            _, oldest = self._answers.popitem(last=False)
            self._held -= len(oldest.body)
        return known

    def clear(self) -> None:
        """Forget all, as a new generation has come."""
        self._answers.clear()
        self._held = 0
