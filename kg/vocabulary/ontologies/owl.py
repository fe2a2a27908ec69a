"""Floor 5: OWL 2 in RDF/XML, Turtle, functional, OWL/XML and Manchester syntax, by py-horned-owl.

It parses the axioms; what is read off them is what they entail at sight: the named superclasses,
stated or conjoined with others, and the labels and other annotations. Turtle goes by way of
RDF/XML.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree
from pyoxigraph import RdfFormat, parse, serialize

from kg.errors import InputError
from kg.model import Scope, Synonym
from kg.namespaces import DCTERMS, OBO, OWL, RDFS, SKOS
from kg.vocabulary.ontologies.opening import opened
from kg.vocabulary.ontologies.terms import (
    Ontology,
    OntologyTerm,
    identify,
    identify_obo,
    identify_xref,
)

_OIO = "http://www.geneontology.org/formats/oboInOwl#"
_NAMES = {
    "rdf": "OWL in RDF/XML",
    "ttl": "OWL in Turtle",
    "ofn": "OWL in functional syntax",
    "owx": "OWL/XML",
    "omn": "OWL in Manchester syntax",
}
_SYNONYMS = {
    f"{_OIO}hasExactSynonym": Scope.EXACT,
    f"{_OIO}hasRelatedSynonym": Scope.RELATED,
    f"{_OIO}hasBroadSynonym": Scope.BROAD,
    f"{_OIO}hasNarrowSynonym": Scope.NARROW,
    f"{SKOS}altLabel": Scope.EXACT,
    f"{SKOS}hiddenLabel": Scope.RELATED,
    f"{OBO}IAO_0000118": Scope.RELATED,  # alternative label
}
# In this order, where a class has several.
_DEFINITIONS = (f"{OBO}IAO_0000115", f"{SKOS}definition")
_LABELS = (f"{RDFS}label", f"{SKOS}prefLabel")
_TITLES = (f"{DCTERMS}title", "http://purl.org/dc/elements/1.1/title", f"{RDFS}label")
_REPLACED_BY = (f"{OBO}IAO_0100001", f"{DCTERMS}isReplacedBy")
_XREFS = (f"{_OIO}hasDbXref", f"{SKOS}exactMatch")
# English, or of no language, is shown before others.
_LANGUAGES = ("en", "", "en-us", "en-gb")


@dataclass(slots=True)
class _Gathered:
    """What axioms say, by the IRI of the class or property that they are about."""

    classes: set[str] = field(default_factory=set)
    properties: set[str] = field(default_factory=set)
    parents: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    genera: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    relations: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    # IRI -> property -> (language, text or IRI)
    said: dict[str, dict[str, set[tuple[str, str]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    about: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    imports: list[str] = field(default_factory=list)


def read_owl(path: Path, syntax: str) -> Ontology:
    """Return the ontology in a file of a syntax (rdf, ttl, ofn, owx or omn).

    Raises:
        InputError: if it cannot be read as that; it says where and what, as far as is known.
    """
    import pyhornedowl  # noqa: PLC0415

    with opened(path) as stream:
        data = stream.read()
    if syntax in {"rdf", "owx"}:
        _check_xml(path, data, syntax)
    text = _as_rdf_xml(path, data) if syntax == "ttl" else _decode(path, data)
    serialization: Any = "owl" if syntax in {"rdf", "ttl"} else syntax
    try:
        parsed = pyhornedowl.open_ontology_from_string(text, serialization)
    except ValueError as error:
        raise InputError(f"{path}: is no {_NAMES[syntax]}: {_explain(str(error))}") from error
    gathered = _Gathered()
    for annotated in parsed.get_components():
        _take(annotated.component, gathered)
    if not gathered.classes:
        raise InputError(f"{path}: holds no classes of OWL")
    return Ontology(
        iri=str(parsed.get_iri() or ""),
        version=_version(gathered, str(parsed.get_version_iri() or "")),
        title=next((gathered.about[name][0] for name in _TITLES if gathered.about[name]), ""),
        syntax=_NAMES[syntax],
        terms=_terms(gathered),
        imports=tuple(sorted(gathered.imports)),
        names={identify(one): _shown(gathered, one, _LABELS) for one in gathered.properties},
    )


def _check_xml(path: Path, data: bytes, syntax: str) -> None:
    """Make sure that XML is whole: py-horned-owl takes the beginning of a file for all of it."""
    try:
        for _, element in etree.iterparse(BytesIO(data), resolve_entities=False, no_network=True):
            element.clear()
    except etree.XMLSyntaxError as error:
        place = f":{error.lineno}" if error.lineno else ""
        raise InputError(
            f"{path}{place}: is no {_NAMES[syntax]}: {error.msg}; was it fetched whole?"
        ) from error


def _decode(path: Path, data: bytes) -> str:
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}:{line}: is no UTF-8 text; save it as UTF-8") from error


def _as_rdf_xml(path: Path, data: bytes) -> str:
    output = BytesIO()
    try:
        quads = parse(data, RdfFormat.TURTLE, base_iri=path.resolve().as_uri())
        serialize((quad.triple for quad in quads), output, RdfFormat.RDF_XML)
    except SyntaxError as error:
        place = f":{error.lineno}" if error.lineno else ""
        raise InputError(f"{path}{place}: is no Turtle: {error.msg}") from error
    return output.getvalue().decode()


def _explain(message: str) -> str:
    """Return what the parser says, without the names of its parts.

    >>> _explain("Failed to open ontology: ParserError(Error { line_col: Pos((3, 7)) }, x)")
    'the parser stops at line 3, column 7'
    """
    place = message.partition("line_col: Pos((")[2].partition("))")[0].split(", ")
    if len(place) == 2:
        return f"the parser stops at line {place[0]}, column {place[1]}"
    said = message.removeprefix("Failed to open ontology: ")
    for name in ("ParserError", "Syntax", "RdfSyntaxError", "RdfXmlSyntaxError", "RdfXml", "Xml"):
        said = said.removeprefix(f"{name}(")
    return said.rstrip("()").removesuffix(", Unknown").rstrip(")")[:200]


def _take(axiom: Any, into: _Gathered) -> None:  # noqa: ANN401 (a component of py-horned-owl)
    match type(axiom).__name__:
        case "DeclareClass":
            into.classes.add(str(axiom.first.first))
        case "DeclareObjectProperty" | "DeclareDataProperty" | "DeclareAnnotationProperty":
            into.properties.add(str(axiom.first.first))
        case "SubClassOf":
            if (name := _name(axiom.sub)) is not None:
                into.classes.add(name)
                _put_above(name, axiom.sup, into.parents, into)
        case "EquivalentClasses":
            for one in axiom.first:
                if (name := _name(one)) is not None:
                    into.classes.add(name)
                    for other in axiom.first:
                        _put_above(name, other, into.genera, into)
        case "OntologyAnnotation":
            text = getattr(axiom.first.av, "literal", axiom.first.av)
            into.about[str(axiom.first.ap.first)].append(str(text))
        case "Import":
            into.imports.append(str(axiom.first))
        case name:
            _take_annotation(name, axiom, into)


def _take_annotation(kind: str, axiom: Any, into: _Gathered) -> None:  # noqa: ANN401
    match kind:
        case "AnnotationAssertion":
            _note(str(axiom.subject), str(axiom.ann.ap.first), axiom.ann.av, into)
        # What has a property that is declared nowhere is read as one of individuals.
        case "DataPropertyAssertion":
            _note(_iri(axiom.source), str(axiom.dp.first), axiom.target, into)
        case "ObjectPropertyAssertion" if hasattr(axiom.ope, "first"):
            _note(_iri(axiom.source), str(axiom.ope.first), _iri(axiom.target), into)


def _iri(individual: Any) -> str:  # noqa: ANN401
    return str(getattr(individual, "first", individual))


def _name(expression: Any) -> str | None:  # noqa: ANN401
    return str(expression.first) if type(expression).__name__ == "Class" else None


def _put_above(
    name: str,
    expression: Any,  # noqa: ANN401
    above: dict[str, set[str]],
    into: _Gathered,
) -> None:
    """Note what a class is a subclass of: a class, a restriction, or all of several."""
    match type(expression).__name__:
        case "Class":
            if str(expression.first) != name:
                above[name].add(str(expression.first))
        case "ObjectIntersectionOf":
            for part in expression.first:
                _put_above(name, part, above, into)
        case "ObjectSomeValuesFrom":
            filler = _name(expression.bce)
            if filler is not None and hasattr(expression.ope, "first"):
                into.relations[name].add((str(expression.ope.first), filler))


def _note(subject: str, name: str, value: Any, into: _Gathered) -> None:  # noqa: ANN401
    literal = getattr(value, "literal", None)
    text = str(value) if literal is None else str(literal)
    into.said[subject][name].add((str(getattr(value, "lang", "") or "").lower(), text))


def _version(gathered: _Gathered, version_iri: str) -> str:
    return version_iri or next(iter(gathered.about[f"{OWL}versionInfo"]), "")


def _shown(gathered: _Gathered, iri: str, names: Iterable[str]) -> str:
    """Return the value to show of the first of some properties that has any."""
    for name in names:
        values = gathered.said[iri][name] if iri in gathered.said else set()
        if values:
            return min(values, key=_by_language)[1]
    return ""


def _by_language(value: tuple[str, str]) -> tuple[int, str, str]:
    language, text = value
    known = _LANGUAGES.index(language) if language in _LANGUAGES else len(_LANGUAGES)
    return known, language, text


def _terms(gathered: _Gathered) -> Iterator[OntologyTerm]:
    built_in = f"{OWL}Thing"
    for iri in sorted(gathered.classes - {built_in, f"{OWL}Nothing"}):
        said = gathered.said.get(iri, {})

        def values(*names: str, said: dict[str, set[tuple[str, str]]] = said) -> list[str]:
            return [text for name in names for _, text in sorted(said.get(name, ()))]

        label = _shown(gathered, iri, _LABELS)
        yield OntologyTerm(
            id=identify(iri),
            label=label,
            definition=_shown(gathered, iri, _DEFINITIONS),
            synonyms=tuple(
                Synonym(text=text, scope=scope, kind="", source="")
                for name, scope in _SYNONYMS.items()
                for text in values(name)
                if text != label
            ),
            xrefs=tuple(dict.fromkeys(filter(None, map(identify_xref, values(*_XREFS))))),
            exact=tuple(dict.fromkeys(filter(None, map(identify_xref, values(_XREFS[1]))))),
            parents=tuple(
                identify(each) for each in sorted(gathered.parents.get(iri, ())) if each != built_in
            ),
            genus=tuple(
                identify(each) for each in sorted(gathered.genera.get(iri, ())) if each != built_in
            ),
            relations=tuple(
                (identify(name), identify(filler))
                for name, filler in sorted(gathered.relations.get(iri, ()))
            ),
            obsolete="true" in values(f"{OWL}deprecated") or "1" in values(f"{OWL}deprecated"),
            replaced_by=_named(values(*_REPLACED_BY)),
            consider=_named(values(f"{_OIO}consider")),
            alt_ids=_named(values(f"{_OIO}hasAlternativeId")),
            namespace=next(iter(values(f"{_OIO}hasOBONamespace")), ""),
            properties=tuple(("rank", each) for each in values(f"{OBO}ncbitaxon#has_rank")),
        )


def _named(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(identify_obo(text) for text in texts))
