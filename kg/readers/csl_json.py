"""Reading floor: CSL-JSON, the items of citation processors -> `Record`.

As Zotero and Better BibTeX write it, Crossref and DataCite answer it, and PubMed's citation
exporter gives it: a list of items, `{"items": [...]}`, Crossref's `message`, one item alone, or one
a line. Items are cut out by `kg.readers.json_items`. Problem codes: no-record, and theirs.
"""

from collections.abc import Iterator
from typing import BinaryIO

from kg.model import Locator, Problem, Record
from kg.readers.csl_record import make_record
from kg.readers.json_items import outline_json, read_items

_PLACES = ("[]", "items[]", "message", "message.items[]", "references[]")
_TELLING = ("title", "container-title", "DOI")
# The types of CSL 1.0.2, and Crossref's.
_TYPES = frozenset(
    """
    article article-journal article-magazine article-newspaper bill book broadcast chapter classic
    collection dataset document entry entry-dictionary entry-encyclopedia event figure graphic
    hearing interview legal_case legislation manuscript map motion_picture musical_score pamphlet
    paper-conference patent performance periodical personal_communication post post-weblog
    regulation report review review-book software song speech standard thesis treaty webpage
    journal-article book-chapter posted-content proceedings-article monograph reference-entry
    edited-book component journal journal-issue peer-review dissertation book-section book-part
    book-track report-component report-series proceedings reference-book other preprint
""".split()
)


class CslJsonReader:
    """Reads CSL-JSON."""

    name = "csl-json"
    suffixes = (".json", ".csljson", ".jsonl", ".csl")

    def sniff(self, head: bytes) -> bool:
        """Tell whether JSON holds an item with a type of CSL or Crossref, and a title."""
        keys = outline_json(head)
        for place in _PLACES:
            path = f"{place}." if place else ""
            if keys.get(f"{path}type") in _TYPES and any(path + key in keys for key in _TELLING):
                return True
        return keys.get("type") in _TYPES and any(key in keys for key in _TELLING)

    def read(self, stream: BinaryIO, path: str) -> Iterator[Record | Problem]:
        """Yield the records and problems of a file, in its order."""
        for item in read_items(stream, path, self.name, _PLACES):
            if isinstance(item, Problem):
                yield item
                continue
            locator = Locator(path=path, format=self.name, line=item.line)
            record = make_record(item.value, locator, item.position)
            if record is not None:
                yield record
                continue
            message = "the item has neither a title nor an abstract nor an identifier"
            yield Problem(locator=locator, code="no-record", message=message, lost=True)
