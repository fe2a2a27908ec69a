"""Floor 5: OBO flat files, version 1.2 and 1.4, read term by term; memory does not grow with them.

Source: "The OBO Flat File Format Guide, version 1.4" (owlcollab.github.io/oboformat). Of the
frames, terms are read; of typedefs, the names.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import InputError
from kg.model import Scope, Synonym
from kg.namespaces import OBO
from kg.vocabulary.ontologies.opening import opened_text
from kg.vocabulary.ontologies.terms import (
    Ontology,
    OntologyTerm,
    identify_obo,
    identify_xref,
)

# A tag and its value; of the value of several tags, a text in quotes and the rest.
_TAG = re.compile(r"([\w.-]+):\s*(.*)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(.*)')
_ESCAPED = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t", "W": " "}
_COMMENT = re.compile(r"\s+!.*$")
_MODIFIERS = re.compile(r"\s*\{[^{}]*\}\s*$")
_SCOPES = {scope.value: scope for scope in Scope}
# What says that something is the same: a property, and how Mondo qualifies a cross-reference.
_EXACT = frozenset({"skos:exactMatch", "http://www.w3.org/2004/02/skos/core#exactMatch"})
_EQUIVALENT = '"MONDO:equivalentTo"'
# Properties that a vocabulary table has a place for.
_KEPT_PROPERTIES = {"has_rank": "rank", "ncbitaxon:has_rank": "rank"}
_UPWARDS = frozenset({"is_a", "equivalent_to", "intersection_of", "relationship"})
# What an axiom of that modifier says is no existential restriction.
_UNIVERSAL = ("all_only=", "all_only =", "maxCardinality=", "cardinality=")


@dataclass(slots=True)
class _Frame:
    """A stanza: its kind, the line at which it begins, and its tags with theirs."""

    kind: str
    line: int
    tags: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Context:
    """What a file's header says that its terms are read by."""

    path: Path
    name: str = ""
    namespace: str = ""
    spaces: dict[str, str] = field(default_factory=dict)

    def identify(self, text: str) -> str:
        return identify_obo(text, self.spaces, self.name)


def read_obo(path: Path) -> Ontology:
    """Return the ontology in an OBO file; its terms are read as they are gone through.

    Raises:
        InputError: if the file cannot be read, or a line is none of OBO; also while terms are read.
    """
    ontology = Ontology(syntax="OBO")
    context = _Context(path)
    with _frames(path) as frames:
        header = next(frames)
    for _, tag, value in header.tags:
        if tag == "ontology":
            context.name = value
            ontology.iri = value if "://" in value else f"{OBO}{value}.owl"
        elif tag == "data-version":
            ontology.version = value
        elif tag == "default-namespace":
            context.namespace = value
        elif tag == "import":
            ontology.imports = (*ontology.imports, value)
        elif tag == "idspace" and len(parts := value.split(None, 2)) > 1:
            context.spaces[parts[0]] = parts[1]
        elif tag == "property_value" and value.startswith(("dc:title", "terms:title")):
            ontology.title = _unquote(value.partition(" ")[2])[0]
    ontology.terms = _terms(context, ontology)
    return ontology


def _terms(context: _Context, ontology: Ontology) -> Iterator[OntologyTerm]:
    seen = False
    with _frames(context.path) as frames:
        for frame in frames:
            if frame.kind == "Term":
                seen = True
                yield _read_term(frame, context)
            elif frame.kind == "Typedef":
                tags = {tag: value for _, tag, value in reversed(frame.tags)}
                if "id" in tags and "name" in tags:
                    ontology.names[context.identify(tags["id"])] = tags["name"]
    if not seen:
        raise InputError(f"{context.path}: holds no [Term]")


@contextmanager
def _frames(path: Path) -> Iterator[Iterator[_Frame]]:
    """Yield the header and the stanzas of a file, in order."""
    with opened_text(path) as stream:
        yield _parse_frames(path, stream)


def _parse_frames(path: Path, lines: Iterator[str]) -> Iterator[_Frame]:
    frame = _Frame("", 1)
    for number, line in enumerate(_joined(lines), 1):
        text = line.strip()
        if not text or text.startswith("!"):
            continue
        if text.startswith("["):
            if not text.endswith("]"):
                raise InputError(f"{path}:{number}: '{text[:60]}' is no heading such as [Term]")
            yield frame
            frame = _Frame(text[1:-1], number)
            continue
        match = _TAG.match(text)
        if match is None:
            raise InputError(f"{path}:{number}: '{text[:60]}' is no tag and value of OBO")
        value = match[2] if match[2].startswith('"') else _COMMENT.sub("", match[2]).strip()
        frame.tags.append((number, match[1], value))
    yield frame


def _joined(lines: Iterator[str]) -> Iterator[str]:
    r"""Yield lines; one that ends in a backslash goes on in the next, and leaves a blank one.

    >>> list(_joined(iter(["name: a\\\n", "b\n", "c\n"])))
    ['', 'name: ab\n', 'c\n']
    """
    begun = ""
    for line in lines:
        body = line.removesuffix("\n")
        if body.endswith("\\") and not body.endswith("\\\\"):
            begun += body[:-1]
            yield ""
        else:
            yield begun + line
            begun = ""
    if begun:
        yield begun


@dataclass(slots=True)
class _Said:
    """What the tags of a term say, by what is made of them."""

    one: dict[str, list[str]] = field(default_factory=dict)
    synonyms: list[Synonym] = field(default_factory=list)
    relations: list[tuple[str, str]] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    genus: list[str] = field(default_factory=list)
    exact: list[str] = field(default_factory=list)
    properties: list[tuple[str, str]] = field(default_factory=list)
    definition: str = ""


def _read_term(frame: _Frame, context: _Context) -> OntologyTerm:
    said = _Said()
    for number, tag, value in frame.tags:
        place = f"{context.path}:{number}"
        if tag == "synonym":
            said.synonyms.append(_read_synonym(value, place))
        elif tag == "def":
            said.definition = _unquote(value, place)[0]
        elif tag in _UPWARDS:
            _read_upwards(tag, value, context, said)
        elif tag == "property_value":
            _read_property(value, said)
        else:
            said.one.setdefault(tag, []).append(value)
    one = said.one
    if "id" not in one:
        raise InputError(f"{context.path}:{frame.line}: a [Term] without an id")

    def named(tag: str) -> tuple[str, ...]:
        values = (context.identify(_MODIFIERS.sub("", each)) for each in one.get(tag, ()))
        return tuple(dict.fromkeys(values))

    identifier = context.identify(one["id"][0])
    xrefs = one.get("xref", [])
    return OntologyTerm(
        id=identifier,
        label=_unescape(_MODIFIERS.sub("", one.get("name", [""])[0])),
        definition=said.definition,
        synonyms=tuple(said.synonyms),
        xrefs=_read_xrefs(xrefs),
        exact=_read_xrefs([*said.exact, *(each for each in xrefs if _EQUIVALENT in each)]),
        parents=tuple(dict.fromkeys(each for each in said.parents if each != identifier)),
        genus=tuple(dict.fromkeys(each for each in said.genus if each != identifier)),
        relations=tuple(dict.fromkeys(said.relations)),
        obsolete=one.get("is_obsolete", [""])[0].startswith("true"),
        replaced_by=named("replaced_by"),
        consider=named("consider"),
        alt_ids=named("alt_id"),
        namespace=one.get("namespace", [context.namespace])[0],
        properties=tuple(said.properties),
    )


def _read_upwards(tag: str, value: str, context: _Context, said: _Said) -> None:
    parts = _MODIFIERS.sub("", value).split()
    if tag == "is_a" and parts:
        said.parents.append(context.identify(parts[0]))
    elif tag in {"equivalent_to", "intersection_of"} and len(parts) == 1:
        said.genus.append(context.identify(parts[0]))
    elif tag == "relationship" and len(parts) > 1 and not _is_universal(value):
        said.relations.append((context.identify(parts[0]), context.identify(parts[1])))


def _read_property(value: str, said: _Said) -> None:
    name, _, rest = value.partition(" ")
    text = _unquote(rest)[0] if rest.startswith('"') else rest.split(" ")[0]
    if name in _EXACT:
        said.exact.append(text)
    elif name in _KEPT_PROPERTIES:
        said.properties.append((_KEPT_PROPERTIES[name], text))


def _is_universal(value: str) -> bool:
    return any(mark in value for mark in _UNIVERSAL)


def _read_xrefs(values: "list[str] | tuple[()]") -> tuple[str, ...]:
    # What stands behind the identifier is a description in quotes, or modifiers.
    found = (identify_xref(_unescape(value.split(" ")[0])) for value in values)
    return tuple(dict.fromkeys(filter(None, found)))


def _read_synonym(value: str, place: str) -> Synonym:
    text, rest = _unquote(value, place)
    scope, _, kind = rest.partition("[")[0].strip().partition(" ")
    return Synonym(
        text=text,
        scope=_SCOPES.get(scope, Scope.RELATED),
        kind=kind.strip(),
        source="",
    )


def _unquote(value: str, place: str = "") -> tuple[str, str]:
    r"""Return the text in quotes that a value begins with, and what follows it.

    >>> _unquote('"say \\"cell\\"" EXACT []')
    ('say "cell"', 'EXACT []')
    """
    match = _QUOTED.match(value)
    if match is None:
        if place:
            raise InputError(f"{place}: '{value[:60]}' should begin with a text in double quotes")
        return value, ""
    return _unescape(match[1]), match[2]


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPED.sub(lambda match: _ESCAPES.get(match[1], match[1]), text)
