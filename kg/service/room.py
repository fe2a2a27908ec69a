"""Floor 10: how many bytes all requests of a process may take of something together. Pure."""

from collections.abc import Callable


def _tell_nobody(_count: int) -> None:
    """Do nothing with a number of bytes."""


class Room:
    """So many bytes; `tell` is told how many are taken."""

    def __init__(self, most: int, tell: Callable[[int], None] = _tell_nobody) -> None:
        self._most = most
        self._tell = tell
        self._taken = 0

    def take(self, count: int) -> bool:
        """Take so many bytes, if there is room for them.

        >>> room = Room(5)
        >>> room.take(3), room.take(3)
        (True, False)
        """
        if self._taken + count > self._most:
            return False
        self._taken += count
        self._tell(self._taken)
        return True

    def give(self, count: int) -> None:
        """Give bytes back."""
        self._taken -= count
        self._tell(self._taken)
