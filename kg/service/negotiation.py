"""Floor 10: which format a client gets, by what it accepts (RFC 9110, section 12.5.1). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pyoxigraph import QueryResultsFormat, RdfFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A format that can be had: its media type, others by which it is asked for, and its name.

    `name` is what stands in `?format=`, or one of `names`, by which other endpoints and clients
    know it. `form` is None for what is made here.
    """

    name: str
    media_type: str
    form: QueryResultsFormat | RdfFormat | None
    aliases: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """Return the media type as it stands in an answer, with its encoding where it has one."""
        return (
            f"{self.media_type}; charset=utf-8"
            if self.media_type[:5] == "text/"
            else self.media_type
        )


TABLES: tuple[Offer, ...] = (
    Offer(
        name="json",
        media_type="application/sparql-results+json",
        form=QueryResultsFormat.JSON,
        aliases=("application/json",),
        names=("srj",),
    ),
    Offer(
        name="xml",
        media_type="application/sparql-results+xml",
        form=QueryResultsFormat.XML,
        aliases=("application/xml", "text/xml"),
        names=("srx",),
    ),
    Offer(name="csv", media_type="text/csv", form=QueryResultsFormat.CSV),
    Offer(name="tsv", media_type="text/tab-separated-values", form=QueryResultsFormat.TSV),
)
"""What SELECT and ASK give, the first one where nothing is asked for."""

GRAPHS: tuple[Offer, ...] = (
    Offer(
        name="turtle",
        media_type="text/turtle",
        form=RdfFormat.TURTLE,
        # Turtle is Notation3.
        aliases=("application/turtle", "application/x-turtle", "text/n3", "text/rdf+n3"),
        names=("ttl", "n3"),
    ),
    Offer(
        name="ntriples",
        media_type="application/n-triples",
        form=RdfFormat.N_TRIPLES,
        aliases=("text/plain",),
        names=("nt", "n-triples"),
    ),
    Offer(
        name="rdfxml",
        media_type="application/rdf+xml",
        form=RdfFormat.RDF_XML,
        aliases=("application/xml", "text/xml"),
        names=("xml", "rdf", "rdf+xml"),
    ),
    Offer(
        name="jsonld",
        media_type="application/ld+json",
        form=RdfFormat.JSON_LD,
        aliases=("application/json",),
        names=("json", "json-ld"),
    ),
    Offer(
        name="nquads",
        media_type="application/n-quads",
        form=RdfFormat.N_QUADS,
        names=("nq", "n-quads"),
    ),
    Offer(name="trig", media_type="application/trig", form=RdfFormat.TRIG),
)
"""What CONSTRUCT and DESCRIBE give, and graphs."""

HTML = Offer(name="html", media_type="text/html", form=None, aliases=("application/xhtml+xml",))

PAGES: tuple[Offer, ...] = (*GRAPHS, HTML)
"""What is said of a thing: statements, or a page for a person."""

BIBTEX = Offer(
    name="bibtex", media_type="application/x-bibtex", form=None, aliases=("text/x-bibtex",)
)
RIS = Offer(name="ris", media_type="application/x-research-info-systems", form=None)

CITATIONS: tuple[Offer, ...] = (BIBTEX, RIS)
"""What a paper can be had as beside, for reference managers."""

DOCUMENT = Offer(name="json", media_type="application/json", form=None)
"""An answer with what its parameters were taken for, and links."""

QUERY_TEXT = Offer(name="sparql", media_type="application/sparql-query", form=None)
"""The query that is asked."""

TURTLE_ROWS = Offer(name="turtle", media_type="text/turtle", form=None, names=("ttl",))
"""Rows as statements, in the W3C's vocabulary of results."""

ROWS: tuple[Offer, ...] = (
    DOCUMENT,
    replace(TABLES[0], name="sparql-json", aliases=(), names=("srj",)),
    *TABLES[1:],
    TURTLE_ROWS,
    QUERY_TEXT,
)
"""What a saved query gives that has rows."""

TRIPLES: tuple[Offer, ...] = (
    *(
        replace(each, aliases=(), names=("json-ld",)) if each.form == RdfFormat.JSON_LD else each
        for each in GRAPHS
    ),
    DOCUMENT,
    QUERY_TEXT,
)
"""What a saved query gives that makes a graph."""


# What parts rows, and how many rows there are beside. No value holds it, but for line breaks of
# Windows in CSV, which count; rows of JSON that bind nothing do not.
_ROWS = {
    "json": (b'}},{"', 0),
    "xml": (b"<result>", 0),
    "csv": (b"\r\n", -1),
    "tsv": (b"\n", -1),
}
_FIRST_IN_JSON = b'"bindings":[{"'


class RowCounter:
    r"""Counts the rows of a table as it is written, by what parts them.

    >>> counter = RowCounter(TABLES[2])
    >>> counter.count(b"name\r"), counter.count(b"\nIL7\r\nIL2\r\n")
    (0, 2)
    """

    def __init__(self, offer: Offer) -> None:
        self._mark, self._rows = _ROWS.get(offer.name, (b"", 0))
        self._marks = (self._mark, _FIRST_IN_JSON) if offer.name == "json" else (self._mark,)
        self._left = b""

    def count(self, piece: bytes) -> int:
        """Take a piece, and return how many rows there were so far."""
        for mark in self._marks if self._mark else ():
            # A mark may be cut by the end of a piece.
            before = len(mark) - 1
            seen = self._left[-before:] + piece if before else piece
            self._rows += seen.count(mark)
        self._left = (self._left + piece)[-len(_FIRST_IN_JSON) :]
        return max(self._rows, 0)


@lru_cache(maxsize=200)
def choose(accept: str, offers: Sequence[Offer]) -> Offer | None:
    """Return the offer that a client wants most, or None where it wants none of them.

    The quality of an offer is that of the most specific range that it falls under; of offers wanted
    alike the first is taken. An offer is not better for being asked for by another name.

    >>> choose("text/csv;q=0.5, application/json", TABLES).name
    'json'
    >>> choose("text/html, */*;q=0.1", TABLES).name
    'json'
    >>> choose("text/turtle;q=0, */*;q=0.5", GRAPHS).name
    'ntriples'
    >>> choose("image/png", TABLES) is None
    True
    """
    ranges = _ranges(accept)
    if not ranges:
        return offers[0]
    best, chosen = 0.0, None
    for offer in offers:
        _, quality = max(_quality(name, ranges) for name in (offer.media_type, *offer.aliases))
        if quality > best:
            best, chosen = quality, offer
    return chosen


@lru_cache(maxsize=200)
def choose_coding(accepted: str, offered: Sequence[str]) -> str:
    """Return how a client wants an answer to be packed (RFC 9110, 12.5.3); empty: not at all.

    Of codings wanted alike the first is taken, and any rather than none, unless the client says
    that it wants it as it is (`identity`) more.

    >>> choose_coding("gzip, deflate, br", ("br", "gzip")), choose_coding("gzip", ("br", "gzip"))
    ('br', 'gzip')
    >>> choose_coding("br;q=0.2, gzip;q=0.8", ("br", "gzip"))
    'gzip'
    >>> choose_coding("*;q=0.5, br;q=0", ("br", "gzip"))
    'gzip'
    >>> choose_coding("identity, gzip;q=0.5", ("br", "gzip")), choose_coding("", ("br", "gzip"))
    ('', '')
    """
    qualities = dict(map(_read_coding, filter(str.strip, accepted.lower().split(","))))
    qualities.setdefault("gzip", qualities.get("x-gzip", qualities.get("*", 0.0)))
    best, chosen = qualities.get("identity", 0.0), ""
    for coding in offered:
        quality = qualities.get(coding, qualities.get("*", 0.0))
        if quality > best:
            best, chosen = quality, coding
    return chosen


def _read_coding(text: str) -> tuple[str, float]:
    """Return a coding and how much it is wanted."""
    name, _, parameter = text.partition(";")
    key, _, value = parameter.partition("=")
    return name.strip(), _number(value) if key.strip() == "q" else 1.0


def named(names: str, offers: Sequence[Offer]) -> Offer | None:
    """Return the offer that is called so, by its name or a media type of it.

    Of several names, parted by commas, the first that is one of an offer counts: clients that do
    not know how an endpoint calls a format send it by all names.

    >>> named("rdf+xml,application/rdf+xml", GRAPHS).name
    'rdfxml'
    """
    for name in names.split(","):
        folded = name.strip().lower()
        for offer in offers:
            if folded in (offer.name, *offer.names, offer.media_type, *offer.aliases):
                return offer
    return None


def _ranges(accept: str) -> list[tuple[str, str, float]]:
    """Return the media ranges of a header; parameters but for `q` are left out."""
    ranges = []
    for part in accept.split(","):
        media, *parameters = (each.strip() for each in part.split(";"))
        kind, slash, subtype = media.lower().partition("/")
        if not slash:
            continue
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                quality = _number(value)
        ranges.append((kind, subtype, quality))
    return ranges


def _number(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0


def _quality(media_type: str, ranges: Sequence[tuple[str, str, float]]) -> tuple[int, float]:
    """Return how specific the range is that a media type falls under, and its quality."""
    kind, _, subtype = media_type.partition("/")
    specific, quality = 0, 0.0
    for range_kind, range_subtype, range_quality in ranges:
        if (range_kind, range_subtype) == (kind, subtype):
            rank = 3
        elif (range_kind, range_subtype) == (kind, "*"):
            rank = 2
        elif (range_kind, range_subtype) == ("*", "*"):
            rank = 1
        else:
            continue
        if rank > specific:
            specific, quality = rank, range_quality
    return specific, quality
