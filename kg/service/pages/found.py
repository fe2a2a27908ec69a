"""Floor 10: the page of what a search found: entities, papers, sentences with the words marked."""

from collections.abc import Mapping

from markupsafe import Markup, escape

from kg.descriptions.naming import cut
from kg.namespaces import KG
from kg.search import Found, Hit, Kind, Match, plain
from kg.service.pages.kinds import KINDS
from kg.service.pages.rendering import render, visible
from kg.service.pages.shown import Shown

_NAMES = {
    Kind.ENTITY: ("entity", "entities"),
    Kind.PAPER: ("paper", "papers"),
    Kind.SENTENCE: ("sentence", "sentences"),
}
_LOOSELY = {
    Match.BEGINNING: "the last word as the beginning of a word",
    Match.ANY: "a part of the words",
}
_STYLES = {kind.iri.removeprefix(KG): kind for kind in KINDS}


def write_found_page(
    shown: Shown, text: str, only: str, found: Found, *, state: str, is_first: bool, following: str
) -> bytes:
    """Return the page; `state` says from which index it comes, `following` is the next page."""
    addresses = shown.addresses
    total = sum(found.counts.values())
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
        loosely=[
            (_NAMES[kind][1], _LOOSELY[match])
            for kind, match in found.matched.items()
            if match in _LOOSELY and found.counts.get(kind)
        ],
        hits=[_hit(shown, hit) for hit in found.hits],
        state=state,
        first="" if is_first else addresses.page("search", q=text, type=only),
        next=following,
    )


def _only(shown: Shown, text: str, kind: Kind) -> str:
    return shown.addresses.page("search", q=text, type=kind.value)


def _hit(shown: Shown, hit: Hit) -> Mapping[str, object]:
    addresses = shown.addresses
    kind = _STYLES.get(hit.cls.removeprefix(KG).rpartition(":")[2])
    is_sentence = hit.kind is Kind.SENTENCE
    label = hit.label or hit.curie or shown.names.short(hit.iri)
    # A title that was found is the name of its paper too, and is told once.
    is_label = hit.kind is Kind.PAPER and plain(hit.snippet) == label
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
        "snippet": "" if is_label else _snippet(hit),
    }


def _snippet(hit: Hit) -> Markup:
    """Return the part of the text that was found, with the words that matched marked."""
    parts = (
        Markup("<mark>{}</mark>").format(visible(part.text))
        if part.match
        else escape(visible(part.text))
        for part in hit.snippet
    )
    return Markup("").join(parts)
