"""Floor 8: triples as a person reads them: in sections, with prefixes, as Turtle."""

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from tempfile import TemporaryFile
from typing import IO

from pyoxigraph import DefaultGraph, NamedNode

from kg import namespaces
from kg.namespaces import KG, RDF
from kg.prefixes import PREFIXES

# The kinds of minted IRI: each has a folder under the base, and a prefix of its own.
_MINTED = (
    "paper",
    "journal",
    "author",
    "heading",
    "substance",
    "reference",
    "source",
    "record",
    "sentence",
    "mention",
    "assertion",
    "evidence",
    "comention",
    "mapping",
    "method",
)
# A person opens the file at the papers, and finds what they mention next; the long lists of
# sentences and mentions come later. Classes are of the ontology `kg:` unless they are whole IRIs.
_SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Publications", ("Publication",)),
    ("Genes", ("Gene",)),
    ("Gene families and complexes", ("GeneFamily",)),
    ("Cell types", ("CellType",)),
    ("Diseases", ("Disease",)),
    ("Organisms", ("Organism",)),
    ("Anatomical structures", ("AnatomicalStructure",)),
    ("Biological processes", ("BiologicalProcess",)),
    ("Chemicals", ("Chemical",)),
    ("Other entities", ("Entity",)),
    ("Assertions", ("Assertion",)),
    ("Evidence", ("Evidence",)),
    ("Co-mentions", ("CoMention",)),
    ("Mappings", (f"{namespaces.SSSOM}Mapping",)),
    ("Methods", (f"{namespaces.PROV}SoftwareAgent",)),
    ("Journals", ("Journal",)),
    ("Authors", ("Author",)),
    ("Headings", ("Heading",)),
    ("Substances", ("Substance",)),
    ("References", ("Reference",)),
    ("Sentences", ("Sentence",)),
    ("Mentions", ("Mention",)),
    ("Sources", ("Source",)),
    ("Records", ("Record",)),
    (
        "Ontology",
        tuple(
            f"{namespaces.OWL}{name}"
            for name in (
                "Ontology",
                "Class",
                "ObjectProperty",
                "DatatypeProperty",
                "AnnotationProperty",
                "NamedIndividual",
                "AllDisjointClasses",
            )
        ),
    ),
    ("Everything else", ()),
)
TYPE = f"<{RDF}type>"
# What names a thing comes right after what it is; other properties follow in the order of IRIs.
_FIRST = (TYPE, f"<{namespaces.RDFS}label>", f"<{namespaces.DCTERMS}title>")

# Names that need no escape, and that every reader of Turtle takes as they are; an IRI whose end is
# anything else is written whole.
_LOCAL = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?"
_PLAIN = {
    f"<{namespaces.XSD}integer>": re.compile(r"-?(?:0|[1-9][0-9]*)"),
    f"<{namespaces.XSD}decimal>": re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+"),
    f"<{namespaces.XSD}boolean>": re.compile(r"true|false"),
}


def prefixes_of(base_iri: str) -> dict[str, str]:
    """Return the prefixes that graph files use: the vocabularies, the registries, what is minted.

    >>> prefixes = prefixes_of("https://w3id.org/litkg/")
    >>> prefixes["hgnc"], prefixes["sentence"]
    ('http://identifiers.org/hgnc/', 'https://w3id.org/litkg/sentence/')
    """
    prefixes = {
        "kg": KG,
        "rdf": RDF,
        "rdfs": namespaces.RDFS,
        "owl": namespaces.OWL,
        "xsd": namespaces.XSD,
        "skos": namespaces.SKOS,
        "dcterms": namespaces.DCTERMS,
        "prov": namespaces.PROV,
        "obo": namespaces.OBO,
        "biolink": namespaces.BIOLINK,
        "oa": "http://www.w3.org/ns/oa#",
        "orcid": "https://orcid.org/",
        "semapv": namespaces.SEMAPV,
        "sh": "http://www.w3.org/ns/shacl#",
        "sssom": namespaces.SSSOM,
        "vann": "http://purl.org/vocab/vann/",
        "void": "http://rdfs.org/ns/void#",
    }
    for prefix in PREFIXES.values():
        start, _, end = prefix.iri.partition("$1")
        if not end and not start.startswith(namespaces.OBO):
            prefixes[prefix.name.lower()] = start
    return prefixes | {kind: f"{base_iri}{kind}/" for kind in _MINTED}


class Names:
    """Writes IRIs with prefixes, and knows which prefixes were needed."""

    def __init__(self, prefixes: dict[str, str]) -> None:
        self._prefixes = prefixes
        self._used: set[str] = set()
        by_namespace = {iri: prefix for prefix, iri in prefixes.items()}
        longest_first = sorted(by_namespace, key=lambda iri: (-len(iri), iri))
        split = re.compile(f"<({'|'.join(map(re.escape, longest_first))})({_LOCAL})>")

        # Sentences and mentions are met once or twice; the cache is for what is met all the time.
        @lru_cache(maxsize=50_000)
        def shorten(term: str) -> str:
            match = split.fullmatch(term)
            if match is None:
                return term
            prefix = by_namespace[match[1]]
            self._used.add(prefix)
            return f"{prefix}:{match[2]}"

        self.shorten = shorten

    def used(self) -> dict[str, str]:
        """Return the prefixes that were needed so far, by name."""
        return {prefix: self._prefixes[prefix] for prefix in sorted(self._used)}

    def header(self) -> bytes:
        """Return the prefix declarations of Turtle."""
        return "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in self.used().items()).encode()

    def term(self, term: str) -> str:
        """Return a term of N-Triples as Turtle has it.

        Both have the same escapes, so what is between the quotes stays as it is.
        """
        if not term.startswith('"'):
            return self.shorten(term)
        text, caret, datatype = term.rpartition("^^")
        if not caret or not text.endswith('"') or not datatype.endswith(">"):
            return term
        plain = _PLAIN.get(datatype)
        if plain is not None and plain.fullmatch(text[1:-1]):
            return text[1:-1]
        return f"{text}^^{self.shorten(datatype)}"


def in_sections(lines: Iterable[bytes]) -> Iterator[tuple[str, str, str, str]]:
    """Yield (section, subject, predicate, object) of N-Triples, in the order a person reads.

    The lines come sorted, so that those of a subject are next to each other: each starts with it
    and a space. They wait in files, one for each section, so that memory does not grow with them.
    """
    with ExitStack() as opened:
        waiting: dict[int, IO[bytes]] = {}
        for subject, group in groupby(lines, key=lambda line: line[: line.index(b" ")]):
            of_subject = sorted(group, key=_first)
            typed = subject + _TYPE_BYTES
            rank = len(_SECTIONS) - 1
            for line in of_subject:
                if not line.startswith(typed):
                    break
                rank = min(rank, _rank(line[len(typed) : -3].decode()))
            if rank not in waiting:
                waiting[rank] = opened.enter_context(TemporaryFile())
            waiting[rank].writelines(of_subject)
        for rank, file in sorted(waiting.items()):
            section = _SECTIONS[rank][0]
            file.seek(0)
            for line in file:
                yield (section, *split_line(line))


_TYPE_BYTES = f" {TYPE} ".encode()
_FIRST_BYTES = {each.encode(): place for place, each in enumerate(_FIRST)}


def split_line(line: bytes) -> tuple[str, str, str]:
    """Return the subject, the predicate and the object of a line of N-Triples."""
    subject, predicate, rest = line.decode().split(" ", 2)
    return subject, predicate, rest.removesuffix(" .\n")


def _first(line: bytes) -> int:
    """Return the place of a line's predicate among those that come first.

    The rest stay in the order of lines, which for one subject is that of predicate and object.
    """
    return _FIRST_BYTES.get(line.split(b" ", 2)[1], len(_FIRST_BYTES))


@lru_cache(maxsize=1_000)
def _rank(class_: str) -> int:
    """Return the place of a class among the sections; the last one for what is in none."""
    iri = class_[1:-1]
    for rank, (_, classes) in enumerate(_SECTIONS):
        if iri in classes or iri.removeprefix(KG) in classes:
            return rank
    return len(_SECTIONS) - 1


def write_turtle(
    lines: Iterable[bytes], source: NamedNode | DefaultGraph, names: Names
) -> Iterator[bytes]:
    """Yield the triples of one graph, sorted lines, as Turtle, or as a graph of TriG."""
    named = not isinstance(source, DefaultGraph)
    is_open = False
    for section, of_section in groupby(in_sections(lines), key=itemgetter(0)):
        if named and not is_open:
            yield f"\n{names.shorten(str(source))} {{\n".encode()
            is_open = True
        if not named:
            yield f"\n# {section}\n".encode()
        for subject, of_subject in groupby(of_section, key=itemgetter(1)):
            parts = []
            for predicate, triples in groupby(of_subject, key=itemgetter(2)):
                verb = "a" if predicate == TYPE else names.shorten(predicate)
                objects = [names.term(triple[3]) for triple in triples]
                parts.append(f"{verb} " + " ,\n        ".join(objects))
            yield f"\n{names.shorten(subject)} ".encode()
            yield (" ;\n    ".join(parts) + " .\n").encode()
    if is_open:
        yield b"}\n"
