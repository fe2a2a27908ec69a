"""Floor 10: answers as files to serialise to, so that what arrives is what was written. Pure."""

from typing import IO, Protocol, cast

from pyoxigraph import QueryResultsFormat, RdfFormat

from kg.errors import KgError

_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())


class NotXmlError(KgError):
    """An answer in XML that holds what no XML can."""


class Sink(Protocol):
    """What takes an answer, piece by piece."""

    def write(self, piece: bytes) -> int:
        """Take a piece."""

    def flush(self) -> None:
        """Send what was gathered."""


def as_written(sink: Sink, form: QueryResultsFormat | RdfFormat) -> IO[bytes]:
    """Return a file for `serialize` to write an answer to, which goes to a sink."""
    is_xml = form in (QueryResultsFormat.XML, RdfFormat.RDF_XML)
    return cast("IO[bytes]", _Xml(sink) if is_xml else sink)


class _Xml:
    """Passes XML on so that a parser reads in it what was written.

    Oxigraph writes values as they are, but for what looks like markup. A carriage return has to be
    a reference, or it is read as a line feed (XML 1.0, section 2.11); other control characters no
    XML can hold (section 2.2), and a document with one is not read at all.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._left = b""

    def write(self, piece: bytes) -> int:
        """Take a piece.

        Raises:
            NotXmlError: if no XML can hold it.
        """
        # A character may be cut by the end of a piece.
        seen = self._left + piece
        if len(piece.translate(None, _CONTROLS)) < len(piece) or any(
            each in seen for each in _NO_CHARACTERS
        ):
            raise NotXmlError(
                "the answer holds a control character, which XML cannot hold; "
                "ask for another format"
            )
        self._left = seen[-2:]
        self._sink.write(piece.replace(b"\r", b"&#xD;"))
        return len(piece)

    def flush(self) -> None:
        """Send what was gathered."""
        self._sink.flush()
