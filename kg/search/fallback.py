"""Floor 7: search where there is no index: a few SPARQL queries, each with a bound.

Labels, close synonyms, titles and sentences are looked through for the words; what mentions an
entity that is called so is found too. There is no order by relevance, and no next page.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, QueryTriples

from kg.namespaces import DCTERMS, KG, RDF, RDFS, SKOS, iri_to_curie
from kg.search.asking import LONGEST_QUERY, Unit, read_units
from kg.search.found import KINDS, Found, Hit, Kind, Match, Suggestion
from kg.search.snippets import mark
from kg.search.words import words_of
from kg.vocabulary.names import GREEK

_PREFIXES = {"dcterms": DCTERMS, "kg": KG, "rdf": RDF, "rdfs": RDFS, "skos": SKOS}
_MOST_UNITS = 8
_MOST_ENTITIES = 8
_BETWEEN = "[^0-9A-Za-z]{0,2}"
_LETTERS = {
    name: "".join(letter for letter, spelled in GREEK.items() if spelled == name)
    for name in GREEK.values()
}

_ENTITIES = """
SELECT DISTINCT ?thing ?curie ?label ?name ?class {{
  ?thing kg:curie ?curie ; rdfs:label ?label ; rdfs:label|skos:altLabel ?name .
  {filters}
  OPTIONAL {{ ?thing a ?class FILTER(STRSTARTS(STR(?class), STR(kg:))) }}
}} LIMIT {limit}
"""
_PAPERS = """
SELECT DISTINCT ?thing ?title ?year {{
  {{ SELECT DISTINCT ?thing {{
    {mentioned}
    {{ ?thing dcterms:title ?name {filters} }}
  }} LIMIT {limit} }}
  ?thing dcterms:title ?title .
  OPTIONAL {{ ?thing kg:year ?year }}
}} LIMIT {limit}
"""
_SENTENCES = """
SELECT DISTINCT ?thing ?text ?paper ?title ?year {{
  {{ SELECT DISTINCT ?thing {{
    {mentioned}
    {{ ?thing kg:text ?name {filters} }}
  }} LIMIT {limit} }}
  ?thing kg:text ?text ; kg:inPublication ?paper .
  ?paper dcterms:title ?title FILTER(?text != ?title)
  OPTIONAL {{ ?paper kg:year ?year }}
}} LIMIT {limit}
"""
_MENTIONED = {
    Kind.PAPER: "{{ VALUES ?e {{ {entities} }} ?thing kg:mentions ?e }} UNION",
    Kind.SENTENCE: (
        "{{ VALUES ?e {{ {entities} }} ?m kg:refersTo ?e . ?thing kg:hasMention ?m }} UNION"
    ),
}
_NAMES = """
SELECT DISTINCT ?thing ?curie ?label ?name ?class {{
  ?thing kg:curie ?curie ; rdfs:label ?label ; rdfs:label|skos:altLabel ?name .
  FILTER(REGEX(?name, {pattern}, "i"))
  OPTIONAL {{ ?thing a ?class FILTER(STRSTARTS(STR(?class), STR(kg:))) }}
}} LIMIT {limit}
"""


class Queryable(Protocol):
    """What answers SPARQL: a graph, or what stands for one."""

    def query(
        self, sparql: str, *, prefixes: Mapping[str, str] | None = None
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Run a query."""


def search_graph(
    graph: Queryable,
    query: str,
    kind: Kind | None = None,
    *,
    limit: int = 20,
    is_first: bool = True,
) -> Found:
    """Return some of what has all words of a query, entities first; `kind` gives one kind alone.

    There is one page: where it is not the first that is asked for, there are no more hits.

    Raises:
        KgError: if the graph cannot be asked.
    """
    units = read_units(query[:LONGEST_QUERY], lambda _: ())[:_MOST_UNITS] if is_first else []
    found: dict[Kind, list[Hit]] = {each: [] for each in KINDS}
    entities: list[str] = []
    if units:
        found[Kind.ENTITY] = _find_entities(graph, units, limit + 1)
        key = words_of(query)
        exact = [hit for hit in found[Kind.ENTITY] if _is_called(hit, key)]
        entities = [hit.iri for hit in exact][:_MOST_ENTITIES]
        found[Kind.ENTITY] = [*exact, *(h for h in found[Kind.ENTITY] if h not in exact)]
        for each in (Kind.PAPER, Kind.SENTENCE):
            if kind in (None, each):
                found[each] = _find_texts(graph, each, units, entities, limit + 1)
    wanted = KINDS if kind is None else (kind,)
    return Found(
        hits=tuple(hit for each in wanted for hit in found[each][:limit])[: limit * len(wanted)],
        counts={each: min(len(hits), limit) for each, hits in found.items()},
        matched=dict.fromkeys(KINDS, Match.ALL),
        is_complete=all(len(found[each]) <= limit for each in wanted),
    )


def suggest_names(graph: Queryable, text: str, *, limit: int = 10) -> list[Suggestion]:
    """Return names of entities that begin as a text does, in no particular order.

    Raises:
        KgError: if the graph cannot be asked.
    """
    words = words_of(text[:LONGEST_QUERY])
    if not words:
        return []
    pattern = _literal(f"^{_pattern(words)}")
    rows = _rows(graph, _NAMES.format(pattern=pattern, limit=4 * limit))
    suggestions = {
        row["thing"]: Suggestion(
            name=row["name"],
            iri=row["thing"],
            curie=row["curie"],
            kind="entity",
            cls=row["class"].removeprefix(KG),
            label=row["label"],
            papers=0,
        )
        for row in rows
    }
    return sorted(suggestions.values(), key=lambda each: (len(each.name), each.name))[:limit]


def _find_entities(graph: Queryable, units: Sequence[Unit], limit: int) -> list[Hit]:
    rows = _rows(graph, _ENTITIES.format(filters=_filters(units), limit=4 * limit))
    phrases = {unit.words for unit in units}
    hits: dict[str, Hit] = {}
    for row in sorted(rows, key=lambda row: (len(row["name"]), row["name"])):
        hit = Hit(
            iri=row["thing"],
            curie=row["curie"],
            kind=Kind.ENTITY,
            cls=row["class"].removeprefix(KG),
            label=row["label"],
            snippet=mark(row["name"], phrases),
        )
        hits.setdefault(hit.iri, hit)
    return list(hits.values())[:limit]


def _is_called(hit: Hit, key: str) -> bool:
    name = "".join(part.text for part in hit.snippet)
    return key in (words_of(name), words_of(hit.label), words_of(hit.curie))


def _find_texts(
    graph: Queryable, kind: Kind, units: Sequence[Unit], entities: Sequence[str], limit: int
) -> list[Hit]:
    mentioned = ""
    if entities:
        values = " ".join(str(NamedNode(iri)) for iri in entities)
        mentioned = _MENTIONED[kind].format(entities=values)
    query = _PAPERS if kind is Kind.PAPER else _SENTENCES
    rows = _rows(graph, query.format(mentioned=mentioned, filters=_filters(units), limit=limit))
    phrases = {unit.words for unit in units}
    is_paper = kind is Kind.PAPER
    return [
        Hit(
            iri=row["thing"],
            curie=(iri_to_curie(row["thing"]) or "") if is_paper else "",
            kind=kind,
            cls="Publication" if is_paper else "Sentence",
            label=row["title"],
            paper="" if is_paper else row["paper"],
            year=int(row["year"]) if row["year"].isdigit() else None,
            snippet=mark(row["title"] if is_paper else row["text"], phrases),
        )
        for row in rows
    ]


def _filters(units: Iterable[Unit]) -> str:
    return " ".join(
        f'FILTER(REGEX(STR(?name), {_literal(_pattern(unit.words, whole=True))}, "i"))'
        for unit in units
    )


def _pattern(words: str, *, whole: bool = False) -> str:
    """Return what finds words in a text, in whatever way they are joined.

    >>> _pattern("il 7")
    'il[^0-9A-Za-z]{0,2}7'
    """
    forms = [f"({form}|[{_LETTERS[form]}])" if form in _LETTERS else form for form in words.split()]
    pattern = _BETWEEN.join(forms)
    if not whole:
        return pattern
    start = "(^|[^0-9])" if words[:1].isdigit() else "(^|[^A-Za-z])"
    return start + pattern + ("([^0-9]|$)" if words.rstrip()[-1:].isdigit() else "")


def _literal(text: str) -> str:
    return str(Literal(text))


def _rows(graph: Queryable, query: str) -> list[dict[str, str]]:
    """Return the rows of a SELECT as texts, what is not bound as an empty one."""
    result = graph.query(query, prefixes=_PREFIXES)
    assert isinstance(result, QuerySolutions)  # noqa: S101
    names = [variable.value for variable in result.variables]
    rows = []
    for solution in result:
        terms = [solution[name] for name in names]
        rows.append(
            {name: str(getattr(term, "value", "")) for name, term in zip(names, terms, strict=True)}
        )
    return rows
