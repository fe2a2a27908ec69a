"""Floor 7: what a search gave as plain values, for JSON and for tables. Pure."""

from collections.abc import Iterable

from kg.search.found import Found, Hit, Suggestion
from kg.search.snippets import plain

Row = dict[str, object]

HIT_COLUMNS = (
    "type", "class", "curie", "iri", "label", "year", "papers", "paper", "snippet",
)  # fmt: skip
SUGGESTION_COLUMNS = ("name", "type", "class", "curie", "iri", "label", "papers")


def describe_found(found: Found) -> Row:
    """Return what a search gave, without the link to the next page."""
    return {
        "counts": {kind.value: count for kind, count in found.counts.items()},
        "complete": found.is_complete,
        "matched": {kind.value: match.value for kind, match in found.matched.items()},
        "taken": [
            {"text": each.text, "iri": each.iri, "curie": each.curie or None, "label": each.label}
            for each in found.taken
        ],
        "hits": [describe_hit(hit) for hit in found.hits],
    }


def describe_hit(hit: Hit) -> Row:
    """Return a hit; its snippet as parts, each of which says whether it matched."""
    return {
        "type": hit.kind.value,
        "class": hit.cls,
        "curie": hit.curie or None,
        "iri": hit.iri,
        "label": hit.label,
        "year": hit.year,
        "papers": hit.papers,
        "paper": hit.paper or None,
        "snippet": [{"text": part.text, "match": part.match} for part in hit.snippet],
    }


def describe_suggestion(each: Suggestion) -> Row:
    """Return a suggestion."""
    return {
        "name": each.name,
        "type": each.kind,
        "class": each.cls,
        "curie": each.curie or None,
        "iri": each.iri,
        "label": each.label,
        "papers": each.papers,
    }


def hit_cells(hits: Iterable[Hit]) -> list[list[str | int | None]]:
    """Return hits as the rows of a table, in the order of `HIT_COLUMNS`."""
    return [
        _cells({**describe_hit(hit), "snippet": plain(hit.snippet)}, HIT_COLUMNS) for hit in hits
    ]


def suggestion_cells(suggestions: Iterable[Suggestion]) -> list[list[str | int | None]]:
    """Return suggestions as the rows of a table, in the order of `SUGGESTION_COLUMNS`."""
    return [_cells(describe_suggestion(each), SUGGESTION_COLUMNS) for each in suggestions]


def _cells(row: Row, columns: Iterable[str]) -> list[str | int | None]:
    values = (row[name] for name in columns)
    return [value if value is None or isinstance(value, int) else str(value) for value in values]
