"""What holds the page to what came out, and how tables are compared."""

import csv
import json
from collections.abc import Mapping
from io import StringIO

import pytest
import rdflib

from tests.conformance.__main__ import suites
from tests.conformance.listed import PAGE, Listed, Outcome, differences, read_page
from tests.conformance.results import check_result_set, check_statements, check_table

_XSD = "http://www.w3.org/2001/XMLSchema#"


def test_the_page_lists_as_many_failures_as_its_totals_say() -> None:
    page = read_page(PAGE.read_text(encoding="utf-8"))
    assert set(page.suites) == set(suites({}))
    assert sum(count - passed for count, passed in page.suites.values()) == len(page.failing)
    for name in ("protocol", "graph store", "service description"):
        count, passed = page.suites[name]
        assert count == passed > 0


@pytest.mark.parametrize(
    ("passed", "failed", "found"),
    [
        ("a/1", "a/2", []),
        ("", "a/1 a/2", ["a/1 fails, and", "of a, 0 of 2 pass"]),
        ("a/1 a/2", "", ["a/2 passes, and", "of a, 2 of 2 pass"]),
        ("a/1", "a/3", ["a/3 fails, and", "a/2 is listed, and there is no such"]),
        ("a/1 a/4", "a/2", ["of a, 2 of 3 pass"]),
    ],
)
def test_what_the_page_has_wrong_is_told(passed: str, failed: str, found: list[str]) -> None:
    page = Listed(suites={"a": (2, 1)}, failing=frozenset(("a/2",)))
    outcome = Outcome(passed=frozenset(passed.split()), failed=frozenset(failed.split()))
    told = list(differences(page, {"a": outcome}, ["a"]))
    assert len(told) == len(found)
    assert all(each.startswith(begin) for each, begin in zip(told, found, strict=True))


def as_json(*rows: Mapping[str, Mapping[str, str]]) -> bytes:
    names = sorted({name for row in rows for name in row})
    return json.dumps({"head": {"vars": names}, "results": {"bindings": rows}}).encode()


def number(text: str, datatype: str = "decimal") -> dict[str, str]:
    return {"type": "literal", "value": text, "datatype": f"{_XSD}{datatype}"}


def tagged(text: str, language: str) -> dict[str, str]:
    return {"type": "literal", "value": text, "xml:lang": language}


def node(name: str) -> dict[str, str]:
    return {"type": "bnode", "value": name}


_PLAIN = {"type": "literal", "value": "2.0"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([{"x": number("2.0")}], [{"x": number("2.00")}]),
        ([{"x": number("1.0E6", "double")}], [{"x": number("1000000", "double")}]),
        ([{"x": tagged("a", "en-US")}], [{"x": tagged("a", "en-us")}]),
        ([{"x": _PLAIN}], [{"x": number("2.0", "string")}]),
        ([{"x": node("a"), "y": node("a")}], [{"x": node("b"), "y": node("b")}]),
        ([{"x": _PLAIN}, {"x": node("a")}], [{"x": node("b")}, {"x": _PLAIN}]),
    ],
)
def test_tables_that_are_the_same(
    one: list[dict[str, dict[str, str]]], other: list[dict[str, dict[str, str]]]
) -> None:
    check_table(as_json(*one), as_json(*other), ".srj")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([{"x": number("2.0")}], [{"x": _PLAIN}]),
        ([{"x": number("2", "integer")}], [{"x": number("2", "decimal")}]),
        ([{"x": number("02", "token")}], [{"x": number("2", "token")}]),
        ([{"x": tagged("a", "en")}], [{"x": tagged("a", "fr")}]),
        ([{"x": _PLAIN}], [{"y": _PLAIN}]),
        ([{"x": _PLAIN}], [{"x": _PLAIN}, {"x": _PLAIN}]),
        ([{"x": node("a"), "y": node("a")}], [{"x": node("a"), "y": node("b")}]),
        ([{"x": node("a")}, {"x": node("a")}], [{"x": node("a")}, {"x": node("b")}]),
    ],
)
def test_tables_that_are_not_the_same(
    one: list[dict[str, dict[str, str]]], other: list[dict[str, dict[str, str]]]
) -> None:
    with pytest.raises(AssertionError):
        check_table(as_json(*one), as_json(*other), ".srj")


def test_tables_in_csv_may_have_their_columns_in_any_order() -> None:
    rows = [["a,b", "_:x"], ["", "1.0E6"]]
    texts = []
    for places in ((0, 1), (1, 0)):
        stream = StringIO()
        table = [["p", "q"], *rows]
        csv.writer(stream).writerows([[row[place] for place in places] for row in table])
        texts.append(stream.getvalue().encode())
    check_table(texts[0], texts[1].replace(b"1.0E6", b"1000000").replace(b"_:x", b"_:y"), ".csv")
    with pytest.raises(AssertionError):
        check_table(texts[0], texts[0].replace(b"a,b", b"a;b"), ".csv")


def test_a_truth_and_a_table_as_rdf() -> None:
    prefix = "@prefix rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#> . "
    truth = rdflib.Graph().parse(data=f"{prefix} [] rs:boolean true .", format="turtle")
    check_result_set(b'{"head": {}, "boolean": true}', ".srj", truth)
    with pytest.raises(AssertionError):
        check_result_set(b'{"head": {}, "boolean": false}', ".srj", truth)
    table = rdflib.Graph().parse(
        data=f'{prefix} [] rs:resultVariable "x" ; rs:solution '
        '[ rs:binding [ rs:variable "x" ; rs:value 2.00 ] ] .',
        format="turtle",
    )
    check_result_set(as_json({"x": number("2.0")}), ".srj", table)
    with pytest.raises(AssertionError):
        check_result_set(as_json({"x": number("3.0")}), ".srj", table)


def test_statements_are_compared_but_for_the_names_of_blank_nodes() -> None:
    expected = rdflib.Graph().parse(data="_:a <http://a/p> _:b .", format="nt")
    check_statements(b"_:x <http://a/p> _:y .", expected)
    with pytest.raises(AssertionError):
        check_statements(b"_:x <http://a/p> _:x .", expected)
