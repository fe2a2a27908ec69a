"""Floor 8: which papers there are, by year and by what they mention; which entities, by papers.

Lists are read page by page, by key: the year and the IRI of the paper before, or the papers and the
IRI of the entity before.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.descriptions.model import Readable, nodes, number_of, select
from kg.namespaces import KG

_IN_ORDER = 1_000
"""Papers of a year up to which they are put in order; more come as the store has them."""

_RANKED = 20_000
"""Entities of a class that are looked at."""

_YEARS = 1_000
_AT_ONCE = 500
_PLACE = re.compile(r"(\d{1,9})\.(.+)", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """Papers, the newest first, with their years (0 where one has none).

    There are `total` of them; `after` is what the rest comes after, empty where there is none.
    """

    papers: tuple[tuple[str, int], ...]
    total: int
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entities:
    """Entities, each with how many papers mention it, those first that most do; as `Papers`.

    Where `is_least`, there are more than `total`, and these are some of them.
    """

    entities: tuple[tuple[str, int], ...]
    total: int
    is_least: bool = False
    after: str = ""


def count_years(graph: Readable, entity: str = "", *, below: bool = False) -> dict[int, int]:
    """Return how many papers there are of each year, of those that mention an entity; in order.

    With `below`, what comes under the entity counts for it. Papers without a year are those of 0.

    Raises:
        ValueError: if it is no IRI.
    """
    if not entity:
        # Each year is counted by itself, as one range of an index.
        rows = select(graph, f"SELECT DISTINCT ?year {{ ?p <{KG}year> ?year }} LIMIT {_YEARS}")
        counts = {
            number_of(row, "year"): _count(graph, f"?p <{KG}year> {row['year']}") for row in rows
        }
        every = _count(graph, f"?p a <{KG}Publication>")
    else:
        pattern = _mentioning(entity, below=below)
        rows = select(
            graph,
            f"SELECT ?year (COUNT(?p) AS ?n) {{ {{ {pattern} }} "
            f"?p <{KG}year> ?year }} GROUP BY ?year LIMIT {_YEARS}",
        )
        counts = {number_of(row, "year"): number_of(row, "n") for row in rows}
        every = _count(graph, pattern)
    without = every - sum(counts.values())
    found = {year: number for year, number in counts.items() if number}
    return dict(sorted({**found, **({0: without} if without > 0 else {})}.items()))


def read_papers(
    graph: Readable,
    entity: str = "",
    *,
    years: dict[int, int],
    year: int | None = None,
    below: bool = False,
    after: str = "",
    shown: int = 20,
) -> Papers:
    """Return papers that mention an entity, or all; of one year, or of all, the newest first.

    `years` are how many there are of each (`count_years`). Of a year with more than 1,000 papers,
    they come in the order of the store.

    Raises:
        ValueError: if it is no IRI.
    """
    wanted = years if year is None else {year: years.get(year, 0)}
    place = _PLACE.fullmatch(after)
    begin, key = (int(place[1]), place[2]) if place else (None, "")
    found: list[tuple[str, int]] = []
    end = ""
    for each in sorted(wanted, reverse=True):
        if begin is not None and each > begin:
            continue
        left = shown + 1 - len(found)
        of_year = _read_year(
            graph, entity, each, wanted[each], key if each == begin else "", left, below=below
        )
        for number, (paper, paper_key) in enumerate(of_year):
            if len(found) == shown:
                return Papers(papers=tuple(found), total=sum(wanted.values()), after=end)
            if number < left:
                found.append((paper, each))
                end = f"{each}.{paper_key}"
    return Papers(papers=tuple(found), total=sum(wanted.values()))


def _read_year(
    graph: Readable, entity: str, year: int, number: int, after: str, left: int, *, below: bool
) -> list[tuple[str, str]]:
    """Return papers of one year that come after others, each with what it is known by."""
    if entity:
        pattern = f"{{ {_mentioning(entity, below=below)} }}"
    else:
        pattern = "" if year else f"?p a <{KG}Publication> ."
    of_year = f"?p <{KG}year> {year}" if year else f"FILTER NOT EXISTS {{ ?p <{KG}year> ?any }}"
    query = f"SELECT ?p {{ {pattern} {of_year} }}"
    if number > _IN_ORDER:
        begin = int(after) if after.isascii() and after.isdecimal() else 0
        rows = select(graph, f"{query} LIMIT {left} OFFSET {begin}")
        return [(row["p"].value, str(begin + place)) for place, row in enumerate(rows, start=1)]
    iris = sorted({row["p"].value for row in select(graph, f"{query} LIMIT {_IN_ORDER}")})
    return [(iri, iri) for iri in iris if iri > after][:left]


def read_entities(graph: Readable, class_: str, *, after: str = "", shown: int = 50) -> Entities:
    """Return the entities of a class, those first that most papers mention.

    Raises:
        ValueError: if it is no IRI.
    """
    rows = select(
        graph,
        f"SELECT ?e (COUNT(?p) AS ?n) {{ {{ SELECT ?e {{ ?e a {NamedNode(class_)} }} "
        f"LIMIT {_RANKED} }} OPTIONAL {{ ?p <{KG}mentions> ?e }} }} GROUP BY ?e",
    )
    ranked = sorted(
        (-number_of(row, "n"), row["e"].value) for row in rows if isinstance(row["e"], NamedNode)
    )
    place = _PLACE.fullmatch(after)
    begin = (-int(place[1]), place[2]) if place else None
    left = [each for each in ranked if begin is None or each > begin]
    taken = left[:shown]
    return Entities(
        entities=tuple((iri, -number) for number, iri in taken),
        total=len(ranked),
        is_least=len(ranked) == _RANKED,
        after=f"{-taken[-1][0]}.{taken[-1][1]}" if len(left) > shown else "",
    )


def count_mentioning(graph: Readable, entities: Iterable[str]) -> dict[str, int]:
    """Return how many papers mention each of these entities.

    Raises:
        ValueError: if one of these is no IRI.
    """
    wanted = nodes(list(dict.fromkeys(entities)))
    if not wanted:
        return {}
    rows = select(
        graph,
        f"SELECT ?e (COUNT(?p) AS ?n) {{ VALUES ?e {{ {wanted} }} ?p <{KG}mentions> ?e }} "
        "GROUP BY ?e",
    )
    return {row["e"].value: number_of(row, "n") for row in rows}


def find_most_mentioned(
    graph: Readable, classes: Iterable[str], each: int, sample: int = 2_000
) -> dict[str, list[tuple[str, int]]]:
    """Return of each class the entities that most papers mention, and how many do.

    Which these are is found in a `sample` of the papers where there are more; of what is found
    there, three times as many as are wanted are counted in all papers.
    """
    publication = f"?p a <{KG}Publication>"
    is_all = _count(graph, f"SELECT ?p {{ {publication} }} LIMIT {sample + 1}") <= sample
    some = "" if is_all else f"{{ SELECT ?p {{ {publication} }} LIMIT {sample} }}"
    rows = select(
        graph, f"SELECT ?e (COUNT(?p) AS ?n) {{ {some} ?p <{KG}mentions> ?e }} GROUP BY ?e"
    )
    counts = {row["e"].value: number_of(row, "n") for row in rows}
    ranked = sorted(counts, key=lambda iri: (-counts[iri], iri))
    wanted = set(classes)
    most = each if is_all else 3 * each
    found: dict[str, list[str]] = {}
    # The first few hundred have some of each class that there is much of.
    for begin in range(0, len(ranked), _AT_ONCE):
        part = ranked[begin : begin + _AT_ONCE]
        kinds = select(graph, f"SELECT ?e ?t {{ VALUES ?e {{ {nodes(part)} }} ?e a ?t }}")
        types: dict[str, set[str]] = {}
        for row in kinds:
            types.setdefault(row["e"].value, set()).add(row["t"].value)
        for iri in part:
            for kind in sorted(types.get(iri, set()) & wanted):
                of_kind = found.setdefault(kind, [])
                if len(of_kind) < most:
                    of_kind.append(iri)
        if len(found) == len(wanted) and all(len(of_kind) == most for of_kind in found.values()):
            break
    exact = count_mentioning(graph, (iri for of_kind in found.values() for iri in of_kind))
    return {
        kind: sorted(((iri, exact.get(iri, 0)) for iri in of_kind), key=lambda it: (-it[1], it[0]))[
            :each
        ]
        for kind, of_kind in found.items()
    }


def _mentioning(entity: str, *, below: bool) -> str:
    x = NamedNode(entity)
    if below:
        return f"SELECT DISTINCT ?p {{ ?named <{KG}ancestor>? {x} . ?p <{KG}mentions> ?named }}"
    return f"?p <{KG}mentions> {x}"


def _count(graph: Readable, pattern: str) -> int:
    rows = select(graph, f"SELECT (COUNT(*) AS ?n) {{ {{ {pattern} }} }}")
    return next((number_of(row, "n") for row in rows), 0)
