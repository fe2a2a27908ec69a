"""Floor 5: walks through the hierarchies of terms: what stands above a term, what under a root."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from kg.model import Term


def reached(starts: Iterable[str], following: Callable[[str], Iterable[str]]) -> set[str]:
    """Return some CURIEs and all that is reached from them, step by step; circles end.

    >>> sorted(reached(["b"], {"a": ["b"], "b": ["c"], "c": ["b", "d"], "d": []}.__getitem__))
    ['b', 'c', 'd']
    """
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        curie = waiting.pop()
        if curie not in found:
            found.add(curie)
            waiting.extend(following(curie))
    return found


def ancestors(curie: str, terms: Mapping[str, Term]) -> set[str]:
    """Return all that a term stands under."""

    def parents(one: str) -> tuple[str, ...]:
        return terms[one].parents if one in terms else ()

    return reached(parents(curie), parents)


def branches(
    roots: Iterable[str], terms: Mapping[str, Term], without: frozenset[str] = frozenset()
) -> set[str]:
    """Return some terms and all that stand under them, without some and what only they lead to."""
    children: dict[str, list[str]] = defaultdict(list)
    for term in terms.values():
        for parent in term.parents:
            if term.curie not in without:
                children[parent].append(term.curie)
    return reached(
        (root for root in roots if root not in without), lambda one: children.get(one, ())
    )
