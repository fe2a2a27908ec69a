"""Symbols as papers use them: set aside, put first, or made names where no vocabulary has them."""

import runpy
import sys
from pathlib import Path

import pytest

from kg.annotate.annotator import Annotator
from kg.errors import VocabularyError
from kg.model import EntityType, Scope, Synonym, Term
from kg.resources import resource_path
from kg.vocabulary import usage
from kg.vocabulary.gathering import Gathered
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.names import name_key
from kg.vocabulary.usage import SELDOM, USUAL, apply_usage, usage_files

SCRIPT = resource_path("data", "make_usage.py")


@pytest.fixture(scope="module")
def annotator(lexicon: Lexicon) -> Annotator:
    return Annotator(lexicon)


def gene(curie: str, label: str, *names: tuple[str, str]) -> Term:
    return Term(
        curie=curie,
        label=label,
        type=EntityType.GENE,
        synonyms=tuple(
            Synonym(text=text, scope=Scope.EXACT, kind=kind, source="test") for text, kind in names
        ),
    )


def chemical(curie: str, label: str) -> Term:
    return Term(curie=curie, label=label, type=EntityType.CHEMICAL)


def used(tmp_path: Path, terms: list[Term], *meanings: tuple[str, str, int]) -> Gathered:
    """Gather some terms, and weigh their names by these meanings."""
    short_forms, words = tmp_path / "short_forms.tsv", tmp_path / "words.txt"
    lines = (f"{short}\t{long}\t{papers}\n" for short, long, papers in meanings)
    short_forms.write_text("".join(lines), encoding="utf-8")
    words.write_text("era\n", encoding="utf-8")
    gathered = Gathered()
    for term in terms:
        gathered.add(term)
    apply_usage(gathered, short_forms, words)
    return gathered


def statuses(gathered: Gathered, text: str) -> dict[str, str]:
    names = gathered.names.get(name_key(text), {})
    return {curie: status for (curie, name), (status, _, _) in names.items() if name == text}


def test_an_alias_that_papers_use_for_something_else_is_set_aside(tmp_path: Path) -> None:
    terms = [gene("HGNC:1", "CYREN", ("QXI", "alias_symbol"))]
    found = used(tmp_path, terms, ("QXI", "quick x imaging", 3))
    assert statuses(found, "QXI") == {"HGNC:1": SELDOM}
    found = used(tmp_path, terms, ("QXI", "quick x imaging", 2))
    assert statuses(found, "QXI") == {"HGNC:1": "alias"}
    found = used(tmp_path, terms, ("QXI", "quenched xanthine kinase", 3))
    assert statuses(found, "QXI") == {"HGNC:1": "alias"}  # a protein, maybe this one


@pytest.mark.parametrize(
    ("symbol", "papers", "status"),
    [("HRX", 19, "approved symbol"), ("HRX", 20, SELDOM), ("HRXY", 50, "approved symbol"),
     ("HR2", 50, "approved symbol")],
)  # fmt: skip
def test_an_approved_symbol_takes_more(
    tmp_path: Path, symbol: str, papers: int, status: str
) -> None:
    found = used(tmp_path, [gene("HGNC:1", symbol)], (symbol, "hazard ratio", papers))
    assert statuses(found, symbol) == {"HGNC:1": status}


def test_of_genes_with_one_alias_the_one_that_is_meant_goes_first(tmp_path: Path) -> None:
    terms = [
        gene("HGNC:1", "GABPA", ("QRF2", "alias_symbol")),
        gene(
            "HGNC:2", "NFE2L2",
            ("QRF2", "alias_symbol"), ("nuclear factor erythroid 2-like 2", "name"),
        ),
    ]  # fmt: skip
    meaning = "nuclear factor erythroid-like 2 2"  # turned round, and so no name of it
    found = used(tmp_path, terms, ("QRF2", meaning, 4))
    assert statuses(found, "QRF2") == {"HGNC:1": SELDOM, "HGNC:2": USUAL}


@pytest.mark.parametrize(
    ("papers", "others", "is_name"), [(5, 1, True), (4, 0, False), (8, 3, False)]
)
def test_a_short_form_that_no_vocabulary_has(
    tmp_path: Path, papers: int, others: int, *, is_name: bool
) -> None:
    found = used(
        tmp_path,
        [chemical("CHEBI:1", "lipopolysaccharide")],
        ("LPS", "lipopolysaccharides", papers),
        ("LPS", "luteal phase stimulation", others),
    )
    assert statuses(found, "LPS") == ({"CHEBI:1": USUAL} if is_name else {})


def test_what_is_called_so_already_stays_first(tmp_path: Path) -> None:
    terms = [gene("HGNC:1", "BLMX"), chemical("CHEBI:1", "bleomycin")]
    found = used(tmp_path, terms, ("BLMX", "bleomycin", 9))
    assert statuses(found, "BLMX") == {"HGNC:1": "approved symbol"}


def test_numbers_of_other_names_are_not_passed_over(tmp_path: Path) -> None:
    terms = [gene("HGNC:1", "ABCB6", ("QBC", "ncbi_alias"), ("atp-linked cassette 6", "name"))]
    found = used(tmp_path, terms, ("QBC", "atp-linked cassette", 9))
    assert statuses(found, "QBC") == {"HGNC:1": SELDOM}


@pytest.mark.parametrize("line", ["LPS\tlipopolysaccharide", "LPS\tlipopolysaccharide\tmany"])
def test_a_damaged_line_is_told(tmp_path: Path, line: str) -> None:
    path = tmp_path / "short_forms.tsv"
    path.write_text(f"ROS\treactive oxygen species\t9\n{line}\n", encoding="utf-8")
    words = tmp_path / "words.txt"
    words.touch()
    with pytest.raises(VocabularyError, match=r"short_forms\.tsv:2: .*make_usage"):
        apply_usage(Gathered(), path, words)
    path.write_bytes(b"\xff")
    with pytest.raises(VocabularyError, match="cannot be read"):
        apply_usage(Gathered(), path, words)


def test_a_missing_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage, "resource_path", lambda *_: tmp_path)
    with pytest.raises(VocabularyError, match="no such file"):
        usage_files()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("an MRI was made", []),
        ("HR was 2.1 by ANOVA", []),
        ("stirred by LPS", [("LPS", "CHEBI:16412")]),
        ("by way of NRF2", [("NRF2", "HGNC:7782")]),
        ("by way of COX-2", [("COX-2", "HGNC:9605")]),
        ("the Era of Race", []),
        ("5 mg L-1 of CO2 and CCl4", []),
        ("CCL4 rose", [("CCL4", "HGNC:10630")]),
        ("Kit and KIT and APC", [("KIT", "HGNC:6342"), ("APC", "HGNC:583")]),
        ("Th1 responses", [("Th1", "CL:0000545")]),
        ("SARS-CoV-2", [("SARS-CoV-2", "NCBITaxon:2697049")]),
        ("LPS-induced and BAT-gal", [("LPS", "CHEBI:16412")]),
        ("a factor of OR 2 and a ray of M2", []),
        ("Seizures", [("Seizures", "MESH:D012640")]),
        ("coronaviruses", [("coronaviruses", "NCBITaxon:2501931")]),
    ],
)
def test_texts(annotator: Annotator, text: str, expected: list[tuple[str, str]]) -> None:
    (found,) = annotator.annotate([text])
    assert [(one.text, one.best.term) for one in found] == expected


def test_the_files_are_made_from_papers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    papers = tmp_path / "papers.ris"
    texts = [
        "Lipopolysaccharide (LPS) stirred it.",
        "Lipopolysaccharides (LPS) of coronary artery calcium (CAC)",
        "lipopolysaccharide (LPS) stirred",
        "stirred",
        "stirred",
        "it was stirred",
    ]
    records = [f"TY  - JOUR\nTI  - On {n}\nAB  - {text}\nER  - \n" for n, text in enumerate(texts)]
    papers.write_text("\n".join(records), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), str(papers), "--to", str(tmp_path)])
    runpy.run_path(str(SCRIPT), run_name="__main__")
    assert (tmp_path / "short_forms.tsv").read_text() == "LPS\tLipopolysaccharide\t3\n"
    assert (tmp_path / "words.txt").read_text() == "stirred\n"
    assert "6 papers" in capsys.readouterr().out
