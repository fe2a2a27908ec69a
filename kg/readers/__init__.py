"""Reading floor: files -> `Record`, `Topic`, `Problem`. A bad file is an `InputError`.

Readers are one explicit tuple, `READERS`; nothing registers itself. A bad record is a value, so
reading goes on behind it; a file that is no text, or of no known format, is refused at once.
"""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import file_digest
from pathlib import Path
from typing import BinaryIO, Protocol, runtime_checkable

from kg.errors import InputError
from kg.model import Locator, Problem, Record, Source, Topic
from kg.readers.bibtex import BibtexReader
from kg.readers.bioc_json import BiocJsonReader
from kg.readers.bioc_xml import BiocXmlReader
from kg.readers.csl_json import CslJsonReader
from kg.readers.csv_reader import CsvReader
from kg.readers.endnote import EndnoteReader
from kg.readers.endnote_xml import EndnoteXmlReader
from kg.readers.europepmc import EuropePmcReader
from kg.readers.medline import MedlineReader
from kg.readers.opening import InputStream, open_input
from kg.readers.pieces import Fault, Piece
from kg.readers.pubmed_xml import PubmedXmlReader
from kg.readers.pubtator import PubtatorReader
from kg.readers.reading_list import ReadingListReader
from kg.readers.ris import RisReader
from kg.readers.wos import WosReader

HEAD_BYTES = 1 << 16

# How readers call what a file that ends too early leaves behind.
_CUT = ("cut-record", "cut-file")

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


@runtime_checkable
class SplittingReader(Reader, Protocol):
    """A reader whose files can be split by one process, and parsed by others."""

    def split(self, stream: BinaryIO) -> Iterator[Piece]:
        """Yield the records of a stream, not parsed yet, each by itself."""

    def parse(self, piece: Piece, path: str) -> Item:
        """Return what a piece holds: a record, or the problem with it."""


READERS: tuple[Reader, ...] = (
    PubmedXmlReader(),
    MedlineReader(),
    RisReader(),
    EndnoteReader(),
    EndnoteXmlReader(),
    WosReader(),
    BibtexReader(),
    CslJsonReader(),
    CsvReader(),
    PubtatorReader(),
    EuropePmcReader(),
    BiocJsonReader(),
    BiocXmlReader(),
    ReadingListReader(),
)


def detect_reader(
    path: Path,
    *,
    format_name: str | None = None,
    encoding: str | None = None,
) -> Reader:
    """Return the reader of a file, judged by its content; the suffix only says whom to ask first.

    `format_name` is that of a reader and overrules the content.

    Raises:
        InputError: if the file is missing, no plain file, unreadable, empty, binary or unknown, or
            there is no such format or encoding.
    """
    chosen = find_reader(format_name) if format_name is not None else None
    with open_input(path, encoding) as stream:
        head = stream.read(HEAD_BYTES)
        damage = stream.damage
    if damage and not head:
        raise InputError(f"{path}: {damage}")
    if not head.removeprefix(b"\xef\xbb\xbf").strip():
        raise InputError(f"{path}: the file is empty; nothing to read")
    if b"\0" in head:
        raise InputError(f"{path}: the file is binary, not text")
    if chosen is not None:
        return chosen
    suffixes = {suffix.lower() for suffix in path.suffixes}
    for reader in sorted(READERS, key=lambda reader: suffixes.isdisjoint(reader.suffixes)):
        if reader.sniff(head):
            return reader
    raise InputError(
        f"{path}: the format is not known; the formats that can be read are: {_known_formats()}; "
        "name the right one with --format if this should be one of them"
    )


def find_reader(name: str) -> Reader:
    """Return the reader of a format by its name.

    Raises:
        InputError: if there is none of that name.
    """
    for reader in READERS:
        if reader.name == name:
            return reader
    raise InputError(f"no format called '{name}' is known; there are: {_known_formats()}")


def read_file(
    path: Path,
    *,
    format_name: str | None = None,
    encoding: str | None = None,
) -> Iterator[Item]:
    """Return the topics, records and problems of a file, read as they are asked for.

    A file of the wrong kind is an `InputError` at the call. Behind that nothing is raised: what
    cannot be read is a `Problem`, and reading goes on behind it where there is more.
    """
    reader = detect_reader(path, format_name=format_name, encoding=encoding)
    return _read(path, reader, encoding)


def source_of(
    path: Path,
    *,
    format_name: str | None = None,
    encoding: str | None = None,
) -> Source:
    """Return what identifies an input: its name, format, and the sha256 of its bytes as stored.

    `InputError` as in `detect_reader`.
    """
    reader = detect_reader(path, format_name=format_name, encoding=encoding)
    with path.open("rb") as stream:
        digest = file_digest(stream, "sha256")
    return Source(name=path.name, format=reader.name, sha256=digest.hexdigest())


def _known_formats() -> str:
    return ", ".join(reader.name for reader in READERS)


def split_file(
    path: Path, reader: SplittingReader, encoding: str | None
) -> Iterator[Piece | Problem]:
    """Yield the pieces of a file, for its reader to parse; at the end what cut it short, if so."""
    with open_input(path, encoding) as stream:
        held: Piece | None = None
        for piece in reader.split(stream):
            if held is not None:
                yield held
            held = piece
        if stream.damage and held is not None and held.fault in (Fault.CUT, Fault.END):
            item = reader.parse(held, str(path))
            yield _tell_damage(stream, path, reader, item)
            return
        if held is not None:
            yield held
        if stream.damage:
            yield _tell_damage(stream, path, reader, None)


def _read(path: Path, reader: Reader, encoding: str | None) -> Iterator[Item]:
    with open_input(path, encoding) as stream:
        held: Item | None = None
        for item in reader.read(stream, str(path)):
            if held is not None:
                yield held
            held = item
        is_cut = isinstance(held, Problem) and held.lost and held.code in _CUT
        if held is not None and not (stream.damage and is_cut):
            yield held
        if stream.damage:
            yield _tell_damage(stream, path, reader, held if is_cut else None)


def _tell_damage(stream: InputStream, path: Path, reader: Reader, last: Item | None) -> Problem:
    """Return the problem of a packed file that ends too early, with the record that it cuts."""
    if not isinstance(last, Problem):
        place = Locator(path=str(path), format=reader.name, line=0)
        return Problem(locator=place, code="cut-file", message=stream.damage, lost=True)
    return replace(last, code="cut-file", message=f"{last.message}; {stream.damage}")
