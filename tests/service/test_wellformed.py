from io import BytesIO

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat

from kg.service.wellformed import NotXmlError, as_written


def test_a_carriage_return_is_a_reference_in_xml_alone() -> None:
    for form, wanted in (
        (QueryResultsFormat.XML, b"<a>&#xD;\n\t</a>"),
        (RdfFormat.RDF_XML, b"<a>&#xD;\n\t</a>"),
        (QueryResultsFormat.CSV, b"<a>\r\n\t</a>"),
    ):
        sink = BytesIO()
        written = as_written(sink, form)
        assert written.write(b"<a>\r\n\t</a>") == 10
        written.flush()
        assert sink.getvalue() == wanted


@pytest.mark.parametrize("text", ["\x00", "a\x0b", "\x1f", "\ufffe", "é\uffff"])
def test_what_no_xml_can_hold_fails_wherever_the_pieces_end(text: str) -> None:
    data = f"<a>{text}</a>".encode()
    for size in range(1, len(data)):
        written = as_written(BytesIO(), QueryResultsFormat.XML)
        pieces = [data[start : start + size] for start in range(0, len(data), size)]
        with pytest.raises(NotXmlError, match="another format"):
            list(map(written.write, pieces))
        plain = BytesIO()
        as_written(plain, QueryResultsFormat.JSON).write(data)
        assert plain.getvalue() == data


def test_all_else_is_passed_on() -> None:
    text = "\t\n \x7f\x85\ud7ff\ue000\ufffd\U0010ffff"
    for size in range(1, 9):
        sink = BytesIO()
        written = as_written(sink, QueryResultsFormat.XML)
        data = text.encode()
        for start in range(0, len(data), size):
            written.write(data[start : start + size])
        assert sink.getvalue() == data
