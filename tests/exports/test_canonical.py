"""The hash is that of the canonical form of RDFC-1.0, as others compute it."""

from hashlib import sha256
from pathlib import Path

import pytest
from pyld import jsonld
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, Store, parse, serialize

from kg.exports import View, hash_graph
from kg.store import open_graph

# The example of section 4.4 of the recommendation: two nodes that only their neighbours tell apart.
BLANK = """
<http://example.com/#p> <http://example.com/#q> _:e0 .
<http://example.com/#p> <http://example.com/#r> _:e1 .
_:e0 <http://example.com/#s> <http://example.com/#u> .
_:e1 <http://example.com/#t> <http://example.com/#u> .
"""
MORE = r"""
<http://example.com/a> <http://example.com/text> "holds _: but no blank node" .
<http://example.com/a> <http://example.com/text> "tab\t, feed\f, quote\", \\, é, 🧬\r\n" .
<http://example.com/a> <http://example.com/text> "a"@en .
<http://example.com/a> <http://example.com/text> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .
<http://example.com/a> <http://example.com/text> "a" <http://example.com/graph> .
_:e0 <http://example.com/#v> _:e1 <http://example.com/graph> .
<http://example.com/a-b> <http://example.com/text> "a" .
"""
# Written by hand from "A Canonical form of N-Quads" of RDFC-1.0.
ESCAPED = (
    '<http://example.com/a> <http://example.com/text> "\\u0000\\u0007\\b\\t\\n\\u000B\\f\\r'
    '\\u000E\\u001F\\"\\\\\\u007F\x80é" .\n'
)


def view_of(text: str) -> View:
    store = Store()
    store.load(text.encode(), format=RdfFormat.N_QUADS)
    return View(store=store, manifest={})


def by_oxigraph(text: str) -> str:
    dataset = Dataset(parse(text.encode(), RdfFormat.N_QUADS))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    written = serialize(dataset, format=RdfFormat.N_QUADS)
    assert written is not None
    return sha256(b"".join(sorted(written.splitlines(keepends=True)))).hexdigest()


def by_pyld(text: str) -> str:
    options = {"algorithm": "URDNA2015", "inputFormat": "application/n-quads",
               "format": "application/n-quads"}  # fmt: skip
    return sha256(jsonld.normalize(text, options).encode()).hexdigest()


@pytest.mark.parametrize("text", [BLANK, BLANK + MORE, MORE, "", ESCAPED])
def test_as_oxigraph_canonicalises(text: str) -> None:
    assert hash_graph(view_of(text)) == by_oxigraph(text)


# PyLD has the escapes of the algorithm's draft, which left control characters as they are.
@pytest.mark.parametrize("text", [BLANK, BLANK + MORE.replace(r"tab\t, feed\f", "")])
def test_as_pyld_canonicalises(text: str) -> None:
    assert hash_graph(view_of(text)) == by_pyld(text)


def test_escapes_are_those_of_the_canonical_form() -> None:
    assert hash_graph(view_of(ESCAPED)) == sha256(ESCAPED.encode()).hexdigest()


def test_labels_of_blank_nodes_do_not_matter() -> None:
    other = BLANK.replace("e0", "x").replace("e1", "e0").replace("_:x", "_:e1")
    assert other != BLANK
    assert hash_graph(view_of(other)) == hash_graph(view_of(BLANK))


def test_a_statement_more_is_another_hash() -> None:
    assert hash_graph(view_of(BLANK + MORE)) != hash_graph(view_of(BLANK))


def test_a_built_graph(sample_graph: Path) -> None:
    with open_graph(sample_graph) as graph:
        text = "".join(f"{quad} .\n" for quad in graph.quads())
        assert hash_graph(graph) == by_pyld(text) == by_oxigraph(text)
