"""Floor 5: MeSH descriptors in XML, as the National Library of Medicine has them each year."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from lxml import etree

from kg.errors import InputError
from kg.model import Scope, Synonym
from kg.vocabulary.ontologies.opening import opened
from kg.vocabulary.publishers.rows import Row


def read_descriptors(path: Path, source: str) -> list[Row]:
    """Return the descriptors of a file, with those that stand over them by their tree numbers.

    Raises:
        InputError: if it is no such XML; it says at which line.
    """
    rows = list(_read(path, source))
    if not rows:
        raise InputError(f"{path}: holds no descriptors")
    places = {number: row.id for row in rows for number in row.extra["tree"]}
    return [replace(row, parents=_parents(row, places)) for row in rows]


def _parents(row: Row, places: dict[str, str]) -> tuple[str, ...]:
    above = (number.rpartition(".")[0] for number in row.extra["tree"])
    found = (places.get(number, "") for number in above if number)
    return tuple(dict.fromkeys(one for one in found if one and one != row.id))


def _read(path: Path, source: str) -> Iterator[Row]:
    try:
        with opened(path) as stream:
            for _, record in etree.iterparse(
                stream,
                tag="DescriptorRecord",
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=True,
            ):
                yield _read_record(record, path, source)
                record.clear()
                # What stood before it is not needed any more.
                while record.getprevious() is not None:
                    del record.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise InputError(
            f"{path}:{error.lineno}: is no XML: {error.msg}; was it fetched whole?"
        ) from error


def _read_record(record: etree._Element, path: Path, source: str) -> Row:
    identifier = record.findtext("DescriptorUI", "").strip()
    label = record.findtext("DescriptorName/String", "").strip()
    if not identifier or not label:
        raise InputError(f"{path}:{record.sourceline}: a descriptor without DescriptorUI or name")
    texts = (
        (term.text or "").strip()
        for term in record.iterfind("ConceptList/Concept/TermList/Term/String")
    )
    return Row(
        id=f"MESH:{identifier}",
        label=label,
        synonyms=tuple(
            Synonym(text=text, scope=Scope.UNSPECIFIED, kind="entry_term", source=source)
            for text in dict.fromkeys(texts)
            if text and text != label
        ),
        extra={
            "tree": [
                (number.text or "").strip()
                for number in record.iterfind("TreeNumberList/TreeNumber")
            ]
        },
    )
