"""Reading floor: BioC in JSON: collections, PubTator's answers, and documents one a line."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from kg.model import Locator, Problem, Record
from kg.readers.bioc import BiocAnnotation, BiocDocument, BiocPassage, make_record
from kg.readers.json_items import JsonItem, outline_json, read_items
from kg.readers.json_values import list_at, number_at, raw_text_at, text_at

# Where documents stand in what is saved.
_PLACES = ("documents[]", "[].documents[]", "PubTator3[]", "[].PubTator3[]", "[]")
_DOCUMENTS = ("", *(f"{place}." for place in _PLACES))
_ABOUT = {"pmid": "pmid", "pmcid": "pmcid", "doi": "doi", "journal": "journal_name", "date": "year"}


class BiocJsonReader:
    """Reads the titles and abstracts of BioC documents in JSON, with their annotations.

    (The `bioc` library takes a whole file at once, and wants keys that PubTator leaves out.)
    """

    name = "bioc-json"
    suffixes = (".json", ".jsonl")

    def sniff(self, head: bytes) -> bool:
        """Tell whether JSON holds documents with passages."""
        keys = outline_json(head)
        if "PubTator3" in keys or ("documents" in keys and {"source", "key"} & keys.keys()):
            return True
        return any(f"{place}passages" in keys for place in _DOCUMENTS)

    def read(self, stream: BinaryIO, path: str) -> Iterator[Record | Problem]:
        """Yield the records and problems of a file, in its order.

        Problem codes: no-document, those of `read_items` and of `kg.readers.bioc`.
        """
        for item in read_items(stream, path, self.name, _PLACES):
            if isinstance(item, Problem):
                yield item
                continue
            locator = Locator(path=path, format=self.name, line=item.line)
            if isinstance(item.value.get("passages"), list):
                yield make_record(_read_document(item), locator, item.position)
            else:
                message = "this is no BioC document, it has no passages; it is left out"
                yield Problem(locator=locator, code="no-document", message=message, lost=True)


def _read_document(item: JsonItem) -> BiocDocument:
    value = item.value
    about = {name: text for key, name in _ABOUT.items() if (text := text_at(value, key))}
    return BiocDocument(
        id=text_at(value, "id"),
        infons=about | _read_infons(value),
        passages=tuple(
            part for passage in list_at(value, "passages") for part in _read_passage(passage)
        ),
        annotations=_read_annotations(value),
        authors=tuple(filter(None, map(text_at, list_at(value, "authors")))),
    )


def _read_passage(passage: object) -> Iterator[BiocPassage]:
    """Yield a passage, or the sentences that it has in place of a text."""
    infons = _read_infons(passage)
    text = raw_text_at(passage, "text")
    sentences = list_at(passage, "sentences") if not text else []
    for one in sentences or [passage]:
        yield BiocPassage(
            infons=infons,
            offset=number_at(one, "offset"),
            text=raw_text_at(one, "text"),
            annotations=_read_annotations(one)
            + (_read_annotations(passage) if one is not passage and one is sentences[0] else ()),
        )


def _read_infons(value: object) -> dict[str, str]:
    infons = value.get("infons") if isinstance(value, Mapping) else None
    if not isinstance(infons, Mapping):
        return {}
    return {key: text for key in infons if (text := text_at(infons, key))}


def _read_annotations(value: object) -> tuple[BiocAnnotation, ...]:
    found = []
    for one in list_at(value, "annotations"):
        spans = []
        for location in list_at(one, "locations"):
            offset, length = number_at(location, "offset"), number_at(location, "length")
            if offset is not None and length:
                spans.append((offset, offset + length))
        found.append(
            BiocAnnotation(
                infons=_read_infons(one), text=raw_text_at(one, "text"), spans=tuple(spans)
            )
        )
    return tuple(found)
