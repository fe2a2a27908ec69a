"""A user's own names overrule those of the vocabularies that are written the same."""

from pathlib import Path

import pytest

from kg.errors import InputError
from kg.vocabulary import overruling
from kg.vocabulary.compiling import open_lexicon
from kg.vocabulary.lexicon import Lexicon

NAMES = ("genes", "families", "cells", "mesh")


def compile_with(tables: Path, tmp_path: Path, *contents: str) -> Lexicon:
    paths = []
    for number, content in enumerate(contents):
        paths.append(tmp_path / f"own{number}.tsv")
        paths[-1].write_text(content)
    return open_lexicon(tables, vocabularies=NAMES, own_names=paths, cache=tmp_path / "cache")


def curies(lexicon: Lexicon, text: str) -> list[str]:
    return [candidate.curie for candidate in lexicon.candidates(text)]


def test_a_new_name_of_a_known_term(tables: Path, tmp_path: Path) -> None:
    lexicon = compile_with(tables, tmp_path, "quuxin\thgnc:1\nloose quuxin\tHGNC:1\t\tRELATED\n")
    (candidate,) = lexicon.candidates("Quuxin")
    assert (candidate.curie, candidate.label) == ("HGNC:1", "ABC1")
    assert candidate.status == "own name"
    term = lexicon.term("HGNC:1")
    assert term is not None
    assert {"quuxin", "loose quuxin"} <= {one.text for one in term.synonyms}
    assert lexicon.candidates("loose quuxin")[0].score < candidate.score
    assert lexicon.problems == ()


def test_a_new_term(tables: Path, tmp_path: Path) -> None:
    lexicon = compile_with(
        tables, tmp_path, "OTH\tDOID:7\tdisease\tBROAD\nother ill\tDOID:7\t\nill seven\tDOID:7\n"
    )
    term = lexicon.term("DOID:7")
    assert term is not None
    assert (term.label, term.type) == ("other ill", "Disease")
    assert curies(lexicon, "other ills") == ["DOID:7"]
    assert curies(lexicon, "OTH") == ["DOID:7"]


def test_a_name_of_the_vocabularies_goes_to_the_user(tables: Path, tmp_path: Path) -> None:
    assert curies(compile_with(tables, tmp_path), "ABC1") == ["HGNC:1", "HGNC:2"]
    lexicon = compile_with(tables, tmp_path, "ABC1\tCL:1\t\tBROAD\n")
    assert curies(lexicon, "ABC1") == ["CL:1"]
    assert curies(lexicon, "abc protein 1") == ["HGNC:1"]


def test_another_case_of_a_symbol_is_another_name(tables: Path, tmp_path: Path) -> None:
    lexicon = compile_with(tables, tmp_path, "abc\tCL:1\n")
    assert set(curies(lexicon, "ABC")) == {"FPLX:ABC", "CL:1"}


def test_a_forbidden_name_names_nothing(tables: Path, tmp_path: Path) -> None:
    lexicon = compile_with(tables, tmp_path, "zeta cells\t\nABC1\tHGNC:1\t\tNONE\n")
    assert curies(lexicon, "zeta cell") == []
    assert curies(lexicon, "ABC1") == []
    assert curies(lexicon, "zed cell") == ["CL:1"]
    assert lexicon.is_forbidden("ABC1")
    assert not lexicon.is_forbidden("ABC2")
    assert not compile_with(tables, tmp_path).is_forbidden("ABC1")


def test_general_names_and_terms_are_the_users_to_choose(tables: Path, tmp_path: Path) -> None:
    lexicon = compile_with(tables, tmp_path, "cell\tCL:0000000\ngrowth\tDOID:7\tdisease\n")
    assert curies(lexicon, "cells") == ["CL:0000000"]
    assert curies(lexicon, "growth") == ["DOID:7"]


def test_an_identifier_of_another_registry_is_the_term_that_has_it(
    tables: Path, tmp_path: Path
) -> None:
    lexicon = compile_with(tables, tmp_path, "quuxin\tNCBIGene:11\nquux cell\tMESH:D1\n")
    assert curies(lexicon, "quuxin") == ["HGNC:1"]
    assert curies(lexicon, "quux cell") == ["CL:1"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("quux\tHGNC:99", "HGNC:99 is not in the vocabularies that are on, so its type is needed"),
        ("quux\tHGNC:1\tDisease", "HGNC:1 is a Gene, not a Disease"),
        ("new\tDOID:7\tGene", "DOID:7 is a Disease, not a Gene"),
        ("first\tHGNC:2", "'first' is given to HGNC:1 (EXACT) in own0.tsv:1, which holds"),
        ("first\tHGNC:1\t\tBROAD", "'first' is given to HGNC:1 (EXACT)"),
        ("first\t", "'first' is given to HGNC:1"),
        ("third\tHGNC:1", "'third' is forbidden in own0.tsv:3"),
        ("alone", "1 columns"),
    ],
)
def test_lines_that_are_lost(tables: Path, tmp_path: Path, line: str, message: str) -> None:
    content = f"first\tHGNC:1\nsecond\tDOID:7\tDisease\nthird\t\n{line}\nlast\tHGNC:2\n"
    for _ in range(2):  # compiled, and from the cache
        lexicon = compile_with(tables, tmp_path, content)
        (problem,) = lexicon.problems
        assert str(problem.locator) == f"{tmp_path / 'own0.tsv'}:4"
        assert message in problem.message
        assert curies(lexicon, "last") == ["HGNC:2"]
        lexicon.close()


def test_the_same_line_twice_is_no_problem(tables: Path, tmp_path: Path) -> None:
    line = "first\tHGNC:1\n"
    assert compile_with(tables, tmp_path, line + line, line).problems == ()


def test_a_later_table_does_not_undo_an_earlier_one(tables: Path, tmp_path: Path) -> None:
    lexicon = compile_with(tables, tmp_path, "first\tHGNC:1\n", "first\tHGNC:2\nother\tHGNC:2\n")
    assert curies(lexicon, "first") == ["HGNC:1"]
    assert curies(lexicon, "other") == ["HGNC:2"]
    (problem,) = lexicon.problems
    assert str(problem.locator) == f"{tmp_path / 'own1.tsv'}:1"


def test_of_many_lost_lines_the_first_are_kept(
    tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overruling, "_MOST_PROBLEMS", 3)
    lexicon = compile_with(tables, tmp_path, "a b\tHGNC:1\n" + "alone\n" * 10)
    assert [one.locator.line for one in lexicon.problems] == [2, 3, 4, 5]
    assert "this and 6 more" in lexicon.problems[-1].message


def test_the_lexicon_says_which_tables_are_in_it(tables: Path, tmp_path: Path) -> None:
    lexicon = compile_with(tables, tmp_path, "first\tHGNC:1\n")
    told = lexicon.vocabularies[-1]
    assert (told["vocabulary"], told["file"], len(told["sha256"])) == ("own names", "own0.tsv", 64)
    assert len(lexicon.vocabularies) == len(NAMES) + 1


def test_a_changed_table_is_compiled_anew_and_none_is_the_shipped(
    tables: Path, tmp_path: Path
) -> None:
    assert curies(compile_with(tables, tmp_path, "first\tHGNC:1\n"), "first") == ["HGNC:1"]
    assert curies(compile_with(tables, tmp_path, "first\tHGNC:2\n"), "first") == ["HGNC:2"]
    assert curies(compile_with(tables, tmp_path), "first") == []


def test_a_file_that_is_no_table_leaves_no_lexicon(tables: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"own0\.tsv: is no table of names"):
        compile_with(tables, tmp_path, "Dear all\n")
    assert list((tmp_path / "cache").iterdir()) == []
