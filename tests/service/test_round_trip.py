"""What a query gives is what arrives, in every format, whatever signs the terms hold."""

import csv
import re
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import TypeAlias

import pytest
import rdflib
import requests
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple | None
Row: TypeAlias = tuple[Term, ...]
Written: TypeAlias = list[list[Literal | NamedNode | None]]

_XSD = "http://www.w3.org/2001/XMLSchema#"
# XML 1.0, section 2.2.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SESSION = requests.Session()

_texts = st.text(st.characters(codec="utf-8"), max_size=12)
_literals = st.one_of(
    st.builds(Literal, _texts),
    st.builds(Literal, _texts, language=st.sampled_from(["en", "de-AT", "zh-Hant-TW"])),
    st.builds(
        lambda text, kind: Literal(text, datatype=NamedNode(kind)),
        _texts | st.sampled_from(["1", "007", "-1.50", "1e400", "true", "2024-02-30", "INF"]),
        st.sampled_from(
            [
                *(_XSD + each for each in ("integer", "decimal", "double", "boolean", "date")),
                "http://example.org/grade",
            ]
        ),
    ),
)
_iris = st.sampled_from(["http://example.org/a", "urn:x:é", "http://example.org/%20?a=b&c=(d)#e"])
_tables = st.lists(
    st.lists(_literals | st.builds(NamedNode, _iris) | st.none(), min_size=2, max_size=2),
    max_size=4,
)
_NASTY = [
    [Literal('a,b\t"c"\r\nd\'e\\f', language="en"), Literal(" \x85\u2028\ufeff𝔘 ")],
    [Literal("]]><literal>&amp;"), Literal("_:a")],
    [Literal("SERVICE <http://a/> LOAD"), Literal("\\u0053ervice \\t")],
    [None, Literal("")],
]
_CONTROL = [[Literal("\x00\x01\x0b\x7f\ufffe"), None]]

_quickly = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def values(rows: Written) -> str:
    lines = (
        f"({' '.join('UNDEF' if each is None else str(each) for each in row)})" for row in rows
    )
    return f"VALUES (?a ?b) {{ {' '.join(lines)} }}"


def get(url: str, query: str, media_type: str) -> requests.Response:
    headers = {"accept": media_type}
    return _SESSION.post(f"{url}/sparql", data={"query": query}, headers=headers, timeout=60)


def fits_xml(terms: Sequence[Term]) -> bool:
    return not any(_NOT_XML.search(each.value) for each in terms if isinstance(each, Literal))


def as_rdflib(term: Term) -> rdflib.term.Node | None:
    if isinstance(term, Literal):
        kind = term.datatype.value
        datatype = None if term.language or kind == f"{_XSD}string" else rdflib.URIRef(kind)
        return rdflib.Literal(term.value, lang=term.language, datatype=datatype, normalize=False)
    return None if term is None else rdflib.URIRef(str(term)[1:-1])


@_quickly
@given(rows=_tables)
@example(rows=_NASTY)
@example(rows=_CONTROL)
def test_tables(url: str, rows: Written) -> None:
    query = f"SELECT ?a ?b {{ {values(rows)} }}"
    solutions = Store().query(query)
    assert isinstance(solutions, QuerySolutions)
    expected: list[Row] = [tuple(row) for row in solutions]
    for form in (QueryResultsFormat.JSON, QueryResultsFormat.XML, QueryResultsFormat.TSV):
        answer = get(url, query, form.media_type)
        if form == QueryResultsFormat.XML and not fits_xml([t for row in expected for t in row]):
            assert answer.status_code == 406
            assert "XML" in answer.text
            continue
        assert answer.status_code == 200, answer.text
        found = parse_query_results(answer.content, format=form)
        assert isinstance(found, QuerySolutions)
        assert [tuple(row) for row in found] == expected
    answer = get(url, query, "text/csv")
    head, *lines = csv.reader(StringIO(answer.content.decode(), newline=""))
    assert head == ["a", "b"]
    assert lines == [["" if t is None else t.value for t in row] for row in expected]  # type: ignore[union-attr]


@_quickly
@given(rows=_tables)
@example(rows=_NASTY)
def test_tables_as_rdflib_reads_them(url: str, rows: Written) -> None:
    query = f"SELECT ?a ?b {{ {values(rows)} }}"
    solutions = Store().query(query)
    assert isinstance(solutions, QuerySolutions)
    expected: list[Row] = [tuple(row) for row in solutions]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rdflib, "NORMALIZE_LITERALS", False)
        for name, media_type in (
            ("json", QueryResultsFormat.JSON),
            ("xml", QueryResultsFormat.XML),
        ):
            if name == "xml" and not fits_xml([t for row in expected for t in row]):
                continue
            answer = get(url, query, media_type.media_type)
            found = rdflib.query.Result.parse(BytesIO(answer.content), format=name)
            variables = rdflib.Variable("a"), rdflib.Variable("b")
            table = [tuple(row.get(each) for each in variables) for row in found.bindings]
            assert table == [tuple(map(as_rdflib, row)) for row in expected]


@_quickly
@given(rows=_tables)
@example(rows=_NASTY)
@example(rows=_CONTROL)
def test_statements(url: str, rows: Written) -> None:
    head = "CONSTRUCT { _:s <http://example.org/p> ?a . <http://example.org/s> ?b _:s . ?b a ?a }"
    query = f"{head} {{ {values(rows)} }}"
    triples = Store().query(query)
    assert isinstance(triples, QueryTriples)
    expected = list(triples)
    for form in (
        *(RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.N_QUADS, RdfFormat.TRIG),
        *(RdfFormat.RDF_XML, RdfFormat.JSON_LD),
    ):
        answer = get(url, query, form.media_type)
        if form == RdfFormat.RDF_XML and not fits_xml([each.object for each in expected]):
            assert answer.status_code == 406
            continue
        assert answer.status_code == 200, answer.text
        found = [quad.triple for quad in parse(answer.content, form)]
        assert canonical(found) == canonical(expected), form


def canonical(triples: Sequence[Triple]) -> Dataset:
    dataset = Dataset(Quad(each.subject, each.predicate, each.object) for each in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset
