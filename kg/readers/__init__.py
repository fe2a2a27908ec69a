"""Reading floor: files -> `Record`, `Topic`, `Problem`. A bad file is an `InputError`.

Readers are one explicit tuple, `READERS`; nothing registers itself. A bad record is a value, so
reading goes on behind it; a file that is no text, or of no known format, is refused at once.
"""

from collections.abc import Iterator
from hashlib import file_digest
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, Protocol

from kg.errors import InputError
from kg.model import Problem, Record, Source, Topic
from kg.readers.reading_list import ReadingListReader

HEAD_BYTES = 1 << 16

Item = Record | Topic | Problem


class Reader(Protocol):
    """One format: its name, the suffixes its files often have, how to know it, how to read it."""

    @property
    def name(self) -> str:
        """The slug that stands in locators and sources."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Suffixes, with the dot, that make this reader be asked first."""

    def sniff(self, head: bytes) -> bool:
        """Tell whether the beginning of a file (at most `HEAD_BYTES`) is of this format."""

    def read(self, stream: BinaryIO, path: str) -> Iterator[Item]:
        """Yield the topics, records and problems of a file, in its order."""


READERS: tuple[Reader, ...] = (ReadingListReader(),)


def detect_reader(path: Path) -> Reader:
    """Return the reader of a file, judged by its content; the suffix only says whom to ask first.

    `InputError` if the file is missing, no plain file, unreadable, empty, binary or unknown.
    """
    with _open(path) as stream:
        head = stream.read(HEAD_BYTES)
    if not head.removeprefix(b"\xef\xbb\xbf").strip():
        raise InputError(f"{path}: the file is empty; nothing to read")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(f"{path}: the file is UTF-16; save it as UTF-8 and try again")
    if b"\0" in head:
        raise InputError(f"{path}: the file is binary, not text")
    suffix = path.suffix.lower()
    for reader in sorted(READERS, key=lambda reader: suffix not in reader.suffixes):
        if reader.sniff(head):
            return reader
    known = ", ".join(reader.name for reader in READERS)
    raise InputError(f"{path}: the format is not known; the formats that can be read are: {known}")


def read_file(path: Path) -> Iterator[Item]:
    """Return the topics, records and problems of a file, read as they are asked for.

    A file of the wrong kind fails at the call; a line that is not UTF-8, when it is reached.
    Either is an `InputError` that says where and why.
    """
    reader = detect_reader(path)
    return _read(path, reader)


def source_of(path: Path) -> Source:
    """Return what identifies an input: its name, format, and the sha256 of its bytes.

    `InputError` as in `detect_reader`.
    """
    reader = detect_reader(path)
    with _open(path) as stream:
        digest = file_digest(stream, "sha256")
    return Source(name=path.name, format=reader.name, sha256=digest.hexdigest())


def _read(path: Path, reader: Reader) -> Iterator[Item]:
    with _open(path) as stream:
        yield from reader.read(stream, str(path))


def _open(path: Path) -> BufferedReader:
    try:
        if path.is_dir():
            raise InputError(f"{path}: is a directory; name the files in it")
        if path.exists() and not path.is_file():
            raise InputError(f"{path}: is not a plain file; save what it gives to a file first")
        return path.open("rb")
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"{path}: cannot be opened: {reason}") from error
