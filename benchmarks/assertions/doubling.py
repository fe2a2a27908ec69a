"""Time by the length of hostile sentences: constructions that repeat, each in ever longer rows."""

import time
from collections.abc import Iterator
from itertools import cycle

from benchmarks.assertions.reading import Reader
from kg.model import EntityType, Grounding, Mention

# "X" is where a mention stands, each a term of its own.
CONSTRUCTIONS = [
    "X , ",
    "X and ",
    "X or X , ",
    "cells , ",
    "the x cells , the ",
    "X ( ",
    "( X , X ) ",
    "( X ( ",
    "[ X { ",
    "X - ",
    "X / ",
    "X -induced ",
    "X-induced X ",
    "X-induced and ",
    "of X ",
    "of the ",
    "the activation of ",
    "the activation of X by ",
    "activation ",
    "activation X ",
    "the role of X in ",
    "the role of X by X in ",
    "the effect of X on X and ",
    "the association between X and ",
    "expression of X in ",
    "X expression ",
    "in X , ",
    "in the X of ",
    "with X after ",
    "activates ",
    "X activates ",
    "X activates X , ",
    "X activates X and ",
    "X activates X ; ",
    "X activates X by X via ",
    "and activates X ",
    ", and activates X ",
    ", activating X ",
    "X is activated by ",
    "X is activated by cells ",
    "activated by X ",
    "to activate X ",
    "to activate ",
    "by activating X ",
    "by activating ",
    "of activating ",
    "that X ",
    "that activates X ",
    "that X activates X ",
    "that ",
    ", which activates X ",
    "X that was ",
    "we suggest that X ",
    "whether X ",
    "X is a ",
    "X is X ",
    "X , X is a ",
    "is ",
    "may ",
    "X may activate X and ",
    "not ",
    "X does not activate X , ",
    "but not X ",
    "neither X nor ",
    "no ",
    "without X ",
    "such as X ",
    "including X , ",
    "X , such as ",
    "its X ",
    "its X activates ",
    "an inhibitor of X , ",
    "X , an inhibitor of X , ",
    "the X inhibitors X , X and ",
    "anti - X effect of ",
    "anti - X ",
    "X deficient ",
    "X -/- mice had reduced X and ",
    "patients with X had ",
    "X was increased in X and ",
    "treatment of X with ",
    "X levels in X of ",
    "X , but ",
    "as well as X ",
    "e . g . X ",
    "X ? ",
    "X : ",
    ": ",
    "- ",
    "increased X and decreased ",
    "X after ",
    "X treated with X had increased X and ",
    "in a X -dependent manner ",
    "in X treated with X , ",
    "the effect of X on X is mediated by ",
    "blocking X and silencing X ",
    "X protects X from ",
    "via X ",
    "X was reduced ",
]
_TIMES = (150, 300, 600, 1200)
_KINDS = (EntityType.GENE, EntityType.CELL_TYPE, EntityType.DISEASE, EntityType.PROCESS)


def composed(constructions: list[str]) -> tuple[str, tuple[Mention, ...]]:
    """Return the sentence that constructions make, with its mentions."""
    kinds = cycle(_KINDS)
    text = ""
    mentions: list[Mention] = []
    for word in f"X activates X {' '.join(constructions)} activates X".replace("X-", "X -").split():
        written = word
        if word == "X":
            written = f"N{len(mentions)}"
            mentions.append(
                Mention(
                    start=len(text),
                    end=len(text) + len(written),
                    text=written,
                    type=next(kinds),
                    groundings=(Grounding(term=written.lower(), score=0.9, method="name"),),
                )
            )
        text += f"{written} "
    return text, tuple(mentions)


def report_doubling(reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield what twice the length costs of each construction: near 2 where time is linear."""
    worst = 0.0
    for construction in CONSTRUCTIONS:
        spent = [_seconds(reader, *composed([construction] * times)) for times in _TIMES]
        ratio = (spent[-1] / spent[0]) ** (1 / (len(spent) - 1))
        worst = max(worst, ratio)
        yield repr(construction), f"{spent[-1] * 1000:.1f} ms for {_TIMES[-1]}, ratio {ratio:.2f}"
    yield "highest ratio", f"{worst:.2f}"


def _seconds(reader: Reader, text: str, mentions: tuple[Mention, ...]) -> float:
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        reader.read_sentence(text, mentions)
        best = min(best, time.process_time() - started)
    return best
