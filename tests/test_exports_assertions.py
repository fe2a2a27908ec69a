"""Graph files keep what is said of an assertion: its flags, its evidence, where it comes from."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyoxigraph
import pytest
import rdflib

from kg.exports import ExportFormat, export_graph
from kg.model import AnnotatedPublication, Predicate
from kg.namespaces import BIOLINK, DEFAULT_BASE, KG, PROV
from kg.rdf.assertions import AssertionWriter
from kg.rdf.comentions import CoMentions
from kg.rdf.papers import PaperWriter
from kg.store import Graph, open_graph, write_generation

# rdflib's own readers of datasets use what rdflib has deprecated.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Dataset.default_context:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]

MakePaper = Callable[..., AnnotatedPublication]
READERS = {
    ExportFormat.TURTLE: (pyoxigraph.RdfFormat.TURTLE, "turtle"),
    ExportFormat.NTRIPLES: (pyoxigraph.RdfFormat.N_TRIPLES, "nt"),
    ExportFormat.NQUADS: (pyoxigraph.RdfFormat.N_QUADS, "nquads"),
    ExportFormat.TRIG: (pyoxigraph.RdfFormat.TRIG, "trig"),
    ExportFormat.RDFXML: (pyoxigraph.RdfFormat.RDF_XML, "xml"),
    ExportFormat.JSONLD: (pyoxigraph.RdfFormat.JSON_LD, "json-ld"),
}
PREFIXES = f"PREFIX kg: <{KG}> PREFIX prov: <{PROV}> PREFIX biolink: <{BIOLINK}>"
EVIDENCE = f"""{PREFIXES}
SELECT ?subject ?predicate ?object ?negated ?speculative ?papers ?confidence ?agent ?level
       ?text ?paper ?subjectText ?objectText ?trigger ?start ?method ?sure ?version ?table {{
  ?assertion a kg:Assertion ; kg:subject ?subject ; kg:predicate ?predicate ; kg:object ?object ;
    kg:negated ?negated ; kg:speculative ?speculative ; kg:paperCount ?papers ;
    kg:confidence ?confidence ;
    kg:evidence ?evidence .
  ?evidence a kg:Evidence ; kg:evidenceSentence ?sentence ; kg:trigger ?trigger ;
    kg:start ?start ; kg:method ?method ; kg:confidence ?sure ;
    kg:negated ?negated ; kg:speculative ?speculative ;
    kg:subjectMention ?subjectMention ; kg:objectMention ?objectMention .
  ?reader a prov:SoftwareAgent ; kg:version ?version ; kg:sha256 ?table ;
    biolink:agent_type ?agent ; biolink:knowledge_level ?level .
  ?sentence kg:text ?text ; kg:inPublication ?paper .
  ?sentence kg:hasMention ?subjectMention , ?objectMention .
  ?subjectMention kg:exact ?subjectText ; kg:refersTo ?subject .
  ?objectMention kg:exact ?objectText ; kg:refersTo ?object .
}}"""
PLAIN = f"""{PREFIXES}
SELECT ?subject ?predicate ?object {{
  VALUES ?predicate {{ {" ".join(f"kg:{each}" for each in Predicate)} }}
  ?subject ?predicate ?object
}}"""
TOGETHER = f"""{PREFIXES}
SELECT ?one ?other ?papers ?sentences {{
  ?pair a kg:CoMention ; kg:coMentioned ?one , ?other ;
    kg:paperCount ?papers ; kg:sentenceCount ?sentences
  FILTER(STR(?one) < STR(?other))
}}"""

IL7, CD127 = (f"http://identifiers.org/hgnc/{number}" for number in (6023, 6024))
STAT5 = "https://identifiers.org/fplx:STAT5"
COLITIS = "http://purl.obolibrary.org/obo/MONDO_0005292"
PUBMED = "http://www.ncbi.nlm.nih.gov/pubmed/"
AGENT = ("text_mining_agent", "not_provided")
RULES = ("0.1.0", "cd" * 32)
# Text with what each syntax has to escape.
STATED = 'IL-7 "activates" STAT5 <in mice> & men.'
AGAIN = "IL-7 activates STAT5."
DENIED = "IL-7 does not\tbind CD127."
GUESSED = "IL-7 might treat colitis."
ACTIVATES = (IL7, f"{KG}activates", STAT5)
EXPECTED = sorted(
    [
        (*ACTIVATES, "false", "false", "2", "0.98", *AGENT, STATED, f"{PUBMED}1",
         "IL-7", "STAT5", '"activates"', "5", "verb", "0.9", *RULES),
        (*ACTIVATES, "false", "false", "2", "0.98", *AGENT, AGAIN, f"{PUBMED}2",
         "IL-7", "STAT5", "activates", "5", "noun", "0.8", *RULES),
        (IL7, f"{KG}binds", CD127, "true", "false", "1", "0.75", *AGENT, DENIED, f"{PUBMED}3",
         "IL-7", "CD127", "not\tbind", "10", "verb", "0.75", *RULES),
        (IL7, f"{KG}treats", COLITIS, "false", "true", "1", "0.9", *AGENT, GUESSED, f"{PUBMED}3",
         "IL-7", "colitis", "might treat", "31", "verb", "0.9", *RULES),
    ]
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A graph file read by one library, and how to ask it."""

    ask: Callable[[str], list[tuple[str, ...]]]


@pytest.fixture(scope="module")
def graph(make_paper: MakePaper, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """Papers that state, deny and guess, with two that say the same."""
    papers = [
        make_paper("1", (STATED, ("IL-7", "activates", "STAT5", '"activates"'))),
        make_paper("2", (AGAIN, ("IL-7", "activates", "STAT5", "activates",
                                 {"method": "noun", "confidence": 0.8}))),
        make_paper(
            "3",
            (DENIED, ("CD127", "binds", "IL-7", "not\tbind",
                      {"negated": True, "confidence": 0.75})),
            (GUESSED, ("IL-7", "treats", "colitis", "might treat", {"speculative": True})),
        ),
    ]  # fmt: skip
    writer, pairs = PaperWriter(DEFAULT_BASE), CoMentions(DEFAULT_BASE)
    assertions = AssertionWriter(DEFAULT_BASE, version=RULES[0], table_sha256=RULES[1])
    lines: list[str] = []
    for paper in papers:
        pairs.pairs.add(paper)
        lines += [*writer.write(paper), *assertions.write_evidence(paper)]
    lines += [*assertions.write_assertions(), *pairs.write({})]
    folder = tmp_path_factory.mktemp("said") / "said.kg"
    with write_generation(folder, build_hash="0123456789ab") as generation:
        generation.add_lines(lines)
        generation.finish({"quads": len(lines), "base_iri": DEFAULT_BASE})
    with open_graph(folder) as opened:
        yield opened


def read_with_pyoxigraph(written: bytes, kind: ExportFormat) -> Loaded:
    store = pyoxigraph.Store()
    store.load(written, format=READERS[kind][0])

    def ask(query: str) -> list[tuple[str, ...]]:
        found = store.query(query)
        assert isinstance(found, pyoxigraph.QuerySolutions)
        return sorted(tuple(each.value for each in row) for row in found)

    return Loaded(ask=ask)


def read_with_rdflib(written: bytes, kind: ExportFormat) -> Loaded:
    graph = rdflib.Dataset(default_union=True)
    graph.parse(data=written, format=READERS[kind][1])

    def ask(query: str) -> list[tuple[str, ...]]:
        return sorted(tuple(str(each) for each in row) for row in graph.query(query))  # type: ignore[union-attr]

    return Loaded(ask=ask)


@pytest.fixture(
    scope="module", params=[read_with_pyoxigraph, read_with_rdflib], ids=["pyoxigraph", "rdflib"]
)
def loaded(request: pytest.FixtureRequest, graph: Graph, kind: ExportFormat) -> Loaded:
    out = io.BytesIO()
    export_graph(graph, out, kind)
    read: Callable[[bytes, ExportFormat], Loaded] = request.param
    return read(out.getvalue(), kind)


@pytest.fixture(scope="module", params=ExportFormat)
def kind(request: pytest.FixtureRequest) -> ExportFormat:
    return ExportFormat(request.param)


def test_flags_evidence_and_provenance_are_kept(loaded: Loaded) -> None:
    assert loaded.ask(EVIDENCE) == EXPECTED


def test_only_what_is_stated_is_a_plain_triple(loaded: Loaded) -> None:
    assert loaded.ask(PLAIN) == [ACTIVATES]


def test_co_mentions_are_kept(loaded: Loaded) -> None:
    assert loaded.ask(TOGETHER) == [
        (IL7, CD127, "1", "1"),
        (IL7, COLITIS, "1", "1"),
        (IL7, STAT5, "2", "2"),
    ]


def test_turtle_has_sections_and_prefixes_for_them(graph: Graph) -> None:
    out = io.BytesIO()
    export_graph(graph, out, ExportFormat.TURTLE)
    text = out.getvalue().decode()
    sections = [line[2:] for line in text.splitlines() if line.startswith("# ")]
    # Entities and sources have no types here: only what was asserted was written.
    assert sections == [
        "Publications",
        "Assertions",
        "Evidence",
        "Co-mentions",
        "Methods",
        "Journals",
        "Sentences",
        "Mentions",
        "Records",
        "Everything else",
    ]
    for kind in ("assertion", "evidence", "comention", "method"):
        assert f"\n{kind}:" in text
    assert "\n    biolink:agent_type" in text
