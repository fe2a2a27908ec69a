"""What the tests of validation share: a graph that is right, and a change that breaks each shape.

A constraint of SHACL's core is broken by what its name says (one value too few, a value of another
datatype); a rule that spans nodes by a change written for it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, RdfFormat, Store

from kg.rdf.ontology import named_ontology_lines
from kg.validation import Constraint, read_shapes

KGS = "https://w3id.org/litkg/shapes#"
VALID = Path(__file__).parent / "valid.ttl"
PREFIXES = {
    "kg": "https://w3id.org/litkg/ontology#",
    **{
        kind: f"https://w3id.org/litkg/{kind}/"
        for kind in (
            *("assertion", "author", "comention", "evidence", "heading"),
            *("mention", "record", "sentence"),
        )
    },
    "dcterms": "http://purl.org/dc/terms/",
    "obo": "http://purl.obolibrary.org/obo/",
    "pmid": "http://www.ncbi.nlm.nih.gov/pubmed/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "hgnc": "http://identifiers.org/hgnc/",
    "fplx": "https://identifiers.org/fplx:",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}


def valid_store() -> Store:
    """Return the graph that is right, in a store of its own."""
    store = Store()
    store.bulk_load("\n".join(named_ontology_lines()).encode(), format=RdfFormat.N_TRIPLES)
    store.bulk_load(path=str(VALID), format=RdfFormat.TURTLE)
    return store


def update(store: Store, text: str) -> None:
    store.update(text, prefixes=PREFIXES)


@dataclass(frozen=True)
class Case:
    """A change, and the shape and component that are to find it."""

    name: str
    change: str
    shape: str
    component: str


# The rules that span nodes: shape -> a change that breaks it.
RULES = {
    "Publication-firstOfAuthors": "DELETE DATA { pmid:1 kg:author author:1 }",
    "Publication-bylineBegins": """
        DELETE { pmid:1 kg:byline ?line } INSERT { pmid:1 kg:byline "Roe R, Doe J" }
        WHERE { pmid:1 kg:byline ?line }""",
    "Publication-majorAmongHeadings": """
        DELETE DATA { pmid:1 kg:heading heading:1 }""",
    "Publication-mentionsBehind": "INSERT DATA { pmid:1 kg:mentions obo:CL_0000084 }",
    "Publication-mentionsStated": "DELETE DATA { pmid:1 kg:mentions obo:MONDO_0005292 }",
    "Publication-replacedBy": "INSERT DATA { pmid:3 a kg:Publication }",
    "Publication-related": "INSERT DATA { pmid:1 kg:cites pmid:1 }",
    "Record-placed": "DELETE DATA { record:1 kg:position 0 }",
    "Sentence-mentionWords": "DELETE DATA { sentence:1 kg:mentionAt 15 }",
    "Sentence-mentionPlace": "INSERT DATA { sentence:1 kg:mentionAt 5 }",
    "Sentence-mentionsStated": "DELETE DATA { pmid:1 kg:mentions fplx:STAT5 }",
    "Sentence-apart": """
        DELETE DATA { sentence:2 kg:start 22 } ;
        INSERT DATA { sentence:2 kg:start 20 }""",
    "Mention-used": "DELETE DATA { pmid:1 kg:indexedWith mention:3 }",
    "Assertion-papersCounted": """
        DELETE DATA { assertion:1 kg:paperCount 1 } ;
        INSERT DATA { assertion:1 kg:paperCount 2 }""",
    "Assertion-sentencesCounted": """
        DELETE DATA { assertion:1 kg:sentenceCount 1 } ;
        INSERT DATA { assertion:1 kg:sentenceCount 2 }""",
    "Assertion-speculation": """
        DELETE DATA { assertion:1 kg:speculative false } ;
        INSERT DATA { assertion:1 kg:speculative true }""",
    "Assertion-confident": """
        DELETE DATA { assertion:1 kg:confidence 0.9 } ;
        INSERT DATA { assertion:1 kg:confidence 0.8 }""",
    "Assertion-stated": "DELETE DATA { hgnc:6023 kg:activates fplx:STAT5 }",
    "Evidence-triggerWords": """
        DELETE DATA { evidence:1 kg:start 5 } ;
        INSERT DATA { evidence:1 kg:start 6 }""",
    "Evidence-mentionsThere": """
        DELETE DATA { sentence:1 kg:hasMention mention:2 }""",
    "Evidence-subjectNamed": """
        DELETE DATA { assertion:1 kg:subject hgnc:6023 } ;
        INSERT DATA { assertion:1 kg:subject obo:CL_0000084 }""",
    "Evidence-objectNamed": """
        DELETE DATA { assertion:1 kg:object fplx:STAT5 } ;
        INSERT DATA { assertion:1 kg:object obo:CL_0000084 }""",
    "Evidence-polarity": """
        DELETE DATA { evidence:1 kg:negated false } ;
        INSERT DATA { evidence:1 kg:negated true }""",
    "CoMention-papersCounted": """
        DELETE DATA { comention:1 kg:paperCount 1 } ;
        INSERT DATA { comention:1 kg:paperCount 2 }""",
    "CoMention-sentencesCounted": """
        DELETE DATA { comention:1 kg:sentenceCount 1 } ;
        INSERT DATA { comention:1 kg:sentenceCount 0 }""",
    "CoMention-apart": "INSERT DATA { hgnc:6023 kg:ancestor fplx:STAT5 }",
    "Entity-oneType": "INSERT DATA { hgnc:6023 a kg:Disease }",
    "Entity-acyclic": "INSERT DATA { hgnc:6023 kg:ancestor hgnc:6023 }",
    "Entity-closure": "DELETE DATA { hgnc:6023 kg:ancestor fplx:Complex }",
    "Entity-unknown": 'INSERT DATA { hgnc:6023 kg:synonim "IL 7" }',
    "Entity-asserted": "INSERT DATA { hgnc:6023 kg:inhibits fplx:STAT5 }",
}


def cases() -> Iterator[Case]:
    """Yield a change for each constraint of the shapes that ship."""
    for constraint in read_shapes().constraints:
        name = constraint.shape.removeprefix(KGS)
        kind = constraint.component.removesuffix("ConstraintComponent")
        for number, change in enumerate(_changes(constraint, name, kind)):
            yield Case(f"{name}-{kind}-{number}", change, constraint.shape, constraint.component)


def _changes(constraint: Constraint, name: str, kind: str) -> list[str]:
    if kind == "SPARQL":
        return [RULES[name]]
    if constraint.path is None:
        return _NODES[kind](constraint)
    return [_PROPERTIES[kind](constraint)]


@cache
def _focus(constraint: Constraint) -> str:
    """Return a focus node that has a value at the constraint's path, where one has."""
    target = constraint.targets[0]
    pattern = (
        f"?this a/rdfs:subClassOf* {target.term}"
        if target.kind == "Class"
        else f"?this {target.term} ?any"
    )
    step = _triple(constraint, "?this", "?value")
    text = f"SELECT ?this {{ {pattern} OPTIONAL {{ {step} }} }} ORDER BY DESC(BOUND(?value)) ?this"
    solutions = valid_store().query(text, prefixes=PREFIXES)
    first = next(iter(solutions), None)  # type: ignore[arg-type]
    assert first is not None, f"no node in valid.ttl is for {constraint.shape}"
    return str(first["this"])


def _triple(constraint: Constraint, this: str, value: str) -> str:
    assert constraint.path is not None
    if constraint.path.startswith("^"):
        return f"{value} <{constraint.path[1:]}> {this}"
    return f"{this} <{constraint.path}> {value}"


def _replace(value: str) -> Callable[[Constraint], str]:
    """Return what puts one value in the place of those that are there."""

    def change(constraint: Constraint) -> str:
        this = _focus(constraint)
        old = _triple(constraint, this, "?old")
        new = _triple(constraint, this, value.format(argument=constraint.argument[0]))
        return f"DELETE {{ {old} }} WHERE {{ {old} }} ; INSERT DATA {{ {new} }}"

    return change


def _remove(constraint: Constraint) -> str:
    old = _triple(constraint, _focus(constraint), "?old")
    return f"DELETE {{ {old} }} WHERE {{ {old} }}"


def _remove_value(constraint: Constraint) -> str:
    return (
        f"DELETE DATA {{ {_triple(constraint, _focus(constraint), str(constraint.argument[0]))} }}"
    )


def _add_values(constraint: Constraint) -> str:
    most = constraint.argument[0]
    assert isinstance(most, Literal)
    values = (f"<http://example.org/value{n}>" for n in range(int(most.value) + 1))
    triples = " . ".join(_triple(constraint, _focus(constraint), each) for each in values)
    return f"INSERT DATA {{ {triples} }}"


def _beside(constraint: Constraint) -> str:
    this = _focus(constraint)
    old = _triple(constraint, this, "?old")
    return f"INSERT {{ {this} {constraint.argument[0]} ?old }} WHERE {{ {old} }}"


def _step_over(step: int) -> Callable[[Constraint], str]:
    def change(constraint: Constraint) -> str:
        limit = constraint.argument[0]
        assert isinstance(limit, Literal)
        return _replace(str(int(float(limit.value)) + step))(constraint)

    return change


def _untyped(constraint: Constraint) -> list[str]:
    properties = (target.term for target in constraint.targets)
    return [f"INSERT DATA {{ <http://example.org/nobody> {each} 7 }}" for each in properties]


def _typed(node: str) -> Callable[[Constraint], list[str]]:
    def change(constraint: Constraint) -> list[str]:
        return [f"INSERT DATA {{ {node} a {constraint.targets[0].term} }}"]

    return change


def _strange(constraint: Constraint) -> list[str]:
    target = constraint.targets[0].term
    return [
        f"INSERT {{ ?this <http://example.org/unknown> 7 }} WHERE {{ ?this a {target} }}",
        f"INSERT {{ ?this kg:unknown 7 }} WHERE {{ ?this a {target} }}",
    ]


_PROPERTIES: dict[str, Callable[[Constraint], str]] = {
    "MinCount": _remove,
    "MaxCount": _add_values,
    "Datatype": _replace('"7"@en'),
    "NodeKind": lambda one: _replace(
        "<http://example.org/a>" if "Literal" in str(one.argument[0]) else '"a"'
    )(one),
    "Class": _replace("<http://example.org/nobody>"),
    "In": _replace('"something else"'),
    "HasValue": _remove_value,
    "Pattern": _replace('"?"'),
    "MinLength": _replace('""'),
    "MinInclusive": _step_over(-1),
    "MaxInclusive": _step_over(1),
    "Disjoint": _beside,
}
_NODES: dict[str, Callable[[Constraint], list[str]]] = {
    "NodeKind": _typed("_:b"),
    "Class": _untyped,
    "Pattern": _typed("<http://example.org/nobody>"),
    "Closed": _strange,
}
