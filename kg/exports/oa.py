"""Floor 8: the mentions of a graph as Web Annotations, one a place, in JSON lines (JSON-LD).

The shape is that in which Europe PMC publishes text-mined terms: the body is the term, the target
the paper with a quote of the words and what stands before and after them. A position is added.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Store

from kg.errors import KgError
from kg.exports.reading import GraphReader
from kg.exports.things import Wording, place_mentions
from kg.exports.view import View, Written
from kg.namespaces import KG, PROV, RDF, content_hash

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
# What the context of Web Annotation has no word for.
_MORE = {
    "field": f"{KG}field",
    "score": {"@id": f"{KG}score", "@type": "http://www.w3.org/2001/XMLSchema#decimal"},
    "method": f"{KG}method",
}
# As long as the contexts that Europe PMC gives.
_AROUND = 40
_DEFAULT = DefaultGraph()
_TYPE = NamedNode(f"{RDF}type")

Properties = Mapping[str, Sequence[str]]


class WebAnnotations:
    """The profile `oa`."""

    name = "oa"
    summary = "Web Annotations, one a mention in a text, as JSON lines: quote, offsets, entity"
    suffix = ".jsonl"

    def write(self, view: View, target: Path) -> Written:
        """Write an annotation a line, in the order of the store; one sentence is held at a time.

        Raises:
            KgError: if a sentence has a mention that lacks its words or entity.

        """
        count = unplaced = 0
        with target.open("w", encoding="utf-8", newline="\n") as out:
            for annotation in annotations(view):
                count += 1
                unplaced += "refinedBy" in annotation["target"]["selector"][0]
                out.write(json.dumps(annotation, ensure_ascii=False, separators=(",", ":")))
                out.write("\n")
        notes = []
        if unplaced:
            notes.append(
                f"{unplaced:,} annotations point to a sentence and the words in it: without its "
                "text, which of several mentions stands at which place is not known"
            )
        return Written(files={target: f"{count:,} annotations"}, notes=tuple(notes))


def annotations(view: View) -> Iterator[dict[str, Any]]:
    """Yield the annotations of a view as JSON-LD, sentence by sentence."""
    store, reader = view.store, GraphReader(view)
    creator = _creator(view)
    for quad in store.quads_for_pattern(None, _TYPE, NamedNode(f"{KG}Sentence"), _DEFAULT):
        sentence = quad.subject
        assert isinstance(sentence, NamedNode)  # noqa: S101
        found = properties_of(store, sentence)
        nodes = sorted(found.get(f"{KG}hasMention", ()))
        mentions = [_whole(reader.wording(node)) for node in nodes]
        places = sorted(int(place) for place in found.get(f"{KG}mentionAt", ()))
        for mention, selectors in _selections(found, mentions, places):
            yield _annotation(view.base_iri, sentence.value, found, mention, selectors, creator)


def properties_of(store: Store, subject: NamedNode) -> dict[str, list[str]]:
    """Return what is said of a node: the values of each property, as plain text."""
    found: dict[str, list[str]] = {}
    for quad in store.quads_for_pattern(subject, None, None, _DEFAULT):
        value = quad.object
        assert hasattr(value, "value")  # noqa: S101 (graphs hold no triple terms)
        found.setdefault(quad.predicate.value, []).append(value.value)
    return found


def software_agents(store: Store) -> list[tuple[str, Properties]]:
    """Return the programs that found what a graph says, by IRI, each with its properties."""
    nodes = sorted(
        quad.subject.value
        for quad in store.quads_for_pattern(
            None, _TYPE, NamedNode(f"{PROV}SoftwareAgent"), _DEFAULT
        )
        if isinstance(quad.subject, NamedNode)
    )
    return [(node, properties_of(store, NamedNode(node))) for node in nodes]


def _creator(view: View) -> dict[str, str]:
    """Return the program that made the mentions, as the manifest has it."""
    version = str(view.manifest.get("kg_version") or "")
    name = f"kg {version}".strip()
    return {
        "id": f"{view.base_iri}method/recognition{f'-{version}' if version else ''}",
        "type": "Software",
        "name": name,
    }


def _whole(wording: Wording) -> Wording:
    for name, value in (("exact", wording.words), ("refersTo", wording.entity)):
        if not value:
            raise KgError(
                f"the mention <{wording.iri}> has no kg:{name}, so that it cannot be an annotation"
            )
    return wording


_Selector = dict[str, Any]


def _selections(
    sentence: Properties, mentions: Sequence[Wording], places: Sequence[int]
) -> Iterator[tuple[Wording, list[_Selector]]]:
    """Yield each mention at each of its places, with the selectors that lead there."""
    begin = int(next(iter(sentence.get(f"{KG}start", ())), "0"))
    text = next(iter(sentence.get(f"{KG}text", ())), None)
    if text is None and len(mentions) > 1:
        end = next(iter(sentence.get(f"{KG}end", ())), None)
        for mention in mentions:
            quote = _quote(mention.words)
            within = [] if end is None else [{**_position(begin, int(end)), "refinedBy": quote}]
            yield mention, within or [quote]
        return
    if text is None:
        for mention in mentions:
            for place in places:
                after = place + len(mention.words)
                yield mention, [_quote(mention.words), _position(place, after)]
        return
    for each in place_mentions(text, begin, places, mentions):
        at, after = each.start - begin, each.end - begin
        quote = _quote(
            each.wording.words, text[max(0, at - _AROUND) : at], text[after : after + _AROUND]
        )
        yield each.wording, [quote, _position(each.start, each.end)]


def _quote(exact: str, prefix: str | None = None, suffix: str | None = None) -> _Selector:
    quote: _Selector = {"type": "TextQuoteSelector", "exact": exact}
    if prefix is not None:
        quote |= {"prefix": prefix, "suffix": suffix}
    return quote


def _position(start: int, end: int) -> _Selector:
    return {"type": "TextPositionSelector", "start": start, "end": end}


def _annotation(
    base: str,
    sentence: str,
    found: Properties,
    mention: Wording,
    selectors: list[_Selector],
    creator: Mapping[str, str],
) -> dict[str, Any]:
    """Return one annotation; all its nodes have IRIs, made of where it stands and what it says."""
    where = json.dumps(selectors, sort_keys=True)
    node = f"{base}annotation/{content_hash(sentence, mention.iri, where)}"
    named = [
        _named(selector, f"{node}#selector-{number}")
        for number, selector in enumerate(selectors, 1)
    ]
    annotation: dict[str, Any] = {
        "@context": [CONTEXT, _MORE],
        "id": node,
        "type": "Annotation",
        "motivation": "identifying",
        "creator": creator,
        "body": mention.entity,
        "target": {
            "id": f"{node}#target",
            "type": "SpecificResource",
            "source": next(iter(found.get(f"{KG}inPublication", ())), sentence),
            "field": next(iter(found.get(f"{KG}field", ())), ""),
            "selector": named,
        },
    }
    if mention.score is not None:
        annotation["score"] = str(mention.score)
    if mention.method:
        annotation["method"] = mention.method
    return annotation


def _named(selector: _Selector, node: str) -> _Selector:
    named = {"id": node, **selector}
    if "refinedBy" in named:
        named["refinedBy"] = {"id": f"{node}-quote", **named["refinedBy"]}
    return named
