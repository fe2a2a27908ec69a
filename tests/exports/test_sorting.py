"""Lines are sorted through files as they are in memory."""

import random
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from kg.exports.sorting import sort_lines

LINES = st.lists(st.binary(max_size=8).map(lambda line: line.replace(b"\n", b"") + b"\n"))


@given(LINES, st.integers(min_value=1, max_value=40))
def test_any_lines_in_any_memory(lines: list[bytes], held: int) -> None:
    assert list(sort_lines(BytesIO(b"".join(lines)), held=held)) == sorted(lines)


def test_lines_that_are_all_the_same_come_to_an_end() -> None:
    assert list(sort_lines(BytesIO(b"same\n" * 500), held=20)) == [b"same\n"] * 500


def test_many_ranges() -> None:
    lines = [b"%d\n" % number for number in range(20_000)]
    random.Random(7).shuffle(lines)
    assert list(sort_lines(BytesIO(b"".join(lines)), held=512)) == sorted(lines)
