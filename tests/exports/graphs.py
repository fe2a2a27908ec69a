"""A small graph made by hand, with what formats stumble over, and ways to take it apart."""

from collections.abc import Callable, Iterable
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

from kg.exports.view import Profile, View
from kg.namespaces import DEFAULT_BASE, KG, content_hash
from kg.store import Graph

BASE = DEFAULT_BASE
# An emoji is one code point and two units of UTF-16; a vertical tab is no character of XML.
FIRST = 'A "new" 🧬 role: IL-7 activates STAT5\x0bin T cells'
SECOND = "IL-7, or IL-7\tand TSLP, does not activate mTORC1 | T cell."
THIRD = "IL-7 may treat colitis; CD3 is expressed in T cells."


def _assertion(subject: str, predicate: str, object_: str, negated: str = "") -> str:
    return f"<{BASE}assertion/{content_hash(subject, predicate, object_, negated)}>"


ACTIVATES = _assertion("HGNC:6023", "activates", "FPLX:STAT5")
ACTIVATES_COMPLEX = _assertion("HGNC:6023", "activates", "FPLX:mTORC1")
DENIED = _assertion("HGNC:6023", "activates", "FPLX:mTORC1", "not")
TREATS = _assertion("HGNC:6023", "treats", "MONDO:0005292")
EXPRESSED = _assertion("HGNC:1674", "expressed_in", "CL:0000084")
CURES = f"<{BASE}assertion/by-hand>"


def _mention(name: str, words: str, entity: str, more: str = "") -> str:
    return (
        f'<{BASE}mention/{name}> a kg:Mention ; kg:exact "{words}" ; kg:refersTo {entity} ; '
        f'kg:score 0.95 ; kg:method "label" {more} .\n'
    )


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\x0b", "\\u000B")


def _sentence(key: str, paper: str, field: str, start: int, text: str, mentions: str) -> str:
    names = mentions.split()
    places = sorted(
        {
            start + at
            for name in names
            for at in range(len(text))
            if text.startswith(WORDS[name], at)
        }
    )
    return (
        f"<{BASE}sentence/{key}.{field}.{start}-{start + len(text)}> a kg:Sentence ; "
        f'kg:inPublication {paper} ; kg:field "{field}" ; kg:start {start} ; '
        f'kg:text "{_escape(text)}" ; '.replace("\t", "\\t")
        + f"kg:hasMention {' , '.join(f'<{BASE}mention/{name}>' for name in names)} ; "
        f"kg:mentionAt {' , '.join(map(str, places))} .\n"
    )


def _evidence(
    name: str,
    of: str,
    sentence: str,
    ends: str,
    trigger: str,
    start: int,
    flags: str = "false false",
) -> str:
    subject, object_ = ends.split()
    negated, speculative = flags.split()
    node = f"<{BASE}evidence/{name}>"
    return (
        f"{of} kg:evidence {node} .\n"
        f"{node} a kg:Evidence ; kg:evidenceSentence <{BASE}sentence/{sentence}> ; "
        f"kg:subjectMention <{BASE}mention/{subject}> ; "
        f"kg:objectMention <{BASE}mention/{object_}> ; "
        f'kg:trigger "{trigger}" ; kg:start {start} ; kg:method "verb" ; kg:confidence 0.8 ; '
        f"kg:negated {negated} ; kg:speculative {speculative} .\n"
    )


def _statement(node: str, subject: str, predicate: str, object_: str, flags: str) -> str:
    negated, speculative = flags.split()
    return (
        f"{node} a kg:Assertion ; kg:subject {subject} ; kg:predicate {predicate} ; "
        f"kg:object {object_} ; kg:negated {negated} ; kg:speculative {speculative} ; "
        "kg:paperCount 1 ; kg:sentenceCount 1 ; kg:confidence 0.8 .\n"
    )


WORDS = {
    "il7": "IL-7",
    "stat5": "STAT5",
    "mtorc1": "mTORC1",
    "tcell": "T cell",
    "tcells": "T cells",
    "colitis": "colitis",
    "cd3": "CD3",
}
_IL7, _STAT5, _MTORC1 = "hgnc:6023", "fplx:STAT5", "fplx:mTORC1"
_TURTLE = (
    f"""
@prefix kg: <{KG}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix hgnc: <http://identifiers.org/hgnc/> .
@prefix fplx: <https://identifiers.org/fplx:> .
@prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix pmid: <http://www.ncbi.nlm.nih.gov/pubmed/> .

hgnc:6023 a kg:Gene ; rdfs:label "IL7" ; kg:curie "HGNC:6023" ;
    skos:altLabel "IL-7" , "a|b" ; kg:inTaxon obo:NCBITaxon_9606 ;
    skos:exactMatch <http://purl.uniprot.org/uniprot/P13232> .
hgnc:3942 a kg:Gene ; rdfs:label "MTOR" ; kg:curie "HGNC:3942" ; kg:componentOf fplx:mTORC1 .
fplx:STAT5 a kg:GeneFamily ; rdfs:label "STAT5" ; kg:curie "FPLX:STAT5" .
fplx:mTORC1 a kg:GeneFamily ; rdfs:label "mTORC1" ; kg:curie "FPLX:mTORC1" .
obo:CL_0000084 a kg:CellType ; rdfs:label "T\\tcell" ; kg:curie "CL:0000084" .
obo:MONDO_0005292 a kg:Disease ; rdfs:label "colitis" ; kg:curie "MONDO:0005292" .
obo:NCBITaxon_9606 a kg:Organism ; rdfs:label "Homo sapiens" ; kg:curie "NCBITaxon:9606" .
# CD3 (hgnc:1674) is referred to, and not in the graph: a part of one may be so.

pmid:17 a kg:Publication ; dcterms:title "not used: the sentences are" ; kg:year 2001 ;
    kg:pages "513-33" ; kg:byline "Doe J, Roe R" ; kg:mentions hgnc:6023 , fplx:STAT5 .
<https://doi.org/10.1000/x> dcterms:isReplacedBy pmid:17 .
<{BASE}paper/cit-1> a kg:Publication ; dcterms:title "A title alone" ; kg:mentions hgnc:6023 .
<{BASE}paper/cit-2> a kg:Publication .
<{BASE}comention/1> a kg:CoMention ; kg:coMentioned hgnc:6023 , obo:CL_0000084 ;
    kg:paperCount 2 ; kg:sentenceCount 1 ; kg:logLikelihood 3.5 .
"""
    + _mention("il7", "IL-7", _IL7, "; kg:mayReferTo hgnc:3942")
    + _mention("stat5", "STAT5", _STAT5)
    + _mention("mtorc1", "mTORC1", _MTORC1)
    + _mention("tcell", "T cell", "obo:CL_0000084")
    + _mention("tcells", "T cells", "obo:CL_0000084")
    + _mention("colitis", "colitis", "obo:MONDO_0005292")
    + _mention("cd3", "CD3", "hgnc:1674")
    + _sentence("pmid-17", "pmid:17", "title", 0, FIRST, "il7 stat5 tcell tcells")
    + _sentence("pmid-17", "pmid:17", "abstract", 0, SECOND, "il7 mtorc1 tcell")
    # Something that is no sentence stands between the two.
    + _sentence("pmid-17", "pmid:17", "abstract", len(SECOND) + 5, THIRD, "il7 colitis cd3 tcells")
    + _statement(ACTIVATES, _IL7, "kg:activates", _STAT5, "false false")
    + _statement(ACTIVATES_COMPLEX, _IL7, "kg:activates", _MTORC1, "false false")
    + _statement(DENIED, _IL7, "kg:activates", _MTORC1, "true false")
    + _statement(TREATS, _IL7, "kg:treats", "obo:MONDO_0005292", "false true")
    + _statement(EXPRESSED, "hgnc:1674", "kg:expressed_in", "obo:CL_0000084", "false false")
    + _statement(CURES, _IL7, "<https://example.org/cures>", "obo:MONDO_0005292", "false false")
    + _evidence(
        "1",
        ACTIVATES,
        f"pmid-17.title.0-{len(FIRST)}",
        "il7 stat5",
        "activates",
        FIRST.index("activates"),
    )
    + _evidence(
        "2",
        DENIED,
        f"pmid-17.abstract.0-{len(SECOND)}",
        "il7 mtorc1",
        "activate",
        SECOND.index("activate"),
        "true false",
    )
    + _evidence(
        "3",
        TREATS,
        f"pmid-17.abstract.{len(SECOND) + 5}-{len(SECOND) + 5 + len(THIRD)}",
        "il7 colitis",
        "treat",
        len(SECOND) + 5 + THIRD.index("treat"),
        "false true",
    )
    # Evidence of another part of the graph.
    + f"{ACTIVATES_COMPLEX} kg:evidence <{BASE}evidence/elsewhere> .\n"
)


def make_view(
    change: Callable[[Quad], Quad | None] = lambda quad: quad, *, turned: bool = False
) -> View:
    """The graph as a view, each statement changed, or left out where that gives None."""
    quads = [change(quad) for quad in parse(_TURTLE.encode(), RdfFormat.TURTLE)]
    return view_of((quad for quad in quads if quad is not None), turned=turned)


def make_large_view(papers: int) -> View:
    """The graph with its one full paper as often as that, each with assertions of its own."""
    text = ""
    for number in range(papers):
        text += (
            _TURTLE.replace("pmid-17", f"pmid-{number}-17")
            .replace("pmid:17", f"pmid:{number}17")
            .replace("evidence/", f"evidence/{number}-")
            .replace("assertion/", f"assertion/{number}-")
        )
    return view_of(parse(text.encode(), RdfFormat.TURTLE))


def view_of(quads: Iterable[Quad], *, turned: bool = False) -> View:
    """Statements as a view of a store in memory, added in their order or the other way round."""
    store = Store()
    listed = list(quads)
    for quad in reversed(listed) if turned else listed:
        store.add(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
    return View(store=store, manifest={"base_iri": BASE})


def without(name: str) -> Callable[[Quad], Quad | None]:
    """Leave the statements with a property of `kg:` out."""
    return lambda quad: None if quad.predicate == NamedNode(KG + name) else quad


def replacing(name: str, value: str) -> Callable[[Quad], Quad | None]:
    """Give a property of `kg:` another value, everywhere."""

    def change(quad: Quad) -> Quad | None:
        if quad.predicate != NamedNode(KG + name):
            return quad
        return Quad(quad.subject, quad.predicate, Literal(value), DefaultGraph())

    return change


def whole_view(graph: Graph) -> View:
    """All of a graph."""
    return View(store=graph.store, manifest=graph.manifest)


def content(path: Path) -> dict[str, bytes]:
    """The bytes of a file, or of the files in a folder, by name."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return {file.name: file.read_bytes() for file in files}


def written(profile: Profile, view: View, folder: Path) -> Path:
    """Write a view in a profile, and return where."""
    folder.mkdir(exist_ok=True)
    target = folder / f"out{profile.suffix}"
    profile.write(view, target)
    return target
