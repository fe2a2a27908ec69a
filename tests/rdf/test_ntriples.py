"""What is written as N-Triples is read back as it was, whatever it holds."""

from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg.rdf.ntriples import boolean, decimal, integer, iri, text, triple


def read(line: str) -> tuple[object, object, object]:
    (quad,) = parse(line.encode("utf-8"), format=RdfFormat.N_TRIPLES)
    return quad.subject, quad.predicate, quad.object


@given(st.text())
def test_any_text_is_read_back(value: str) -> None:
    line = triple(iri("http://example.org/s"), "http://example.org/p", text(value))
    assert "\n" not in line
    assert read(line)[2] == Literal(value)


def test_a_lone_surrogate_is_replaced() -> None:
    assert text("a\ud800b") == '"a\ufffdb"'


@given(st.text(min_size=1))
@example("##")
@example("a#b%#c")
def test_any_iri_is_one(local: str) -> None:
    line = triple(
        iri(f"http://example.org/{local.encode('utf-8', 'replace').decode()}"),
        "http://example.org/p",
        integer(1),
    )
    assert isinstance(read(line)[0], NamedNode)


def test_what_an_iri_may_not_hold_is_encoded_wherever_it_stands() -> None:
    for char in map(chr, (*range(0x80), 0xE9, 0x200B, 0xE000, 0xFFFE)):
        written = iri(f"http://example.org/{char}x")
        read(triple(written, "http://example.org/p", integer(1)))
        kept = char.isalnum() or char in "-._~!$&'()*+,;=:@/?#\u200b"
        assert (f"/{char}x" in written) == kept, repr(char)


def test_numbers() -> None:
    xsd = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    line = triple(iri("http://example.org/s"), "http://example.org/p", decimal(0.9))
    assert read(line)[2] == Literal("0.9", datatype=xsd)
    assert decimal(0.0).startswith('"0.0"')
    assert decimal(0.12345).startswith('"0.123"')
    assert decimal(-0.0004) == decimal(0.0)
    assert decimal(-21.5204).startswith('"-21.52"')


def test_booleans() -> None:
    xsd = NamedNode("http://www.w3.org/2001/XMLSchema#boolean")
    for value, written in ((True, "true"), (False, "false")):
        line = triple(iri("http://example.org/s"), "http://example.org/p", boolean(value))
        assert read(line)[2] == Literal(written, datatype=xsd)
