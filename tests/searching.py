"""What the tests of search share: a graph of four papers, in which one gene has several names."""

from pathlib import Path

from pyoxigraph import RdfFormat, parse

from kg.store import write_generation

PREFIXES = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix kg: <https://w3id.org/litkg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix pmid: <http://www.ncbi.nlm.nih.gov/pubmed/> .
@prefix hgnc: <http://identifiers.org/hgnc/> .
@prefix : <https://w3id.org/litkg/> .
"""
IL7 = "http://identifiers.org/hgnc/6023"
IL7R = "http://identifiers.org/hgnc/6024"
PMID = "http://www.ncbi.nlm.nih.gov/pubmed/"
BASE = "https://w3id.org/litkg/"
LIBRARY = """
hgnc:6023 a kg:Gene, kg:Entity ; rdfs:label "IL7" ; kg:curie "HGNC:6023" ;
  skos:altLabel "IL-7", "interleukin 7", "lymphopoietin-1" .
hgnc:6024 a kg:Gene ; rdfs:label "IL7R" ; kg:curie "HGNC:6024" ;
  skos:altLabel "interleukin 7 receptor", "CD127" ; skos:hiddenLabel "IL-7R subunit α" .
hgnc:11892 a kg:Gene ; rdfs:label "TNF" ; kg:curie "HGNC:11892" ; skos:altLabel "TNF-alpha" .
:mention\\/il-7 kg:refersTo hgnc:6023 ; kg:exact "IL-7" .
:mention\\/pre kg:refersTo hgnc:6023 ; kg:exact "the pre-B factor" .
:mention\\/cd127 kg:refersTo hgnc:6024 ; kg:exact "CD127" .
:author\\/1 a kg:Author ; rdfs:label "Núñez G" .
:author\\/2 a kg:Author ; rdfs:label "Surh CD" .

pmid:1 a kg:Publication ; dcterms:title "IL-7 keeps T cells alive" ; kg:year 2008 ;
  kg:byline "Surh CD, Núñez G" ; kg:author :author\\/1, :author\\/2 ; kg:mentions hgnc:6023 .
:paper\\/old dcterms:isReplacedBy pmid:1 .
<https://doi.org/10.1000/homeostasis> dcterms:isReplacedBy pmid:1 .
:s1t kg:inPublication pmid:1 ; kg:text "IL-7 keeps T cells alive" ; kg:hasMention :mention\\/il-7 .
:s1a kg:inPublication pmid:1 ; kg:text "Thymocytes need it \\"badly\\"\\tand early." .

pmid:2 a kg:Publication ; dcterms:title "A growth factor of the marrow" ; kg:year 1989 ;
  kg:byline "Surh CD" ; kg:author :author\\/2 ; kg:mentions hgnc:6023 .
:s2a kg:inPublication pmid:2 ; kg:text "Stromal cells make the pre-B factor." ;
  kg:hasMention :mention\\/pre .
:s2b kg:inPublication pmid:2 ; kg:text "Stroma of old mice makes less." .

pmid:3 a kg:Publication ; dcterms:title "CD127 and its chains" ; kg:mentions hgnc:6024 .
:s3a kg:inPublication pmid:3 ; kg:text "CD127 binds interleukin-7 on memory T cells." ;
  kg:hasMention :mention\\/cd127, :mention\\/il-7 .

pmid:4 a kg:Publication ; dcterms:title "Tumour necrosis" ; kg:year 2020 .
:s4a kg:inPublication pmid:4 ; kg:text "Both TNFα and tnfalpha were measured, and IL-99." .
"""


def write_library(folder: Path, build_hash: str, more: str = "", *, from_live: bool = False) -> str:
    """Make these papers, and `more` in Turtle, the live generation; return its name."""
    text = PREFIXES + ("" if from_live else LIBRARY) + more
    quads = parse(text, format=RdfFormat.TURTLE)
    lines = sorted({f"{quad.triple} ." for quad in quads})
    with write_generation(folder, build_hash=build_hash, from_live=from_live) as writer:
        writer.add_lines(lines)
        writer.finish({"quads": writer.quads, "base_iri": BASE})
        return writer.name
