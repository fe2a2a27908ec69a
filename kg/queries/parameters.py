"""Floor 8: what a person gave for a parameter -> terms, and what each was taken for.

An entity is given by name, symbol, synonym, CURIE or any known form of its IRI. Names are looked up
in the lexicon, then in the graph itself, which may hold entities that no vocabulary has.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, QueryTriples

from kg.errors import ParameterError
from kg.model import EntityType, Term
from kg.namespaces import (
    DCTERMS,
    KG,
    OWL,
    RDFS,
    SKOS,
    curie_to_iri,
    has_iri,
    iri_to_curie,
    parse_curie,
)
from kg.queries.saved import Parameter, ParameterType

if TYPE_CHECKING:
    from kg.vocabulary.lexicon import Candidate

_SHOWN = 6
"""How many entities are named to choose from."""

_LOOKED_AT = 10_000
"""Things of one name or identifier that are looked through for entities."""

# A candidate is taken at once where no other comes this near to its score.
CLEARLY_ABOVE = 0.05

_CLASSES = {
    "Gene": EntityType.GENE,
    "GeneFamily": EntityType.GENE_FAMILY,
    "CellType": EntityType.CELL_TYPE,
    "Disease": EntityType.DISEASE,
    "Organism": EntityType.ORGANISM,
    "AnatomicalStructure": EntityType.ANATOMY,
    "BiologicalProcess": EntityType.PROCESS,
    "Chemical": EntityType.CHEMICAL,
}
_IRI = re.compile(r"https?://", re.IGNORECASE)
_PREFIXES = f"PREFIX kg: <{KG}>\nPREFIX rdfs: <{RDFS}>\nPREFIX skos: <{SKOS}>\n"
_VALUES_CLASS = "VALUES ?class { " + " ".join(f"kg:{name}" for name in _CLASSES) + " }"
# A class of an ontology that was added, of no type here; not of this project's own ontology.
_OTHER_CLASS = (
    f"VALUES ?class {{ <{OWL}Class> }} FILTER(!STRSTARTS(STR(?entity), STR(kg:))) "
    f"FILTER NOT EXISTS {{ ?entity <{OWL}deprecated> true }}"
)


class Lexicon(Protocol):
    """What is asked of a lexicon (`kg.vocabulary.lexicon.Lexicon` is one)."""

    def candidates(self, text: str, /) -> "Sequence[Candidate]":
        """Return the terms that a text may stand for, best first."""

    def suggest(self, text: str, /) -> "Sequence[Candidate]":
        """Return terms with a name near a text, best first."""

    @property
    def term(self) -> Callable[[str], Term | None]:
        """Return a term by its CURIE; a function, kept as a property so that it may be cached."""


class Queryable(Protocol):
    """Anything that answers SPARQL: a graph on disk, or a store in memory."""

    def query(self, sparql: str, /) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Run a query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A value that was given, and what it was taken for.

    `id` is a CURIE (an IRI for an entity without one), and None for what is no entity.
    `in_graph` is false for an entity that the vocabularies know and this graph does not hold.
    """

    given: str
    id: str | None
    label: str
    term: NamedNode | Literal
    type: EntityType | None = None
    in_graph: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entity:
    """An entity that a text may stand for, from the lexicon or from the graph."""

    iri: str
    id: str
    label: str
    type: EntityType | None
    in_graph: bool
    score: float = 1.0

    def __str__(self) -> str:
        return f"{self.label} ({self.id}{f', {self.type.value}' if self.type else ''})"

    def as_candidate(self) -> dict[str, str | float | None]:
        """Return what a program needs to choose this one."""
        return {
            "id": self.id,
            "label": self.label,
            "type": None if self.type is None else self.type.value,
            "score": round(self.score, 4),
        }


def resolve_parameter(
    parameter: Parameter, given: Sequence[str], graph: Queryable, lexicon: Lexicon | None
) -> tuple[Resolved, ...]:
    """Return what was given for a parameter as terms, in the order given.

    Several values stand each in an entry of its own, or, but for texts, between commas; a name with
    a comma in it is tried whole first.

    Raises:
        ParameterError: if a value is of the wrong type, unknown or ambiguous.

    """
    if parameter.type is ParameterType.ENTITY:
        return tuple(
            each
            for text in given
            for each in _resolve_entities(parameter, text.strip(), graph, lexicon)
        )
    parts = list(given)
    if parameter.type is not ParameterType.TEXT:
        parts = [part.strip() for text in given for part in text.split(",")]
    if len(parts) > 1 and (parameter.type is ParameterType.BOOLEAN or parameter.name == "limit"):
        raise _refused(parameter, ",".join(parts), f"takes one value, not {len(parts)}")
    return tuple(_resolve_literal(parameter, part) for part in parts)


def _resolve_literal(parameter: Parameter, text: str) -> Resolved:
    value: str | int | bool
    if parameter.type is ParameterType.INTEGER:
        value = parse_integer(parameter.name, text)
        if parameter.name == "limit" and value < 1:
            raise _refused(parameter, text, f"takes a number from 1 on, not {value}")
    elif parameter.type is ParameterType.BOOLEAN:
        value = parse_boolean(parameter.name, text)
    elif parameter.type is ParameterType.CHOICE:
        value = _parse_choice(parameter, text)
    else:
        value = text
        if not text.strip():
            raise _refused(parameter, text, "is empty")
    label = str(value).lower() if isinstance(value, bool) else str(value)
    return Resolved(given=text, id=None, label=label, term=Literal(value))


def _refused(parameter: Parameter, text: str, why: str) -> ParameterError:
    """Return the error that a value is not what its parameter takes."""
    return ParameterError(f"{parameter.name} {why}", parameter=parameter.name, value=text)


def parse_integer(name: str, text: str) -> int:
    """Return a whole number of at most nine digits.

    >>> parse_integer("limit", " 20 ")
    20
    """
    if re.fullmatch(r"\s*[+-]?[0-9]{1,9}\s*", text) is None:
        raise ParameterError(
            f"{name} takes a whole number, not '{text}'", parameter=name, value=text
        )
    return int(text)


def parse_boolean(name: str, text: str) -> bool:
    """Return a switch's value.

    >>> parse_boolean("subtypes", "No")
    False
    """
    word = text.strip().casefold()
    if word in ("true", "yes", "on", "1"):
        return True
    if word in ("false", "no", "off", "0"):
        return False
    raise ParameterError(f"{name} takes true or false, not '{text}'", parameter=name, value=text)


def _parse_choice(parameter: Parameter, text: str) -> str:
    """Return the choice that is meant: in any capitals, with a space, `_` or `-` between words."""
    words = text.casefold()
    for choice in parameter.choices:
        if choice.casefold() in (words, words.replace("_", " ").replace("-", " ")):
            return choice
    choices = ", ".join(parameter.choices)
    raise _refused(parameter, text, f"takes one of {choices}, not '{text}'")


def _resolve_entities(
    parameter: Parameter, text: str, graph: Queryable, lexicon: Lexicon | None
) -> list[Resolved]:
    if not text:
        raise _refused(parameter, text, "is empty")
    found = _find_entities(text, graph, lexicon)
    parts = [part.strip() for part in text.split(",")]
    if not found and len(parts) > 1 and all(parts):
        return [
            _taken(parameter, part, _find_entities(part, graph, lexicon), graph, lexicon)
            for part in parts
        ]
    return [_taken(parameter, text, found, graph, lexicon)]


def _taken(
    parameter: Parameter, text: str, found: list[_Entity], graph: Queryable, lexicon: Lexicon | None
) -> Resolved:
    """Choose among what was found, or say why none can be chosen."""

    def refused(reason: str, message: str, candidates: Sequence[_Entity] = ()) -> ParameterError:
        return ParameterError(
            message,
            parameter=parameter.name,
            value=text,
            reason=reason,
            candidates=[each.as_candidate() for each in candidates[:_SHOWN]],
        )

    if not found:
        if _reads_as_identifier(text):
            raise refused("unknown", f"neither this graph nor the vocabularies know '{text}'")
        suggested = [] if lexicon is None else lexicon.suggest(text)
        near = [_from_candidate(each, graph) for each in suggested if _has_iri(each)]
        hint = f"; did you mean {_or(near)}?" if near else ""
        raise refused("unknown", f"no entity called '{text}'{hint}", near)
    fitting = [each for each in found if not parameter.types or each.type in parameter.types]
    if not fitting:
        wanted = " or ".join(each.value for each in parameter.types)
        message = f"{parameter.name} takes a {wanted}, but '{text}' is {_or(found)}"
        raise refused("type", message, found)
    best = fitting[0]
    near = [each for each in fitting if best.score - each.score < CLEARLY_ABOVE]
    here = [each for each in near if each.in_graph]
    if len(near) > 1 and len(here) != 1:
        raise refused(
            "ambiguous",
            f"'{text}' is ambiguous: {_or(here or near)}; give one by its identifier, such as "
            f"{'' if parameter.positional else f'{parameter.name}='}{(here or near)[0].id}",
            here or near,
        )
    chosen = here[0] if len(near) > 1 else best
    return Resolved(
        given=text,
        id=chosen.id,
        label=chosen.label,
        term=NamedNode(chosen.iri),
        type=chosen.type,
        in_graph=chosen.in_graph,
    )


def _or(entities: Sequence[_Entity]) -> str:
    """Return entities as a list in words.

    A handful is enough to choose from.
    """
    shown = [str(each) for each in entities[:_SHOWN]]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def _find_entities(text: str, graph: Queryable, lexicon: Lexicon | None) -> list[_Entity]:
    """Return what a text may stand for, best first."""
    if _reads_as_identifier(text):
        curie = iri_to_curie(text) if _IRI.match(text) else parse_curie(text)
        return _find_by_identifier(curie, text, graph, lexicon)
    candidates = [] if lexicon is None else lexicon.candidates(text)
    found = [_from_candidate(each, graph) for each in candidates if _has_iri(each)]
    return found or _find_by_name(text, graph)


def _reads_as_identifier(text: str) -> bool:
    return parse_curie(text) is not None or _IRI.match(text) is not None


def _find_by_identifier(
    curie: str | None, text: str, graph: Queryable, lexicon: Lexicon | None
) -> list[_Entity]:
    """Return the entities of an identifier: of the graph, of another registry, of the lexicon."""
    try:
        node = str(NamedNode(text if curie is None else curie_to_iri(curie)))
    except ValueError as error:
        raise ParameterError(f"'{text}' is no IRI: {error}") from error
    pattern = (
        f"{{ BIND({node} AS ?entity) }} UNION {{ ?entity skos:exactMatch {node} }} "
        f"UNION {{ {node} <{DCTERMS}isReplacedBy> ?entity }}"
    )
    found = _entities_where(graph, pattern)
    # The entity itself comes before those that are the same thing in another registry.
    own = [each for each in found if f"<{each.iri}>" == node]
    term = lexicon.term(curie) if lexicon and curie and not found else None
    if term is not None:
        return [_from_candidate_parts(term.curie, term.label, term.type, 1.0, graph)]
    return own or found


def _find_by_name(text: str, graph: Queryable) -> list[_Entity]:
    """Return the entities that the graph has under a name or CURIE: as it stands, else in any case.

    >>> from pyoxigraph import Store
    >>> _find_by_name("IL-7", Store())
    []
    """
    name = str(Literal(text))
    exact = f"VALUES ?name {{ {name} }} ?entity rdfs:label|skos:altLabel|kg:curie ?name ."
    found = _entities_where(graph, exact)
    if found:
        return found
    folded = str(Literal(text.lower()))
    return _entities_where(
        graph,
        # Each property by itself, which takes half the time of a path with all of them.
        "{ ?entity rdfs:label ?name } UNION { ?entity skos:altLabel ?name } "
        f"UNION {{ ?entity kg:curie ?name }} FILTER(LCASE(STR(?name)) = {folded})",
    )


def _entities_where(graph: Queryable, pattern: str) -> list[_Entity]:
    """Return the entities that fit a pattern; where none does, the classes of other ontologies."""
    # What fits is found first and by itself, so that the pattern is gone through once, and no
    # store begins with all the instances of a class.
    rows = graph.query(
        f"{_PREFIXES}SELECT DISTINCT ?entity WHERE {{ {pattern} }} LIMIT {_LOOKED_AT}"
    )
    assert isinstance(rows, QuerySolutions)  # noqa: S101
    fitting = [str(row["entity"]) for row in rows if isinstance(row["entity"], NamedNode)]
    if not fitting:
        return []
    chosen = f"VALUES ?entity {{ {' '.join(fitting)} }}"
    return _select(graph, chosen, _VALUES_CLASS) or _select(graph, chosen, _OTHER_CLASS)


def _select(graph: Queryable, chosen: str, values_class: str) -> list[_Entity]:
    rows = graph.query(
        f"{_PREFIXES}SELECT DISTINCT ?entity ?class ?label ?curie WHERE {{\n"
        f"  {{ SELECT DISTINCT ?entity ?class WHERE {{ {chosen} ?entity a ?class . "
        f"{values_class} }} LIMIT 100 }}\n"
        "  OPTIONAL { ?entity rdfs:label ?label } OPTIONAL { ?entity kg:curie ?curie }\n"
        "} ORDER BY ?entity ?class ?label"
    )
    found: dict[str, _Entity] = {}
    for row in rows if isinstance(rows, QuerySolutions) else ():
        iri = row["entity"]
        if not isinstance(iri, NamedNode):
            continue
        curie = row["curie"].value if row["curie"] is not None else iri_to_curie(iri.value)
        identifier = curie or iri.value
        label = row["label"].value if row["label"] is not None else identifier
        kind = _CLASSES.get(row["class"].value.removeprefix(KG))
        found.setdefault(
            iri.value,
            _Entity(iri=iri.value, id=identifier, label=label, type=kind, in_graph=True),
        )
    return list(found.values())


def _has_iri(candidate: "Candidate") -> bool:
    return has_iri(candidate.curie)


def _from_candidate(candidate: "Candidate", graph: Queryable) -> _Entity:
    return _from_candidate_parts(
        candidate.curie, candidate.label, candidate.type, candidate.score, graph
    )


def _from_candidate_parts(
    curie: str, label: str, kind: EntityType, score: float, graph: Queryable
) -> _Entity:
    iri = curie_to_iri(curie)
    in_graph = bool(
        graph.query(f"{_PREFIXES}ASK {{ {NamedNode(iri)} a ?class . {_VALUES_CLASS} }}")
    )
    return _Entity(iri=iri, id=curie, label=label, type=kind, in_graph=in_graph, score=score)
