"""Floor 8: the mentions of a graph as Web Annotations, one a place, in JSON lines (JSON-LD).

The shape is that in which Europe PMC publishes text-mined terms: the body is the term, the target
the paper with a quote of the words and what stands before and after them. A position is added.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Store

from kg.errors import KgError
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


@dataclass(frozen=True, slots=True)
class _Wording:
    """A mention: its node, the words, and what they were taken for."""

    node: str
    exact: str
    entity: str
    score: str
    method: str


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
    store = view.store
    creator = _creator(view)

    # As many wordings as are met again and again; the rest are looked up anew.
    @lru_cache(maxsize=1 << 15)
    def wording(node: str) -> _Wording:
        return _read_wording(store, node)

    for quad in store.quads_for_pattern(None, _TYPE, NamedNode(f"{KG}Sentence"), _DEFAULT):
        sentence = quad.subject
        assert isinstance(sentence, NamedNode)  # noqa: S101
        found = properties_of(store, sentence)
        mentions = [wording(node) for node in sorted(found.get(f"{KG}hasMention", ()))]
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


def _read_wording(store: Store, node: str) -> _Wording:
    found = properties_of(store, NamedNode(node))
    exact, entity = found.get(f"{KG}exact"), found.get(f"{KG}refersTo")
    if not exact or not entity:
        lacks = "kg:exact" if not exact else "kg:refersTo"
        raise KgError(f"the mention <{node}> has no {lacks}, so that it cannot be an annotation")
    return _Wording(
        node=node,
        exact=exact[0],
        entity=min(entity),
        score=next(iter(found.get(f"{KG}score", ())), ""),
        method=next(iter(found.get(f"{KG}method", ())), ""),
    )


_Selector = dict[str, Any]


def _selections(
    sentence: Properties, mentions: Sequence[_Wording], places: Sequence[int]
) -> Iterator[tuple[_Wording, list[_Selector]]]:
    """Yield each mention at each of its places, with the selectors that lead there."""
    begin = int(next(iter(sentence.get(f"{KG}start", ())), "0"))
    text = next(iter(sentence.get(f"{KG}text", ())), None)
    if text is None and len(mentions) > 1:
        end = next(iter(sentence.get(f"{KG}end", ())), None)
        for mention in mentions:
            quote = _quote(mention.exact)
            within = [] if end is None else [{**_position(begin, int(end)), "refinedBy": quote}]
            yield mention, within or [quote]
        return
    for place in places:
        if text is None:
            mention, quote = mentions[0], _quote(mentions[0].exact)
        else:
            at = place - begin
            standing = [each for each in mentions if text.startswith(each.exact, at)]
            if not standing:
                continue
            # Of two that begin at one place ("T cell", "T cells") the longer one is meant.
            mention = max(standing, key=lambda each: (len(each.exact), each.node))
            after = at + len(mention.exact)
            quote = _quote(
                mention.exact, text[max(0, at - _AROUND) : at], text[after : after + _AROUND]
            )
        yield mention, [quote, _position(place, place + len(mention.exact))]


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
    mention: _Wording,
    selectors: list[_Selector],
    creator: Mapping[str, str],
) -> dict[str, Any]:
    """Return one annotation; all its nodes have IRIs, made of where it stands and what it says."""
    where = json.dumps(selectors, sort_keys=True)
    node = f"{base}annotation/{content_hash(sentence, mention.node, where)}"
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
    if mention.score:
        annotation["score"] = mention.score
    if mention.method:
        annotation["method"] = mention.method
    return annotation


def _named(selector: _Selector, node: str) -> _Selector:
    named = {"id": node, **selector}
    if "refinedBy" in named:
        named["refinedBy"] = {"id": f"{node}-quote", **named["refinedBy"]}
    return named
