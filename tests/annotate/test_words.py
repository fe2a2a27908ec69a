"""The words of a text and their offsets."""

import re

from hypothesis import given
from hypothesis import strategies as st

from kg.annotate.words import Words

_TEXT = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("aZ7 -.,(α±é\n\t")))


@given(_TEXT)
def test_words_are_the_runs_of_letters_and_digits(text: str) -> None:
    words = Words(text)
    found = [
        (words.start(number), words.end(number), form) for number, form in enumerate(words.forms)
    ]
    expected = [(one.start(), one.end(), one[0]) for one in re.finditer(r"[^\W_]+", text)]
    assert found == expected
