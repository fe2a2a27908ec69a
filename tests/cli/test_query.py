"""`kg query` on the graph of the real reading list."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import main
from kg.cli.cards import highlight_spans
from kg.cli.query import query
from kg.cli.tables import make_console, print_rows
from kg.queries import Value, load_saved_queries

PAIR = ["papers-connecting", "entity_a=IL-7", "entity_b=STAT5"]


@pytest.fixture
def graph(il7_graph: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KG_GRAPH", str(il7_graph))
    return il7_graph


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run `kg query` as from a shell; return the exit code, stdout and stderr."""
    with pytest.raises(SystemExit) as ended:
        main(["query", *words])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def test_lists_every_query_without_a_graph(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(capsys)
    assert code == 0
    for saved in load_saved_queries().values():
        assert saved.name in out
        assert saved.summary in out
    assert "papers-connecting  entity_a=ENTITY entity_b=ENTITY [level=sentence] [subtypes" in out
    code, out, _ = run(capsys, "--format", "json")
    assert {entry["name"] for entry in json.loads(out)} == set(load_saved_queries())


def test_describes_a_query(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "papers-connecting", "--describe")
    assert code == 0
    assert "level (choice: sentence, paper; default sentence)" in out
    assert "text_b: The words that name entity_b" in out
    assert "kg query papers-connecting entity_a=IL-7 entity_b=STAT5" in out


def test_answer_for_people(capsys: pytest.CaptureFixture[str], graph: Path) -> None:
    code, out, err = run(capsys, *PAIR, "-g", str(graph))
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[:2] == [
        "entity_a: IL-7 → IL7 (HGNC:6023, Gene)",
        "entity_b: STAT5 → STAT5 (FPLX:STAT5, GeneFamily)",
    ]
    assert lines[-1] == "4 papers, 4 sentences"
    assert "Murine and human IL-7 activate STAT5" in out
    assert "  “STAT5 and interleukin 7 (IL-7) signaling are thought" in out
    assert "  J Immunol 2005 · in the title" in lines
    # Nothing but text where it is no terminal.
    assert "\x1b" not in out


@pytest.mark.usefixtures("graph")
def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, *PAIR, "--format", "json")
    document = json.loads(out)
    assert (code, err) == (0, "")
    assert list(document) == ["query", "parameters", "columns", "rows", "complete"]
    assert len(document["rows"]) == 4
    assert all(isinstance(row["year"], int) for row in document["rows"])
    assert all(row["paper"].startswith("https://w3id.org/litkg/paper/") for row in document["rows"])


@pytest.mark.usefixtures("graph")
def test_csv_and_tsv_are_data_alone(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, err = run(capsys, *PAIR, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["year"] for row in rows] == ["2010", "2008", "2005", "2005"]
    assert "entity_a: IL-7 → IL7 (HGNC:6023, Gene)" in err
    _, out, _ = run(capsys, *PAIR, "--format", "tsv")
    assert [len(line.split("\t")) for line in out.splitlines()] == [10] * 5


@pytest.mark.usefixtures("graph")
def test_markdown_says_what_was_taken(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, err = run(capsys, *PAIR, "--format", "markdown")
    assert err == ""
    assert out.startswith("entity_a: IL-7 → IL7 (HGNC:6023, Gene)\n")
    assert "\n\n| paper | title | year |" in out


@pytest.mark.usefixtures("graph")
def test_turtle(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "entity-neighbourhood", "entity=dendritic cell", "--format", "turtle")
    assert "CL:0000451 a " in out
    _, out, _ = run(capsys, *PAIR, "--format", "turtle")
    assert "a rs:ResultSet" in out


@pytest.mark.usefixtures("graph")
def test_tables_of_other_things(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "most-mentioned", "type=gene", "--limit", "2")
    assert "type: Gene" in out
    assert "HGNC:6023" in out
    assert "2 rows" in out
    assert "there are more rows than these 2" in out
    _, out, _ = run(capsys, "entity-card", "entity=IL7")
    assert "http://purl.uniprot.org/uniprot/P13232" in out
    _, out, _ = run(capsys, "topic-summary")
    assert out.startswith("topic: HGNC:6023\nname: interleukin 7\nsummary: A cytokine")
    assert out.rstrip().endswith("9 papers")


@pytest.mark.usefixtures("graph")
def test_no_answer_is_said_plainly(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "papers-mentioning", "entity=melanoma")
    assert code == 0
    assert "no answer: nothing in this graph fits" in out
    assert "melanoma (MONDO:0005105, Disease) is not mentioned in this graph" in out
    code, out, err = run(capsys, "papers-mentioning", "entity=melanoma", "--format", "csv")
    assert (code, out) == (0, "paper,title,year,journal,sentence,text,retracted\r\n")
    assert "is not mentioned in this graph" in err


@pytest.mark.usefixtures("graph")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["papers-connecting"], 2, "papers-connecting needs entity_a and entity_b"),
        (["papers-connecting"], 2, "example: kg query papers-connecting entity_a=IL-7 entity_b="),
        (["papers-connecting", "entity_a=IL-7"], 2, "papers-connecting needs entity_b"),
        (["papers-mentioning", "entty=IL-7"], 2, "no parameter 'entty'; did you mean entity?"),
        (["papers-mentioning", "IL-7"], 2, "'IL-7' is no parameter: write KEY=VALUE"),
        (["papers-mentioning", "entity=IL77"], 2, "did you mean IL7 (HGNC:6023, Gene)"),
        (["papers-mentioning", "entity="], 2, "entity is empty"),
        (["papers-mentioning", 'entity="} DROP ALL #'], 2, "no entity called '\"} DROP ALL #'"),
        (["papers-mentioning", "entity=NCIT:C9"], 2, "neither this graph nor the vocabularies"),
        (["diseases-for-gene", "gene=multiple sclerosis"], 2, "gene takes a Gene or GeneFamily"),
        (["most-mentioned", "limit=ten"], 2, "limit takes a whole number"),
        (["most-mentioned", "--limit", "0"], 2, "limit takes a number from 1 on"),
        (["most-mentioned", "--format", "xls"], 2, "'xls' is not one of"),
        (["papers-mentionin", "entity=IL-7"], 2, "did you mean papers-mentioning"),
        (["zzz"], 2, "no saved query called 'zzz'"),
        (["entity-types", "-g", "no-such.kg"], 1, "no-such.kg: there is no graph here"),
    ],
)
def test_mistakes_are_told(
    words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ended, out, err = run(capsys, *words)
    assert (ended, out) == (code, "")
    assert said in err


def test_no_graph_anywhere(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("KG_GRAPH", raising=False)
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, "entity-types")
    assert code == 2
    assert "there is no graph" in err


OWN = """#+ summary: Titles
#+ description: All titles
#+ columns: {title: the title}
#+ example: {parameters: {}, contains: [{title: x}]}
#+ budget: 100
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <https://w3id.org/litkg/ontology#>
SELECT ?title WHERE { ?paper a kg:Publication ; dcterms:title ?title } ORDER BY ?title
"""


@pytest.mark.usefixtures("graph")
def test_queries_of_ones_own(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "titles.rq").write_text(OWN, encoding="utf-8")
    code, out, _ = run(capsys, "--queries", str(tmp_path), "titles")
    assert code == 0
    assert "62 rows" in out
    wrong = OWN.replace("?title WHERE", "?paper WHERE")
    (tmp_path / "titles.rq").write_text(wrong, encoding="utf-8")
    code, _, err = run(capsys, "--queries", str(tmp_path), "titles")
    assert code == 1
    assert "the header's columns are title, but the query gives paper" in err


def test_help_shows_how() -> None:
    shown = CliRunner().invoke(query, ["--help"]).output
    assert "\n  kg query papers-connecting entity_a=IL-7 entity_b=STAT5\n" in shown


@pytest.mark.parametrize("width", [80, 160])
def test_terminal_highlights_and_links(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", str(width))
    console = make_console()
    title = "A long title of a paper that says much of how IL-7 activates STAT5 in pro-B cells"
    columns = ["paper", "title", "year", "journal", "sentence", "field", "text_a", "text_b"]
    rows: list[list[Value]] = [
        ["http://e/1", title, 2005, "J", title, "title", "IL-7", "STAT5"],
        ["http://e/1", title, 2005, "J", "IL-7.", "snippet", "IL-7", None],
    ]
    named = [dict(zip(columns, row, strict=True)) for row in rows]
    print_rows(console, columns, named, {"http://e/1": "https://pubmed.example/1/"})
    out = capsys.readouterr().out
    assert "\x1b]8;" in out
    assert "\x1b[1;36mIL-7\x1b[0m" in out
    assert "\x1b[1;35mSTAT5\x1b[0m" in out
    assert out.count("activates") == 1
    assert "  \x1b[2mhttps://pubmed.example/1/" in out


def test_highlight_prefers_whole_words() -> None:
    assert highlight_spans("IL-7 and IL-7R, IL-7", ["IL-7", "IL-7R"]) == [
        (0, 4, 0),
        (9, 14, 1),
        (16, 20, 0),
    ]
    # "RalphalowCCR7" has no word of its own: the first place is taken.
    assert highlight_spans("IL-7RalphalowCCR7-", ["IL-7Ralpha"]) == [(0, 10, 0)]
    assert highlight_spans("nothing here", ["", "IL-7"]) == []
    assert highlight_spans("CD4(+) cells", ["CD4(+)"]) == [(0, 6, 0)]
