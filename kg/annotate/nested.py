"""Floor 6: names that go on behind the short form of their first part.

"interleukin 7 (IL-7) receptor" is the receptor, not the interleukin.
"""

import re
from collections.abc import Iterable, Iterator

from kg.annotate.matching import Match
from kg.model import EntityType
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.names import name_key

_ASIDE = re.compile(r" \([A-Za-z][\w-]{1,9}\)(?P<rest>[ -][^\W\d_]+(?:[ -](?:[^\W\d_]+|\d+))?)")
_KINDS = (
    frozenset({EntityType.GENE, EntityType.GENE_FAMILY}),
    frozenset({EntityType.DISEASE}),
)
_LEAST_SCORE = 0.7
_LOSS = 0.05  # the name is not written as it stands


def read_nested(text: str, matches: Iterable[Match], lexicon: Lexicon) -> Iterator[Match]:
    """Yield the names that a short form in parentheses parts in two."""
    asides = {found.start(): found for found in _ASIDE.finditer(text)} if ")" in text else {}
    for match in matches if asides else ():
        aside = asides.get(match.end)
        if aside is None or match.best.is_symbol:
            continue
        kinds = next((kinds for kinds in _KINDS if match.best.type in kinds), None)
        if kinds is None:
            continue
        rest = aside["rest"]
        shorter = rest[: max(rest.rfind(" "), rest.rfind("-"))]
        for part in filter(None, (rest, shorter)):
            names = tuple(
                (round(name.score - _LOSS, 3), name)
                for name in lexicon.names(name_key(text[match.start : match.end] + part))
                if name.type in kinds and name.score >= _LEAST_SCORE
            )
            if names:
                end = aside.start("rest") + len(part)
                yield Match(match.start, end, names, "name around short form")
                break
