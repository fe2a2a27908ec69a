"""Reading floor: opens input files as UTF-8, unpacked, a piece at a time.

What a file says of its own size is never believed: memory is that of a piece.
"""

import codecs
import gzip
import zlib
from io import BufferedReader, FileIO, RawIOBase
from pathlib import Path
from typing import BinaryIO

from kg.errors import InputError

_GZIP = b"\x1f\x8b"
_BUFFER = 1 << 20


class _Unpacked(RawIOBase):
    """The bytes inside a gzip file; where it is cut or damaged it ends, and `damage` says so."""

    def __init__(self, packed: BinaryIO) -> None:
        self.damage = ""
        self._gzip = gzip.GzipFile(fileobj=packed)
        self._packed = packed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self.damage:
            return 0
        try:
            # One step at a time: a longer read would throw away what came before the damage.
            piece = self._gzip.read1(len(buffer))
            buffer[: len(piece)] = piece
            return len(piece)
        except EOFError:
            self.damage = (
                "the compressed file ends too early; it was cut or is still being written; "
                "fetch it again"
            )
        except (OSError, zlib.error) as error:
            self.damage = f"the compressed file is damaged ({error}); fetch it again"
        return 0

    def close(self) -> None:
        if not self.closed:
            self._gzip.close()
            self._packed.close()
        super().close()


class _Recoded(RawIOBase):
    """The text of a file in another encoding, as UTF-8; bytes that fit nothing become U+FFFD."""

    def __init__(self, stream: BufferedReader, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            piece = self._stream.read(_BUFFER)
            self._rest = self._decoder.decode(piece, final=not piece).encode("utf-8", "replace")
            if not piece:
                break
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


class InputStream(BufferedReader):
    """The text of an input file: unpacked, in UTF-8, as far as the file is whole."""

    def __init__(self, raw: RawIOBase, unpacked: _Unpacked | None = None) -> None:
        super().__init__(raw, _BUFFER)
        self._unpacked = unpacked

    @property
    def damage(self) -> str:
        """What cut the text short, known once its end is read; empty where nothing did."""
        return self._unpacked.damage if self._unpacked is not None else ""


def open_input(path: Path, encoding: str | None = None) -> InputStream:
    """Open a file for reading: unpacked if it is gzip, whatever it is called, and as UTF-8.

    UTF-16 is told by its byte order mark; `encoding` names any other, and overrules. A compressed
    file that is cut or damaged gives what can be unpacked: ask for `damage` at the end.

    Raises:
        InputError: if it is missing, no plain file, or cannot be opened, or the encoding is not
            known.
    """
    if encoding is not None:
        encoding = _find_encoding(encoding)
    stream = InputStream(_open(path))
    unpacked = None
    if stream.peek(2)[:2] == _GZIP:
        unpacked = _Unpacked(stream)
        stream = InputStream(unpacked, unpacked)
    if encoding is None and stream.peek(2)[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        encoding = "utf-16"
    if encoding in (None, "utf-8"):
        return stream
    return InputStream(_Recoded(stream, encoding), unpacked)


def _find_encoding(name: str) -> str:
    try:
        codecs.getincrementaldecoder(name)
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        raise InputError(
            f"no encoding called '{name}' is known; usual ones are utf-8, cp1252, latin-1, gbk, "
            "shift_jis, utf-16"
        ) from None


def _open(path: Path) -> FileIO:
    try:
        if path.is_dir():
            raise InputError(f"{path}: is a directory; name the files in it")
        if path.exists() and not path.is_file():
            raise InputError(f"{path}: is not a plain file; save what it gives to a file first")
        return path.open("rb", buffering=0)
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"{path}: cannot be opened: {reason}") from error
