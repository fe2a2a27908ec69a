"""Reading floor: BioC documents, however they are written -> `Record`.

BioC (Comeau et al. 2013, Database bat064) leaves open what a document's passages are called, where
its identifiers stand, and what offsets count; what is read here is what PubTator, BioC-PMC, the
corpora of BioCreative and NLM's taggers write. Of a full text the title and the abstract are kept.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kg.model import Locator, Problem, Record, Text
from kg.readers.annotations import Marked, Passage, place_annotations
from kg.readers.bioc_citation import add_citation, read_authors, read_identifiers
from kg.readers.fields import clean_title, join_sections, make_text, split_sections, squeeze
from kg.readers.identifiers import parse_identifiers, registry_of

_TITLES = frozenset(("title", "front", "article-title", "article_title"))
_PLAIN_LABELS = frozenset(("", "abstract", "summary"))
# NLM's service joins the sections of an abstract without a space ("was seen.Patients were").
_JOINT = re.compile(r"(?<=[a-z\d)%\]]\.)(?=[A-Z][a-z]+\b)")
_COMPOSITE, _INDIVIDUAL = "CompositeMention", "IndividualMention"


@dataclass(frozen=True, slots=True, kw_only=True)
class BiocAnnotation:
    """An annotation as it stands; `spans` are its locations, start and end."""

    infons: Mapping[str, str]
    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BiocPassage:
    """A passage, or a sentence of one, which has the infons of its passage."""

    infons: Mapping[str, str]
    offset: int | None
    text: str
    annotations: tuple[BiocAnnotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BiocDocument:
    """A document as it stands; `infons` are its own, and what else is told of it by those names."""

    id: str
    infons: Mapping[str, str] = field(default_factory=dict)
    passages: tuple[BiocPassage, ...] = ()
    annotations: tuple[BiocAnnotation, ...] = ()
    authors: tuple[str, ...] = ()


def make_record(document: BiocDocument, locator: Locator, position: int) -> Record:
    """Return the record of a document: title and abstract, with the annotations in them.

    Problem codes: missing-title, moved-annotation, lost-annotation.
    """
    titles, parts = _choose_passages(document.passages)
    title = make_text("title", clean_title(" ".join(map(_show, titles))))
    abstract = _join_parts(parts)
    kept = [(title, one) for one in titles] + [(abstract, one) for _, one in parts]
    passages = _lay_out(kept)
    annotations, problems = place_annotations(
        passages, _mark_all(document, [one for _, one in kept], passages), locator
    )
    infons = {**document.infons, **(titles[0].infons if titles else {})}
    record = Record(
        locator=locator,
        texts=tuple(text for text in (title, abstract) if text.text),
        authors=read_authors(document.authors, infons),
        identifiers=read_identifiers(document.id, infons),
        annotations=annotations,
        position=position,
        problems=problems,
    )
    if not title.text:
        message = "the document has no title"
        missing = Problem(
            locator=locator, code="missing-title", message=message, field="title", raw=document.id
        )
        record = replace(record, problems=(missing, *problems))
    return add_citation(record, infons)


def _choose_passages(
    passages: Sequence[BiocPassage],
) -> tuple[list[BiocPassage], list[tuple[str, BiocPassage]]]:
    """Return the passages of the title, and those of the abstract, each with its label."""
    kinds = [_kind_of(passage.infons) for passage in passages]
    if not any(_is_typed(passage.infons) for passage in passages):
        # Nothing tells what they are: a title stands before a text.
        kinds = ["title" if number == 0 else "abstract" for number in range(len(passages))]
        if len(passages) == 1:
            kinds = ["abstract"]
    titles: list[BiocPassage] = []
    parts: list[tuple[str, BiocPassage]] = []
    label = ""
    for kind, passage in zip(kinds, passages, strict=True):
        if kind == "title" and (not titles or titles[0].infons is passage.infons):
            titles.append(passage)
        elif kind == "label":
            label = _show(passage)
        elif kind == "abstract":
            parts.append((label, passage))
    return titles, parts


def _is_typed(infons: Mapping[str, str]) -> bool:
    return bool(infons.get("type") or infons.get("section_type"))


def _kind_of(infons: Mapping[str, str]) -> str:
    """Return what a passage is: "title", "abstract", "label" (in an abstract), or nothing kept."""
    kind = infons.get("type", "").casefold()
    section = infons.get("section_type", "").casefold()
    if kind in _TITLES or (section == "title" and not kind):
        return "title"
    if kind.startswith("abstract_title") or (section == "abstract" and kind.startswith("title")):
        return "label"
    if kind.startswith("abstract") or section == "abstract":
        return "abstract"
    return ""


def _show(passage: BiocPassage) -> str:
    return squeeze(_JOINT.sub(" ", passage.text))


def _join_parts(parts: Iterable[tuple[str, BiocPassage]]) -> Text:
    """Return the abstract of its passages; those with one label are one section."""
    sections: list[tuple[str, str]] = []
    for label, passage in parts:
        shown = _show(passage)
        if sections and sections[-1][0] == label:
            sections[-1] = (label, f"{sections[-1][1]} {shown}")
        else:
            sections.append((label, shown))
    sections = [(label, text) for label, text in sections if text.strip()]
    if all(label.casefold().strip(":.") in _PLAIN_LABELS for label, _ in sections):
        return split_sections(" ".join(text for _, text in sections))
    return join_sections(sections)


def _lay_out(kept: Iterable[tuple[Text, BiocPassage]]) -> list[Passage]:
    """Return the passages that are kept, each with where it is shown in its field."""
    passages: list[Passage] = []
    reached: dict[str, int] = {}
    for text, passage in kept:
        place, shown = reached.get(text.field, 0), _show(passage)
        start = text.text.find(shown, place)
        if start < 0:  # A title loses its brackets and its full stop.
            start, shown = place, text.text[place:]
        reached[text.field] = start + len(shown)
        passages.append(
            Passage(
                field=text.field, offset=passage.offset, raw=passage.text, shown=shown, start=start
            )
        )
    return passages


def _mark_all(
    document: BiocDocument, kept: Sequence[BiocPassage], passages: Sequence[Passage]
) -> list[Marked]:
    """Return the annotations of what is kept.

    A mention of several things that are annotated one by one as well is left to them.
    """
    own = [(one, number) for number, passage in enumerate(kept) for one in passage.annotations]
    everything = [one for one, _ in own] + list(document.annotations)
    apart = any(one.infons.get("CompositeRole") == _INDIVIDUAL for one in everything)
    marked = []
    for one, number in [*own, *((one, None) for one in document.annotations)]:
        if apart and one.infons.get("CompositeRole") == _COMPOSITE:
            continue
        mark = _mark(one, number)
        if number is not None or len(kept) == len(document.passages) or _is_kept(mark, passages):
            marked.append(mark)
    return marked


def _is_kept(one: Marked, passages: Iterable[Passage]) -> bool:
    """Tell whether a document's annotation stands in a passage that is kept."""
    return any(
        passage.offset is not None
        and one.spans
        and passage.offset <= one.spans[0][0] <= passage.offset + len(passage.raw)
        for passage in passages
    )


def _mark(one: BiocAnnotation, passage: int | None) -> Marked:
    kind = squeeze(one.infons.get("type") or one.infons.get("Type") or "")
    return Marked(
        spans=one.spans,
        text=one.text,
        type=kind,
        identifiers=_find_identifiers(one.infons, kind),
        passage=passage,
    )


def _find_identifiers(infons: Mapping[str, str], kind: str) -> tuple[str, ...]:
    """Return the identifiers in infons: "identifier", else one that is called by its registry."""
    registry = registry_of(infons.get("database", ""))
    for key in ("identifier", "Identifier", "normalized_id"):
        if infons.get(key):
            return parse_identifiers(infons[key], kind, registry)
    for key, value in infons.items():
        named = registry_of(key)
        if named and value:
            return parse_identifiers(value, kind, named)
    return ()
