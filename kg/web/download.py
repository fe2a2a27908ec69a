"""Web floor: a file that is fetched in pieces: whole at the end, and gone on with after a stop.

    FILE.part        what was fetched so far
    FILE.part.json   the request, and how far it is; written anew behind each piece

FILE itself appears by one rename, when it is whole. A piece counts once the state says so: what
stands behind it in FILE.part (a run that was killed while it wrote) is cut off.
"""

import fcntl
import gzip
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from kg.errors import InputError

_VERSION = 1


class Download:
    """The unfinished file of one request, open for more; to be used in a `with` block.

    `records` is how many it holds, `place` where its service left off (whatever can be JSON), and
    `resumed` whether an earlier run began it. If the name ends in ".gz" each piece is a member of a
    gzip file.
    """

    def __init__(self, path: Path, request: Mapping[str, Any], *, restart: bool = False) -> None:
        """Open what an earlier run of the same request left, else begin.

        `restart` drops what is there.

        Raises:
            InputError: if another request, or another run, holds the file, or it cannot be written.
        """
        self.path = path
        self.records = 0
        self.place: dict[str, Any] = {}
        self.resumed = False
        self._bytes = 0
        self._request = json.loads(json.dumps(request))
        self._part = path.with_name(f"{path.name}.part")
        self._state = path.with_name(f"{path.name}.part.json")
        if path.exists() and not path.is_file():
            raise InputError(f"{path}: is no plain file, and what is fetched is written to one")
        try:
            self._stream: BinaryIO = self._part.open("ab")
        except OSError as error:
            raise InputError(f"{path}: cannot be written ({error.strerror})") from error
        try:
            self._open(restart=restart)
        except OSError as error:
            self._stream.close()
            raise self._failed(error) from error
        except BaseException:
            self._stream.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # What a full disk did not take was told, and is not counted on.
        with suppress(OSError):
            self._stream.close()

    def append(self, data: bytes, records: int, place: Mapping[str, Any]) -> None:
        """Add a piece with so many records, after which the service goes on at `place`."""
        try:
            if data:
                self._bytes += self._stream.write(self._pack(data))
                self._stream.flush()
                os.fsync(self._stream.fileno())
            self.records += records
            self.place = dict(place)
            self._save()
        except OSError as error:
            raise self._failed(error) from error

    def finish(self, end: bytes = b"") -> None:
        """Write what closes the file, and put it in its place."""
        try:
            if end:
                self._stream.write(self._pack(end))
                self._stream.flush()
                os.fsync(self._stream.fileno())
            self._part.replace(self.path)
            self._state.unlink(missing_ok=True)
        except OSError as error:
            raise self._failed(error) from error

    def drop(self) -> None:
        """Leave nothing behind."""
        self._state.unlink(missing_ok=True)
        self._part.unlink(missing_ok=True)

    def _open(self, *, restart: bool) -> None:
        try:
            fcntl.flock(self._stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError(f"{self.path}: another run is fetching it right now") from None
        if not self._is_in_place():
            raise InputError(f"{self.path}: another run has just fetched it")
        held = self._stream.seek(0, os.SEEK_END)
        state = None if restart else self._load(held)
        if state is not None:
            self.records, self.place = state["records"], state["place"]
            self._bytes, self.resumed = state["bytes"], True
        self._stream.truncate(self._bytes)
        self._save()

    def _is_in_place(self) -> bool:
        """Tell whether the open file is still the one of its name, not one that was finished."""
        try:
            return os.path.samestat(os.fstat(self._stream.fileno()), self._part.stat())
        except FileNotFoundError:
            return False

    def _load(self, held: int) -> dict[str, Any] | None:
        """Return the state of an earlier run, None if there is nothing to go on with."""
        again = "begin anew with --restart, or choose another file"
        try:
            state = json.loads(self._state.read_bytes())
            version, request = state["version"], state["request"]
            done = int(state["bytes"])
        except FileNotFoundError:
            if held:
                message = f"{self._part}: is in the way, and does not say what it holds; {again}"
                raise InputError(message) from None
            return None
        except (ValueError, TypeError, KeyError, OSError) as error:
            raise InputError(f"{self._state}: cannot be read ({error}); {again}") from error
        if not held:
            # Nothing was written yet, or the whole file was put in its place and no more was done.
            return None
        if version != _VERSION or request != self._request:
            raise InputError(
                f"{self._part}: holds the beginning of another download "
                f"({_describe(request)}); finish that one with its own command, {again}"
            )
        if held < done:
            raise InputError(f"{self._part}: is shorter than it was; {again}")
        return dict(state)

    def _save(self) -> None:
        state = {
            "version": _VERSION,
            "request": self._request,
            "bytes": self._bytes,
            "records": self.records,
            "place": self.place,
        }
        unfinished = self._state.with_name(f"{self._state.name}.new")
        with unfinished.open("w", encoding="utf-8") as out:
            json.dump(state, out, ensure_ascii=False)
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(self._state)

    def _pack(self, data: bytes) -> bytes:
        return gzip.compress(data, mtime=0) if self.path.suffix.lower() == ".gz" else data

    def _failed(self, error: OSError) -> InputError:
        return InputError(f"{self._part}: cannot be written ({error.strerror or error})")


def _describe(request: object) -> str:
    if not isinstance(request, dict):
        return "of what, is not said"
    return ", ".join(f"{name} {value!r}" for name, value in request.items() if value)
