"""Floor 6: a text cut into words with their offsets, fast.

A word is a row of letters and digits; everything else parts words. The work is done by methods that
run over the whole text at once, since a Python step for each word costs too much when all of PubMed
is read.
"""

from itertools import accumulate, compress, count

_SEPARATORS = {code: " " for code in range(128) if not chr(code).isalnum()}


class Words:
    """The words of a text, in order; where one starts is worked out when it is asked for.

    >>> words = Words("IL-7Rα, p53")
    >>> words.forms, [words.start(number) for number in range(3)]
    (['IL', '7Rα', 'p53'], [0, 3, 8])
    """

    __slots__ = ("_ends", "_places", "forms")

    def __init__(self, text: str) -> None:
        parts = _with_spaces(text).split(" ")
        self.forms = list(filter(None, parts))
        self._ends = list(accumulate(map(len, parts)))  # without the separators
        self._places = list(compress(count(), parts))

    def start(self, number: int) -> int:
        """Return the offset in the text at which a word starts."""
        place = self._places[number]
        return self._ends[place] + place - len(self.forms[number])

    def end(self, number: int) -> int:
        """Return the offset in the text at which a word ends."""
        place = self._places[number]
        return self._ends[place] + place


def _with_spaces(text: str) -> str:
    """Return a text of the same length with a space for each character that is in no word."""
    if text.isascii():
        return text.translate(_SEPARATORS)
    for char in set(text):
        if not char.isalnum():
            text = text.replace(char, " ")
    return text
