from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.service.protocol import (
    FORM,
    QUERY,
    UPDATE,
    QueryAsked,
    RefusalError,
    Request,
    UpdateAsked,
    read_request,
)


def post(media_type: str, body: bytes, query_string: str = "") -> Request:
    return Request(
        method="POST",
        query_string=query_string,
        headers={"content-type": media_type},
        body=body,
    )


def get(query_string: str) -> Request:
    return Request(method="GET", query_string=query_string, headers={})


@given(st.text())
def test_a_query_arrives_as_sent_in_each_way(text: str) -> None:
    text = text.removeprefix("\ufeff")
    form = urlencode({"query": text})
    asked = QueryAsked(text=text)
    assert read_request(get(form)) == asked
    assert read_request(post(f"{FORM}; charset=UTF-8", form.encode())) == asked
    assert read_request(post(QUERY, text.encode())) == asked


def test_an_update_is_posted() -> None:
    asked = UpdateAsked(text="CLEAR ALL", using=("http://a/",), using_named=("http://b/",))
    graphs = urlencode({"using-graph-uri": "http://a/", "using-named-graph-uri": "http://b/"})
    assert read_request(post(UPDATE, b"CLEAR ALL", graphs)) == asked
    assert read_request(post(FORM, f"update=CLEAR+ALL&{graphs}".encode())) == asked


def test_a_dataset_that_is_given_is_all_there_is() -> None:
    asked = read_request(get("query=ASK{}&default-graph-uri=http://a/&default-graph-uri=http://b/"))
    assert isinstance(asked, QueryAsked)
    assert asked.default_graphs == ("http://a/", "http://b/")
    assert asked.named_graphs == ()


def test_a_graph_that_is_left_empty_is_none() -> None:
    asked = read_request(get("query=ASK{}&default-graph-uri=&named-graph-uri="))
    assert asked == QueryAsked(text="ASK{}")


def test_format_and_time_can_be_asked_for() -> None:
    asked = read_request(get("query=ASK{}&format=csv&timeout=2.5"))
    assert asked == QueryAsked(text="ASK{}", form="csv", seconds=2.5)
    asked = read_request(get("query=ASK{}&format=tsv&format=text/tab-separated-values"))
    assert asked == QueryAsked(text="ASK{}", form="tsv,text/tab-separated-values")


def test_without_a_query_the_description_is_asked_for() -> None:
    assert read_request(get("")) is None


@pytest.mark.parametrize(
    ("request_", "status", "message"),
    [
        (get("query=ASK{}&query=ASK{}"), 400, "query is given 2 times"),
        (get("update=CLEAR+ALL"), 400, "an update is sent by POST"),
        (get("query=%FF"), 400, "not percent-encoded UTF-8"),
        (
            get("query=ASK{}&timeout=soon"),
            400,
            "timeout is a number of seconds from 0.1 on, not 'soon'",
        ),
        (get("query=ASK{}&timeout=-1"), 400, "timeout is a number of seconds"),
        (get("query=ASK{}&timeout=nan"), 400, "timeout is a number of seconds"),
        (get("query=ASK{}&using-graph-uri=http://a/"), 400, "does not go with a query"),
        (post(UPDATE, b"CLEAR ALL", "default-graph-uri=a"), 400, "does not go with an update"),
        (get("query=ASK{}&default-graph-uri=a"), 400, "default-graph-uri: 'a' is no whole IRI"),
        (get("query=ASK{}&named-graph-uri=a:%20b"), 400, "named-graph-uri: 'a: b' is no whole"),
        (post(UPDATE, b"CLEAR ALL", "using-graph-uri=a>b:"), 400, "using-graph-uri: 'a>b:' is no"),
        (post(FORM, b"query=ASK{}&update=CLEAR+ALL"), 400, "a query and an update"),
        (post(FORM, b"q=ASK{}"), 400, "neither a query nor an update"),
        (post(QUERY, b"ASK{}", "query=ASK{}"), 400, "both in the body and in the address"),
        (post(QUERY, b"ASK{} #\xff"), 400, "no text in UTF-8 (byte 7)"),
        (post("text/turtle", b"<a:a> <a:b> <a:c> ."), 415, "not text/turtle"),
        (post("", b"ASK{}"), 415, "not untyped"),
        (post(f"{QUERY}; charset=utf-16", b"ASK{}"), 415, "in UTF-8, not in utf-16"),
        (Request(method="PUT", query_string="", headers={}), 405, "PUT is not for this address"),
    ],
)
def test_what_the_protocol_does_not_know_is_refused(
    request_: Request, status: int, message: str
) -> None:
    with pytest.raises(RefusalError, match=r".") as refused:
        read_request(request_)
    assert refused.value.status == status
    assert message in str(refused.value)
