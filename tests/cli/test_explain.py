"""`kg explain` on the small graph of the sample."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import main
from kg.cli.explain import explain


@pytest.fixture(autouse=True)
def graph(sample_graph: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KG_GRAPH", str(sample_graph))
    return sample_graph


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run `kg` as from a shell; return the exit code, stdout and stderr."""
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


CASE = """\
subject: BLNK → BLNK (HGNC:14211, Gene)
object: JAK3 → JAK3 (HGNC:6193, Gene)

2 sentences in 2 papers say that BLNK inhibits JAK3; 1 denies it; 1 says that BLNK activates JAK3; \
the other way round, 1 sentence in 1 paper puts forward as possible that JAK3 is required for BLNK.

For
  BLNK inhibits JAK3
    negative · 2 papers · 2 sentences · confidence 0.995
    “BLNK suppresses leukemogenesis through inhibition of JAK3”
      Blood 2009 · in the title
      https://pubmed.ncbi.nlm.nih.gov/?term=BLNK+suppresses+leukemogenesis+through+inhibition+of+JAK3
    “BLNK inhibits JAK3.”
      What BLNK does to JAK3. 2008
      https://pubmed.ncbi.nlm.nih.gov/?term=What+BLNK+does+to+JAK3

Against
  BLNK activates JAK3
    positive · 1 paper · 1 sentence · confidence 0.95
    “In mature cells BLNK activates JAK3, which may be required for BLNK.”
      What BLNK does to JAK3. 2008
      https://pubmed.ncbi.nlm.nih.gov/?term=What+BLNK+does+to+JAK3

  BLNK does not inhibit JAK3
    1 paper · 1 sentence · confidence 0.9
    “JAK3 is not inhibited by BLNK”
      J Immunol 2010 [retracted] · in the title
      https://pubmed.ncbi.nlm.nih.gov/?term=JAK3+is+not+inhibited+by+BLNK

The other way round, from JAK3 to BLNK
  JAK3 is required for BLNK (speculative)
    1 paper · 1 sentence · confidence 0.85
    “In mature cells BLNK activates JAK3, which may be required for BLNK.”
      What BLNK does to JAK3. 2008
      https://pubmed.ncbi.nlm.nih.gov/?term=What+BLNK+does+to+JAK3

Named together
  5 sentences in 3 papers; 1 of them without saying how they are related; 3 papers with both \
anywhere
"""


def test_the_case(capsys: pytest.CaptureFixture[str], graph: Path) -> None:
    assert run(capsys, "explain", "BLNK", "JAK3", "-g", str(graph)) == (0, CASE, "")


def test_only_possible(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "explain", "JAK3", "BLNK")
    assert code == 0
    assert "\nOnly put forward as possible\n  JAK3 is required for BLNK (speculative)\n" in out
    assert "\nThe other way round, from BLNK to JAK3\n  BLNK inhibits JAK3\n" in out


def test_only_named_together_shows_the_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "explain", "IL-7", "dendritic cells")
    assert code == 0
    assert "No sentence says how IL7 and dendritic cell are related; 1 sentence in 1 paper" in out
    assert "  1 sentence in 1 paper; 1 paper with both anywhere\n  “Interleukin 7 signaling" in out


def test_nothing_joins_them(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "explain", "STAT5", "IL-15")
    assert code == 0
    assert "No sentence names both STAT5 and IL15; 1 paper mentions both." in out
    assert "\nNamed with each of them: places to look, not findings\n" in out
    assert "\n  IL7 (Gene): with STAT5 in 2 papers, with IL15 in 1 paper\n" in out
    code, out, _ = run(capsys, "explain", "IL7R", "melanoma")
    assert code == 0
    assert "melanoma (MONDO:0005105, Disease) is not mentioned in this graph" in out
    assert "Nothing in this graph joins IL7R and melanoma.\nNo third entity is named" in out


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "explain", "BLNK", "JAK3", "--format", "json")
    document = json.loads(out)
    assert (code, err) == (0, "")
    assert document["verdict"] in CASE
    assert [each["stance"] for each in document["assertions"]] == [
        "for",
        "against",
        "against",
        "reverse",
    ]


def test_terminal_highlights(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    _, out, _ = run(capsys, "explain", "BLNK", "JAK3")
    assert "“\x1b[1;36mBLNK\x1b[0m \x1b[4minhibits\x1b[0m \x1b[1;35mJAK3\x1b[0m.”" in out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["IL-7"], 2, "Missing argument 'OBJECT'"),
        (["IL77", "STAT5"], 2, "no entity called 'IL77'; did you mean IL7 (HGNC:6023, Gene)"),
        (["IL-7", "NCIT:C9"], 2, "neither this graph nor the vocabularies know 'NCIT:C9'"),
        (["IL-7", "IL7"], 2, "'IL-7' and 'IL7' are both IL7"),
        (["IL-7", "STAT5", "-g", "no-such.kg"], 1, "no-such.kg: there is no graph here"),
    ],
)
def test_mistakes_are_told(
    words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ended, out, err = run(capsys, "explain", *words)
    assert (ended, out) == (code, "")
    assert said in err


def test_help_shows_how() -> None:
    shown = CliRunner().invoke(explain, ["--help"]).output
    assert "SUBJECT OBJECT" in shown
    assert "\n  kg explain IL-7 STAT5\n" in shown


def test_papers_connecting_says_it_under_the_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("query", "papers-connecting", "entity_a=BLNK", "entity_b=JAK3")
    _, out, _ = run(capsys, *words)
    assert "JAK3 is not inhibited by BLNK\n  → BLNK does not inhibit JAK3\n  J Immunol 2010" in out
    assert (
        "  “In mature cells BLNK activates JAK3, which may be required for BLNK.”  (snippet)\n"
        "    → BLNK activates JAK3; JAK3 is required for BLNK (speculative)\n"
    ) in out
    assert out.endswith("\n3 papers, 5 sentences\n")


def test_a_sentence_that_says_two_things_is_shown_once(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "query", "newest-evidence", "entity=BLNK")
    assert out.count("In mature cells") == 1
    assert "    → BLNK activates JAK3\n    → JAK3 is required for BLNK (speculative)\n" in out
    assert out.endswith("\n3 papers, 4 sentences\n")


def test_assertions_are_cards(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "query", "contradictions")
    assert out.startswith("BLNK and JAK3:\n  BLNK inhibits JAK3\n    negative · 2 papers · conf")
    assert out.endswith("\n3 assertions\n")
    _, out, _ = run(capsys, "query", "gene-in-disease", "gene=BLNK", "disease=leukemia")
    assert "\ndirect:\nBLNK suppresses leukemogenesis" in out
    assert "\nsame paper:\nBLNK suppresses leukemogenesis" in out
    assert out.endswith("\n1 paper, 1 sentence\n")
    _, out, _ = run(capsys, "query", "co-mentioned", "entity=BLNK")
    assert out.endswith("\n2 rows\n")
