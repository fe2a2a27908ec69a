"""Floor 8: the ontology as one HTML page: every term with what is said of it, and links between.

    python -m kg.reasoning.page docs/ontology.html

The same ontology gives the same bytes.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator
from html import escape
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.namespaces import DCTERMS, KG, OWL, RDF, RDFS, SKOS
from kg.reasoning.ontology import ONTOLOGY, Graph, ontology_path, read_graph
from kg.reasoning.wording import PREFIXES, Wording, shorten

_SECTIONS = (
    ("Classes", f"{OWL}Class"),
    ("Object properties", f"{OWL}ObjectProperty"),
    ("Datatype properties", f"{OWL}DatatypeProperty"),
)
_ROWS = (
    ("under", f"{RDFS}subClassOf"),
    ("under", f"{RDFS}subPropertyOf"),
    ("domain", f"{RDFS}domain"),
    ("range", f"{RDFS}range"),
    ("inverse of", f"{OWL}inverseOf"),
    ("chain", f"{OWL}propertyChainAxiom"),
    ("disjoint with", f"{OWL}propertyDisjointWith"),
    ("sign", f"{KG}sign"),
    ("exactly", f"{SKOS}exactMatch"),
    ("close to", f"{SKOS}closeMatch"),
    ("narrower", f"{SKOS}narrowMatch"),
    ("broader", f"{SKOS}broadMatch"),
    ("see also", f"{RDFS}seeAlso"),
)
_KINDS = tuple(
    f"{kind}Property"
    for kind in (
        *("Functional", "InverseFunctional", "Symmetric", "Asymmetric"),
        *("Transitive", "Reflexive", "Irreflexive"),
    )
)
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem;
  color: #222; background: #fff; }
h3 { margin: 2rem 0 0; } h3 code { font-size: 1.05rem; }
dl { display: grid; grid-template-columns: 8rem 1fr; gap: 0 1rem; margin: .3rem 0; }
dt { color: #666; } dd { margin: 0; } nav { columns: 3; font-size: .9rem; }
a { color: #0b5394; } p { margin: .3rem 0; } .note { color: #555; }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #181818; }
  a { color: #8ab4f8; } dt, .note { color: #aaa; } }
@media (max-width: 40rem) { nav { columns: 1; } dl { grid-template-columns: 1fr; } }
"""


def write_page(graph: Graph | None = None) -> str:
    """Return the page of an ontology, by default the project's own.

    Raises:
        InputError: if it cannot be read.
    """
    return _Page(list(read_graph(ontology_path() if graph is None else graph))).write()


class _Page:
    def __init__(self, triples: list[Triple]) -> None:
        self._triples = triples
        self._about: defaultdict[str, defaultdict[str, list[object]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for triple in triples:
            if isinstance(triple.subject, NamedNode):
                self._about[triple.subject.value][triple.predicate.value].append(triple.object)
        self._wording = Wording()

    def write(self) -> str:
        return "\n".join((*self._head(), *self._body(), "</body>", "</html>", ""))

    def _head(self) -> Iterator[str]:
        about = self._about[ONTOLOGY]
        title = escape(_first(about[f"{DCTERMS}title"]))
        yield "<!DOCTYPE html>"
        yield '<html lang="en"><head><meta charset="utf-8">'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield f"<title>{title}</title><style>{_STYLE}</style></head><body>"
        yield f"<h1>{title}</h1>"
        yield f"<p>{escape(_first(about[f'{DCTERMS}description']))}</p>"
        yield "<dl>"
        for name, value in (
            ("IRI", f"<code>{escape(ONTOLOGY)}</code>"),
            ("version", escape(_first(about[f"{OWL}versionInfo"]))),
            ("made by", escape(_first(about[f"{DCTERMS}creator"]))),
            ("licence", self._link(about[f"{DCTERMS}license"][0])),
        ):
            yield f"<dt>{name}</dt><dd>{value}</dd>"
        yield "</dl>"

    def _body(self) -> Iterator[str]:
        for title, kind in _SECTIONS:
            terms = sorted(iri for iri in self._about if self._is_own(iri, kind))
            yield f"<h2>{title}</h2>"
            links = (f'<a href="#{_anchor(iri)}">{escape(shorten(iri))}</a><br>' for iri in terms)
            yield f"<nav>{''.join(links)}</nav>"
            for iri in terms:
                yield from self._term(iri)
        yield "<h2>Prefixes</h2><dl>"
        for prefix, start in sorted(PREFIXES.items()):
            yield f"<dt>{prefix}:</dt><dd><code>{escape(start)}</code></dd>"
        yield "</dl>"

    def _is_own(self, iri: str, kind: str) -> bool:
        return iri.startswith(KG) and kind in map(_iri, self._about[iri][f"{RDF}type"])

    def _term(self, iri: str) -> Iterator[str]:
        about = self._about[iri]
        label = escape(_first(about[f"{RDFS}label"]))
        yield f'<h3 id="{_anchor(iri)}"><code>{escape(shorten(iri))}</code> {label}</h3>'
        yield f"<p>{escape(_first(about[f'{SKOS}definition']))}</p>"
        for comment in about[f"{RDFS}comment"]:
            yield f'<p class="note">{escape(_first([comment]))}</p>'
        rows = [(name, about[predicate]) for name, predicate in _ROWS if about[predicate]]
        kinds = [_iri(each).removeprefix(OWL) for each in about[f"{RDF}type"]]
        kinds = [
            each.removesuffix("Property").lower() for each in kinds if each.endswith("Property")
        ]
        kinds = [each for each in kinds if each not in ("object", "datatype", "annotation")]
        below = [s for name in ("subClassOf", "subPropertyOf") for s in self._pointing(iri, name)]
        inverse = [*self._pointing(iri, "inverseOf")]
        yield "<dl>"
        if kinds:
            yield f"<dt>is</dt><dd>{escape(', '.join(sorted(kinds)))}</dd>"
        for name, values in (*rows, ("above", below), ("inverse", inverse)):
            if values:
                shown = sorted(map(self._link, values))
                yield f"<dt>{name}</dt><dd>{'; '.join(shown)}</dd>"
        yield "</dl>"

    def _pointing(self, iri: str, name: str) -> Iterator[object]:
        predicate = f"{OWL if name == 'inverseOf' else RDFS}{name}"
        for subject, about in self._about.items():
            if iri in map(_iri, about.get(predicate, ())):
                yield NamedNode(subject)

    def _link(self, node: object) -> str:
        if isinstance(node, NamedNode):
            shown = escape(shorten(node.value).strip("<>"))
            own = node.value.startswith(KG)
            return (
                f'<a href="{f"#{_anchor(node.value)}" if own else escape(node.value)}">{shown}</a>'
            )
        if isinstance(node, BlankNode):
            return escape(self._wording.name(node, self._triples))
        return escape(self._wording.name(node))


def _anchor(iri: str) -> str:
    return escape(iri.removeprefix(KG))


def _iri(node: object) -> str:
    return node.value if isinstance(node, NamedNode) else ""


def _first(values: list[object]) -> str:
    return next((each.value for each in values if isinstance(each, Literal)), "")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(write_page(), encoding="utf-8")
