from kg.service.cache import LARGEST, LARGEST_PAGE, Cache, Known
from kg.service.messages import Head


def known(body: bytes, content_type: str = "text/plain") -> Known:
    return Known.of(Head(content_type), body)


def test_what_was_asked_longest_ago_goes_first() -> None:
    cache = Cache(3_500)
    for key in "abc":
        cache.put(key, 1, known(key.encode()))
    assert cache.get("a") is not None
    cache.put("d", 1, known(b"d"))
    assert cache.get("b") is None
    assert [found.body for key in "acd" if (found := cache.get(key))] == [b"a", b"c", b"d"]


def test_long_questions_do_not_fill_the_memory() -> None:
    cache = Cache(10 * LARGEST)
    cache.put("long", LARGEST + 1, known(b""))
    assert cache.get("long") is None
    for number in range(100):
        cache.put(number, LARGEST, known(b""))
    assert sum(cache.get(number) is not None for number in range(100)) == 9


def test_the_same_again_takes_no_more_room() -> None:
    cache = Cache(2_500)
    cache.put("a", 1, known(b"a"))
    for _ in range(10):
        cache.put("b", 1, known(b"b"))
    assert cache.get("a") is not None


def test_an_etag_is_that_of_what_is_sent() -> None:
    first = known(b"x")
    assert first.etag.startswith(b'"')
    assert known(b"x").etag == first.etag
    assert known(b"x", "text/csv").etag != first.etag
    linked = Known.of(Head("text/plain", headers=(("link", "<a>"),)), b"x")
    assert linked.etag != first.etag


def test_a_new_generation_empties_it() -> None:
    cache = Cache(10_000)
    cache.put("a", 1, known(b"x"))
    cache.clear()
    assert cache.get("a") is None


def test_pages_are_kept_that_are_longer_than_other_answers() -> None:
    cache = Cache(100 * LARGEST)
    for key, size, kind in (
        ("rows", LARGEST + 1, "text/csv"),
        ("page", LARGEST + 1, "text/html; charset=utf-8"),
        ("long page", LARGEST_PAGE + 1, "text/html; charset=utf-8"),
    ):
        cache.put(key, 1, known(bytes(size), kind))
    assert [key for key in ("rows", "page", "long page") if cache.get(key)] == ["page"]
