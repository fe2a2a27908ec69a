from kg.service.cache import LARGEST, Cache


def test_what_was_asked_longest_ago_goes_first() -> None:
    cache = Cache(3_500)
    for key in "abc":
        cache.put(key, 1, "text/plain", key.encode())
    assert cache.get("a") is not None
    cache.put("d", 1, "text/plain", b"d")
    assert cache.get("b") is None
    assert [found.body for key in "acd" if (found := cache.get(key))] == [b"a", b"c", b"d"]


def test_long_questions_do_not_fill_the_memory() -> None:
    cache = Cache(10 * LARGEST)
    cache.put("long", LARGEST + 1, "text/plain", b"")
    assert cache.get("long") is None
    for number in range(100):
        cache.put(number, LARGEST, "text/plain", b"")
    assert sum(cache.get(number) is not None for number in range(100)) == 9


def test_the_same_again_takes_no_more_room() -> None:
    cache = Cache(2_500)
    cache.put("a", 1, "text/plain", b"a")
    for _ in range(10):
        assert cache.put("b", 1, "text/plain", b"b").etag.startswith(b'"')
    assert cache.get("a") is not None


def test_an_etag_is_that_of_what_is_sent() -> None:
    cache = Cache(10_000)
    first = cache.put("a", 1, "text/plain", b"x")
    assert cache.put("b", 1, "text/plain", b"x").etag == first.etag
    assert cache.put("c", 1, "text/csv", b"x").etag != first.etag
    cache.clear()
    assert cache.get("a") is None
