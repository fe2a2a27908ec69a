"""Floor 10: who waits for a worker, and whose turn it is: clients by turns, not requests. Pure.

A client that sends a hundred queries waits behind itself. Of the clients that wait, the next is the
one that has waited longest for what its queries take (highest response ratio next, Brinch Hansen
1971): small queries do not wait behind all the long ones that others send, and those have their
turn in the end. Where there is no more room, the client with most in the queue loses its last one.
"""

from collections import OrderedDict, deque
from typing import Generic, TypeVar

_Turn = TypeVar("_Turn")

_HALF = 10.0
"""Seconds after which half of what a client has had is forgotten."""

_FIRST = 0.05
"""Seconds that a query is thought to take, of a client that is not known."""

_CLIENTS = 10_000
"""How many clients are known; the one that asked longest ago is forgotten first."""


class Usage:
    """How many seconds of a worker the queries of each client take, the latest counting most.

    >>> usage = Usage()
    >>> usage.begin("a", now=0.0)
    >>> usage.add("a", 4.0, now=0.0)
    >>> usage.expected("a", now=0.0), usage.expected("b", now=0.0)
    (2.025, 0.05)
    """

    def __init__(self) -> None:
        self._had: OrderedDict[str, tuple[float, float, float]] = OrderedDict()

    def begin(self, client: str, now: float) -> None:
        """Count one more query."""
        self._count(client, 1, 0.0, now)

    def add(self, client: str, seconds: float, now: float) -> None:
        """Count what a query had until now."""
        self._count(client, 0, seconds, now)

    def expected(self, client: str, now: float) -> float:
        """Return how long the next query of a client may be thought to take."""
        queries, seconds = self._lately(client, now)
        return (seconds + _FIRST) / (queries + 1)

    def _count(self, client: str, queries: float, seconds: float, now: float) -> None:
        before = self._lately(client, now)
        self._had[client] = before[0] + queries, before[1] + seconds, now
        self._had.move_to_end(client)
        if len(self._had) > _CLIENTS:
            self._had.popitem(last=False)

    def _lately(self, client: str, now: float) -> tuple[float, float]:
        queries, seconds, when = self._had.get(client, (0.0, 0.0, now))
        left = 0.5 ** ((now - when) / _HALF)
        return queries * left, seconds * left


class Turns(Generic[_Turn]):
    """A queue of at most `most` turns, by client.

    >>> turns = Turns[str](3, Usage())
    >>> for client, turn in [("a", "a1"), ("a", "a2"), ("b", "b1")]: turns.add(client, turn, 0.0)
    >>> turns.next(1.0), turns.next(1.0), turns.next(1.0), turns.next(1.0)
    ('a1', 'b1', 'a2', None)
    """

    def __init__(self, most: int, usage: Usage) -> None:
        self._most = most
        self._usage = usage
        self._clients: OrderedDict[str, deque[tuple[_Turn, float]]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        """Return how many wait."""
        return self._count

    def add(self, client: str, turn: _Turn, now: float) -> _Turn | None:
        """Let a turn wait, and return the one that has to go for it: itself, another, or none."""
        self._clients.setdefault(client, deque()).append((turn, now))
        self._count += 1
        if self._count <= self._most:
            return None
        # Of clients with as many, the one that asks now.
        greediest = max(self._clients, key=lambda each: (len(self._clients[each]), each == client))
        return self._take(greediest, self._clients[greediest].pop())

    def next(self, now: float) -> _Turn | None:
        """Take the turn of the client whose turn it is, or return None where nobody waits.

        Of those that are alike, it is the one that had its last turn before the others.
        """
        if not self._clients:
            return None

        def ratio(client: str) -> float:
            since = self._clients[client][0][1]
            return (now - since) / self._usage.expected(client, now)

        client = max(self._clients, key=ratio)
        self._clients.move_to_end(client)
        return self._take(client, self._clients[client].popleft())

    def remove(self, client: str, turn: _Turn) -> None:
        """Let a turn wait no longer, if it does."""
        for waiting in self._clients.get(client, ()):
            if waiting[0] is turn:
                self._clients[client].remove(waiting)
                self._take(client, waiting)
                break

    def _take(self, client: str, turn: tuple[_Turn, float]) -> _Turn:
        self._count -= 1
        if not self._clients[client]:
            del self._clients[client]
        return turn[0]
