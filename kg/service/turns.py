"""Floor 10: who waits for a worker, and whose turn it is: clients by turns, not requests. Pure.

A client that sends a hundred queries waits behind itself: each client that waits gets the next
worker in turn. Where there is no more room, the client with most in the queue loses its last one.
"""

from collections import OrderedDict, deque
from typing import Generic, TypeVar

_Turn = TypeVar("_Turn")


class Turns(Generic[_Turn]):
    """A queue of at most `most` turns, by client.

    >>> turns = Turns[str](3)
    >>> for client, turn in [("a", "a1"), ("a", "a2"), ("b", "b1")]: turns.add(client, turn)
    >>> turns.next(), turns.next(), turns.next(), turns.next()
    ('a1', 'b1', 'a2', None)
    """

    def __init__(self, most: int) -> None:
        self._most = most
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
        """Take the turn of the client whose turn it is, or return None where nobody waits."""
        for client, waiting in self._clients.items():
            self._clients.move_to_end(client)
            return self._take(client, waiting.popleft())
        return None

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
