"""Pages of an answer: all of them are the whole, and later ones cost no more than one run."""

from collections.abc import Iterator, Mapping

import pytest
from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
)

from kg.errors import ParameterError
from kg.queries.run import Asked, resolve_query
from kg.queries.saved import SavedQuery, parse_saved_query
from kg.service.paging import CursorError, Windows, digest_of, read_cursor
from kg.service.results import write_rows

COUNT = 300
TEXT = """#+ summary: Numbers
#+ description: Numbers from one on
#+ parameters:
#+   above:
#+     type: integer
#+     description: Only greater ones
#+     default: 0
#+ columns: {number: The number}
#+ example:
#+   parameters: {}
#+   contains: [{number: 1}]
#+ budget: 100
SELECT ?number WHERE {
  ?s <http://a/number> ?number .
  VALUES ?above { 0 }  # @param above
  FILTER(?number > ?above)
}
ORDER BY ?number
"""


class Counting:
    """A store that counts how often it is asked."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.runs = 0

    def query(self, sparql: str, /) -> QuerySolutions | QueryBoolean | QueryTriples:
        self.runs += 1
        return self.store.query(sparql)


def quad(number: int) -> Quad:
    return Quad(NamedNode(f"http://a/{number}"), NamedNode("http://a/number"), Literal(number))


@pytest.fixture
def numbers() -> Counting:
    store = Store()
    store.extend(map(quad, range(1, COUNT + 1)))
    return Counting(store)


@pytest.fixture(scope="module")
def query() -> SavedQuery:
    return parse_saved_query("numbers", TEXT)


def ask(numbers: Counting, query: SavedQuery, **given: str) -> Asked:
    return resolve_query(numbers, query, given, None)


def pages(
    windows: Windows, numbers: Counting, asked: Asked, count: int, generation: str = "one"
) -> Iterator[list[int]]:
    cursor = None
    while True:
        page = windows.page(numbers, generation, asked, count, cursor)
        yield [int(row[0].value) for row in page.rows]
        if page.next is None:
            return
        cursor = read_cursor(page.next.encode(), generation, asked)


@pytest.mark.parametrize("count", [1, 7, 100, 150, 299, 300, 301])
@pytest.mark.parametrize("cells", [1, 20, 100_000])
def test_all_pages_are_the_whole(
    numbers: Counting, query: SavedQuery, count: int, cells: int
) -> None:
    given = list(pages(Windows(cells), numbers, ask(numbers, query), count))
    assert [len(page) for page in given[:-1]] == [count] * (len(given) - 1)
    assert [number for page in given for number in page] == list(range(1, COUNT + 1))


def test_later_pages_are_cut_from_rows_that_are_kept(numbers: Counting, query: SavedQuery) -> None:
    windows, asked = Windows(), ask(numbers, query)
    assert len(list(pages(windows, numbers, asked, 3))) == 100
    assert numbers.runs == 1
    # Where a few rows are kept only, one for as many as are.
    numbers.runs = 0
    assert len(list(pages(Windows(30), numbers, asked, 3))) == 100
    assert 9 < numbers.runs < 15


def test_another_worker_goes_on_where_the_first_one_was(
    numbers: Counting, query: SavedQuery
) -> None:
    asked = ask(numbers, query)
    first = Windows().page(numbers, "one", asked, 10, None)
    assert first.next is not None
    second = Windows().page(numbers, "one", asked, 10, first.next)
    assert [row[0].value for row in second.rows] == [str(number) for number in range(11, 21)]


def test_so_many_rows_are_kept(numbers: Counting, query: SavedQuery) -> None:
    windows = Windows(kept=2 * COUNT)
    one, two, three = (ask(numbers, query, above=str(above)) for above in (0, 1, 2))

    def runs(asked: Asked) -> int:
        before = numbers.runs
        windows.page(numbers, "one", asked, 5, None)
        return numbers.runs - before

    assert [runs(each) for each in (one, two, one, three, one, two)] == [1, 1, 0, 1, 0, 1]


def test_a_cursor_of_another_generation_leads_nowhere(numbers: Counting, query: SavedQuery) -> None:
    asked = ask(numbers, query)
    following = Windows().page(numbers, "one", asked, 5, None).next
    assert following is not None
    with pytest.raises(CursorError, match="the graph has changed"):
        read_cursor(following.encode(), "two", asked)


def test_rows_that_moved_are_told_and_not_given(numbers: Counting, query: SavedQuery) -> None:
    asked = ask(numbers, query)
    following = Windows().page(numbers, "one", asked, 5, None).next
    numbers.store.remove(quad(3))
    with pytest.raises(CursorError, match="the graph has changed"):
        Windows().page(numbers, "one", asked, 5, following)


def test_a_cursor_behind_the_end_leads_nowhere(numbers: Counting, query: SavedQuery) -> None:
    asked = ask(numbers, query)
    following = Windows().page(numbers, "one", asked, 295, None).next
    numbers.store.clear()
    with pytest.raises(CursorError):
        Windows().page(numbers, "one", asked, 5, following)


@pytest.mark.parametrize("text", ["", "x", "é", "AAAA", "lA", "a" * 3001])
def test_what_is_no_cursor_is_told(numbers: Counting, query: SavedQuery, text: str) -> None:
    with pytest.raises(ParameterError, match="no cursor") as raised:
        read_cursor(text, "one", ask(numbers, query))
    assert raised.value.parameter == "after"


def test_a_cursor_goes_with_its_question(numbers: Counting, query: SavedQuery) -> None:
    following = Windows().page(numbers, "one", ask(numbers, query), 5, None).next
    assert following is not None
    with pytest.raises(ParameterError, match="another question"):
        read_cursor(following.encode(), "one", ask(numbers, query, above="7"))


def test_digests_are_short() -> None:
    assert len(digest_of("a" * 10_000)) == 9


TERMS = """@prefix : <http://a/> .
:a :b <http://a/é>, "plain", "tab\\t\\"quote\\" \\\\ \\n line", "mot"@fr, "שלום"@he--rtl,
  1, 1.50, 2.0e3, true, "x"^^:t, _:blank, <<( :a :b "in a triple" )>> ."""


@pytest.mark.parametrize(
    "form",
    [
        QueryResultsFormat.JSON,
        QueryResultsFormat.XML,
        QueryResultsFormat.CSV,
        QueryResultsFormat.TSV,
    ],
)
def test_a_page_is_written_as_oxigraph_writes_the_whole(form: QueryResultsFormat) -> None:
    store = Store()
    store.load(TERMS, RdfFormat.TURTLE)
    text = "SELECT ?none ?o { :a :b ?o } ORDER BY STR(?o)"
    prefixes: Mapping[str, str] = {"": "http://a/"}
    whole, rows = (store.query(text, prefixes=dict(prefixes)) for _ in range(2))
    assert isinstance(whole, QuerySolutions)
    assert isinstance(rows, QuerySolutions)
    assert write_rows(["none", "o"], list(rows), form) == whole.serialize(format=form)
