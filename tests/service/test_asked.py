"""What a request gives for the parameters of a saved query."""

import pytest

from kg.service.asked import read_saved
from kg.service.protocol import RefusalError, Request


def post(body: str, media_type: str = "application/json", query_string: str = "") -> Request:
    return Request(
        method="POST",
        query_string=query_string,
        headers={"content-type": media_type},
        body=body.encode(),
    )


def test_values_of_json_are_as_a_person_would_give_them() -> None:
    asked = read_saved(post('{"b": [true, 2, "x"], "a": 1.5, "c": null}', query_string="b=no"))
    assert asked.given == (("a", ("1.5",)), ("b", ("no", "true", "2", "x")))


def test_a_form_may_say_the_format_and_the_time() -> None:
    form = "application/x-www-form-urlencoded; charset=utf-8"
    asked = read_saved(post("a=1&format=csv&timeout=2.5&a=2", form))
    assert (asked.given, asked.form, asked.seconds) == ((("a", ("1", "2")),), "csv", 2.5)


def test_the_order_of_names_does_not_matter() -> None:
    one, other = (
        read_saved(Request(method="GET", query_string=text, headers={}))
        for text in ("b=2&a=1&a=0", "a=1&b=2&a=0")
    )
    assert one == other


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (post("x", "text/plain"), 415),
        (post("x", ""), 415),
        (post("[1]"), 422),
        (post('{"a": [[1]]}'), 422),
        (post("{"), 400),
        (post("a=" + "&a=".join("1" * 1001), "application/x-www-form-urlencoded"), 400),
        (post('{"a": [' + ",".join("1" * 1001) + "]}"), 422),
        (Request(method="GET", query_string="timeout=soon", headers={}), 400),
    ],
)
def test_what_cannot_be_read_is_refused(request_: Request, status: int) -> None:
    with pytest.raises(RefusalError) as raised:
        read_saved(request_)
    assert raised.value.status == status
