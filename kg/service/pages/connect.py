"""Floor 10: the page of what joins two entities: sentences, assertions, and third entities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from kg.descriptions.sentences import Sentence
from kg.namespaces import curie_to_iri, parse_curie
from kg.queries.parameters import Resolved
from kg.queries.run import Value
from kg.service.pages.kinds import KINDS
from kg.service.pages.marking import mark_entities, mark_words
from kg.service.pages.rendering import render
from kg.service.pages.shown import Shown

_STYLES = {kind.choice: kind for kind in KINDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two names: as it was given, and what it was taken for, or why for nothing.

    `candidates` are what may be meant instead, each with `id`, `label` and `type`.
    """

    given: str
    resolved: Resolved | None = None
    message: str = ""
    candidates: Sequence[Mapping[str, str | float | None]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The first rows of a saved query, what was asked, and its text; `is_cut` where are more."""

    query: str
    parameters: Mapping[str, str]
    text: str
    rows: Sequence[Mapping[str, Value]]
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What joins two entities; `papers` are those that name both apart, where no sentence does.

    `quoted` are the sentences of all these, by paper and words (`key_of`).
    """

    sentences: Rows
    papers: Rows | None
    acts: Rows
    acts_back: Rows
    through: Rows
    quoted: Mapping[tuple[str, str], Sentence]


def key_of(row: Mapping[str, Value]) -> tuple[str, str]:
    """Return the paper and the words of the sentence that is in a row."""
    return str(row["paper"]), str(row["sentence"])


def write_connect_page(shown: Shown, first: Side, second: Side, joined: Joined | None) -> bytes:
    """Return the page: a form, and what was found, or what may be meant."""
    iris = [side.resolved.term.value for side in (first, second) if side.resolved is not None]
    shown.names.read([*iris, *_of_rows(joined)])
    addresses = shown.addresses
    values: dict[str, object] = {}
    if joined is not None:
        values = {
            "papers": _papers(shown, joined.papers or joined.sentences, joined),
            "is_apart": joined.papers is not None,
            "sentences_from": _source(shown, joined.papers or joined.sentences),
            "asserted": _asserted(shown, joined),
            "asserted_from": [
                (" → ".join(shown.names.of(iri) for iri in ends), _source(shown, each))
                for ends, each in ((iris, joined.acts), (iris[::-1], joined.acts_back))
                if each.rows
            ],
            "through": _through(shown, joined.through, iris),
            "through_from": _source(shown, joined.through),
        }
    return render(
        "connect.html",
        addresses.server,
        sides=[_side(shown, first, second, "a"), _side(shown, second, first, "b")],
        is_same=joined is None and len(iris) == 2,
        is_joined=joined is not None,
        **values,
    )


def _of_rows(joined: Joined | None) -> list[str]:
    """Return the entities of rows, of which names are needed."""
    if joined is None:
        return []
    named = {
        entity
        for some in (joined.papers or joined.sentences, joined.acts, joined.acts_back)
        for row in some.rows
        for entity in _meant(joined.quoted.get(key_of(row)), row)
    }
    return [*(str(row["through"]) for row in joined.through.rows), *sorted(named)]


def _words(row: Mapping[str, Value]) -> set[str]:
    """Return the words by which the sentence of a row names the two entities."""
    columns = ("text_a", "text_b", "subject_text", "object_text")
    return {str(row[name]) for name in columns if row.get(name)}


def _meant(one: Sentence | None, row: Mapping[str, Value]) -> set[str]:
    """Return what these words were taken for: members and subtypes too, where they are meant."""
    words = _words(row)
    return set() if one is None else {entity for said, entity in one.mentioned if said in words}


def _quoted(shown: Shown, joined: Joined, row: Mapping[str, Value]) -> dict[str, object]:
    """Return the sentence of a row with the two entities marked, and where it stands."""
    paper, text = key_of(row)
    one = joined.quoted.get((paper, text))
    if one is None:
        return {"marked": mark_words(text, _words(row)), "href": shown.addresses.of(paper)}
    return {
        "marked": mark_entities(shown, one, _meant(one, row)),
        "href": shown.addresses.sentence(paper, one.iri),
    }


def _side(shown: Shown, side: Side, other: Side, name: str) -> dict[str, object]:
    resolved = side.resolved
    other_given = other.resolved.id if other.resolved and other.resolved.id else other.given
    return {
        "name": name,
        "given": f"{resolved.label} ({resolved.id})" if resolved else side.given,
        "asked": side.given,
        "link": shown.link(resolved.term.value, resolved.label) if resolved else None,
        "kind": _STYLES[resolved.type.value].name if resolved and resolved.type else "",
        "papers_href": shown.addresses.page(
            "papers", mentions=shown.addresses.key(resolved.term.value), below="yes"
        )
        if resolved and resolved.in_graph
        else "",
        "is_known": resolved is None or resolved.in_graph,
        "message": side.message,
        "candidates": [
            {
                "label": str(each["label"]),
                "id": str(each["id"]),
                "kind": _kind_of(each["type"]),
                "style": _style_of(each["type"]),
                "about": shown.addresses.of(_iri_of(str(each["id"]))),
                "href": shown.addresses.page(
                    "connect",
                    **{name: str(each["id"]), "b" if name == "a" else "a": other_given},
                ),
            }
            for each in side.candidates
        ],
    }


def _kind_of(choice: object) -> str:
    return _STYLES[choice].name if isinstance(choice, str) and choice in _STYLES else ""


def _style_of(choice: object) -> str:
    return _STYLES[choice].style if isinstance(choice, str) and choice in _STYLES else ""


def _iri_of(given: str) -> str:
    return curie_to_iri(given) if parse_curie(given) == given else given


def _source(shown: Shown, rows: Rows) -> dict[str, object]:
    """Return where the query of some rows is: its page, its table, its text in an editor."""
    page = shown.addresses.page
    return {
        "page": page(f"queries/{rows.query}", **rows.parameters),
        "csv": page(f"queries/{rows.query}", **rows.parameters, format="csv"),
        "edit": page("editor", query=rows.text),
        "is_cut": rows.is_cut,
    }


def _papers(shown: Shown, found: Rows, joined: Joined) -> list[dict[str, object]]:
    """Return the papers of sentences, each with its sentences."""
    return [
        {
            "href": shown.addresses.of(paper),
            "title": rows[0]["title"],
            "year": rows[0]["year"],
            "journal": rows[0]["journal"],
            "retracted": rows[0]["retracted"] is True,
            "sentences": [
                {
                    **_quoted(shown, joined, row),
                    "field": row["field"],
                    "assertion": row["assertion"],
                }
                for row in rows
            ],
        }
        for paper, rows in _grouped(found, "paper")
    ]


def _asserted(shown: Shown, joined: Joined) -> list[dict[str, object]]:
    """Return assertions, each with the sentences that it rests on.

    What has no direction is found from either side, and told once.
    """
    grouped = dict(_grouped(joined.acts, "fact"))
    for fact, rows in _grouped(joined.acts_back, "fact"):
        grouped.setdefault(fact, rows)
    return [
        {
            "href": shown.addresses.of(fact),
            "words": str(rows[0]["assertion"]).removesuffix(" (speculative)"),
            "sign": rows[0]["sign"],
            "negated": rows[0]["negated"] is True,
            "speculative": all(row["speculative"] is True for row in rows),
            "quotes": [
                {
                    **_quoted(shown, joined, row),
                    "title": row["title"],
                    "year": row["year"],
                    "speculative": row["speculative"] is True,
                }
                for row in rows
            ],
        }
        for fact, rows in grouped.items()
    ]


def _through(shown: Shown, found: Rows, ends: Sequence[str]) -> list[dict[str, object]]:
    connect = shown.addresses.connect
    return [
        {
            "link": shown.link(str(row["through"])),
            "kind": _kind_of(row["type"]),
            "papers_a": row["papers_a"],
            "papers_b": row["papers_b"],
            "href_a": connect(ends[0], str(row["through"])),
            "href_b": connect(str(row["through"]), ends[1]),
        }
        for row in found.rows
    ]


def _grouped(found: Rows, column: str) -> list[tuple[str, list[Mapping[str, Value]]]]:
    """Return rows by what they have in a column, in the order in which that came first."""
    places: dict[str, int] = {}
    for row in found.rows:
        places.setdefault(str(row[column]), len(places))
    ordered = sorted(found.rows, key=lambda row: places[str(row[column])])
    return [(key, list(rows)) for key, rows in groupby(ordered, key=lambda row: str(row[column]))]
