"""Floor 10: who waits for a worker, and whose turn it is: clients by turns, not requests. Pure.

A client that sends a hundred queries waits behind itself: of the clients that wait, the one that
has had least of the workers lately gets the next, so that small queries do not wait behind all the
long ones that others send. Where there is no more room, the client with most in the queue loses
its last one.
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Generic, TypeVar

_Turn = TypeVar("_Turn")

_HALF = 10.0
"""Seconds after which half of what a client has had is forgotten."""

_CLIENTS = 10_000
"""How many clients are known; the one that asked longest ago is forgotten first."""


class Usage:
    """How many seconds of workers each client has had, the latest counting most.

    >>> usage = Usage()
    >>> usage.add("a", 4.0, now=0.0)
    >>> usage.of("a", now=10.0), usage.of("b", now=10.0)
    (2.0, 0.0)
    """

    def __init__(self) -> None:
        self._had: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def add(self, client: str, seconds: float, now: float) -> None:
        """Count what a client had until now."""
        self._had[client] = self.of(client, now) + seconds, now
        self._had.move_to_end(client)
        if len(self._had) > _CLIENTS:
            self._had.popitem(last=False)

    def of(self, client: str, now: float) -> float:
        """Return what a client has had lately."""
        seconds, when = self._had.get(client, (0.0, now))
        return float(seconds * 0.5 ** ((now - when) / _HALF))


def _nothing(_client: str) -> float:
    return 0.0


class Turns(Generic[_Turn]):
    """A queue of at most `most` turns, by client; `had` tells what a client has had lately.

    >>> turns = Turns[str](3)
    >>> for client, turn in [("a", "a1"), ("a", "a2"), ("b", "b1")]: turns.add(client, turn)
    >>> turns.next(), turns.next(), turns.next(), turns.next()
    ('a1', 'b1', 'a2', None)
    """

    def __init__(self, most: int, had: Callable[[str], float] = _nothing) -> None:
        self._most = most
        self._had = had
        self._clients: OrderedDict[str, deque[_Turn]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        """Return how many wait."""
        return self._count

    def add(self, client: str, turn: _Turn) -> _Turn | None:
        """Let a turn wait, and return the one that has to go for it: itself, another, or none."""
        self._clients.setdefault(client, deque()).append(turn)
        self._count += 1
        if self._count <= self._most:
            return None
        # Of clients with as many, the one that asks now.
        greediest = max(self._clients, key=lambda each: (len(self._clients[each]), each == client))
        return self._take(greediest, self._clients[greediest].pop())

    def next(self) -> _Turn | None:
        """Take the turn of the client whose turn it is, or return None where nobody waits.

        Of those that have had as little, it is the one that had its last turn before the others.
        """
        if not self._clients:
            return None
        client = min(self._clients, key=self._had)
        self._clients.move_to_end(client)
        return self._take(client, self._clients[client].popleft())

    def remove(self, client: str, turn: _Turn) -> None:
        """Let a turn wait no longer, if it does."""
        waiting = self._clients.get(client)
        if waiting is not None and turn in waiting:
            waiting.remove(turn)
            self._take(client, turn)

    def _take(self, client: str, turn: _Turn) -> _Turn:
        self._count -= 1
        if not self._clients[client]:
            del self._clients[client]
        return turn
