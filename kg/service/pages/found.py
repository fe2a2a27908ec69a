"""Floor 10: the page of what a search found: entities, papers, sentences with the words marked."""

from collections.abc import Mapping
from itertools import accumulate

from markupsafe import Markup, escape

from kg.descriptions import Readable
from kg.descriptions.naming import cut
from kg.descriptions.sentences import Sentence, read_sentences
from kg.namespaces import KG
from kg.search import Found, Hit, Kind, Match, plain
from kg.service.pages.kinds import KINDS
from kg.service.pages.marking import Span, link_found
from kg.service.pages.rendering import render, visible
from kg.service.pages.shown import Shown

_NAMES = {
    Kind.ENTITY: ("entity", "entities"),
    Kind.PAPER: ("paper", "papers"),
    Kind.SENTENCE: ("sentence", "sentences"),
}
_TWO = 2
_LOOSELY = {
    Match.BEGINNING: "the last word as the beginning of a word",
    Match.ANY: "a part of the words",
}
_STYLES = {kind.iri.removeprefix(KG): kind for kind in KINDS}


def write_found_page(
    graph: Readable,
    shown: Shown,
    text: str,
    only: str,
    found: Found,
    *,
    state: str,
    is_first: bool,
    following: str,
) -> bytes:
    """Return the page; `state` says from which index it comes, `following` is the next page."""
    addresses = shown.addresses
    total = sum(found.counts.values())
    quoted = read_sentences(graph, (hit.iri for hit in found.hits if hit.kind is Kind.SENTENCE))
    shown.names.read(
        [
            *(each.iri for each in found.taken),
            *(entity for one in quoted.values() for _, entity in one.mentioned),
        ]
    )
    return render(
        "search.html",
        addresses.server,
        searched=text,
        only=only,
        total=total,
        tabs=[
            ("everything", total, addresses.page("search", q=text), not only),
            *(
                (names[1], found.counts.get(kind, 0), _only(shown, text, kind), only == kind)
                for kind, names in _NAMES.items()
            ),
        ],
        is_complete=found.is_complete,
        taken=[(each.text, shown.link(each.iri, each.label or each.curie)) for each in found.taken],
        joining=_joining(shown, found),
        loosely=_loosely(found),
        hits=[_hit(shown, hit, quoted.get(hit.iri)) for hit in found.hits],
        state=state,
        first="" if is_first else addresses.page("search", q=text, type=only),
        next=following,
    )


def _only(shown: Shown, text: str, kind: Kind) -> str:
    return shown.addresses.page("search", q=text, type=kind.value)


def _joining(shown: Shown, found: Found) -> tuple[str, str, str] | None:
    """Return the names of the two entities that were looked for, and where is what joins them."""
    taken = {each.iri: each.label or each.curie for each in found.taken}
    if len(taken) != _TWO:
        return None
    (first, one), (second, other) = taken.items()
    return one, other, shown.addresses.connect(first, second)


def _loosely(found: Found) -> list[tuple[str, str]]:
    """Return which kinds of things were found by less than all words, and how."""
    kinds: dict[str, list[str]] = {}
    for kind, match in found.matched.items():
        if match in _LOOSELY and found.counts.get(kind):
            kinds.setdefault(_LOOSELY[match], []).append(_NAMES[kind][1])
    return [(" or ".join(names), how) for how, names in kinds.items()]


def _hit(shown: Shown, hit: Hit, quoted: Sentence | None) -> Mapping[str, object]:
    addresses = shown.addresses
    kind = _STYLES.get(hit.cls.removeprefix(KG).rpartition(":")[2])
    is_sentence = hit.kind is Kind.SENTENCE
    label = hit.label or hit.curie or shown.names.short(hit.iri)
    # What was found is the name itself, and is told once.
    is_label = plain(hit.snippet) == label
    return {
        "kind": hit.kind.value,
        "name": kind.name if kind else _NAMES[hit.kind][0],
        "style": kind.style if kind else "",
        "label": _snippet(hit) if is_label else cut(label),
        "curie": hit.curie if hit.kind is Kind.ENTITY else "",
        "href": addresses.sentence(hit.paper, hit.iri) if is_sentence else addresses.of(hit.iri),
        "year": hit.year,
        "papers": hit.papers,
        "papers_href": addresses.papers(hit.iri) if hit.kind is Kind.ENTITY else "",
        "snippet": "" if is_label else _snippet(hit, shown, quoted),
    }


def _snippet(hit: Hit, shown: Shown | None = None, quoted: Sentence | None = None) -> Markup:
    """Return the part of the text that was found, with the words that matched marked.

    A sentence that is there as a whole leads from its words to what they name.
    """
    if shown is not None and quoted is not None and quoted.text == plain(hit.snippet):
        ends = accumulate(len(part.text) for part in hit.snippet)
        places = zip(hit.snippet, ends, strict=True)
        return link_found(
            shown,
            quoted,
            [Span(end - len(part.text), end) for part, end in places if part.match],
        )
    parts = (
        Markup("<mark>{}</mark>").format(visible(part.text))
        if part.match
        else escape(visible(part.text))
        for part in hit.snippet
    )
    return Markup("").join(parts)
