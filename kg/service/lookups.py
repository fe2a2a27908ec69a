"""Floor 10: which queries are small whatever the graph holds, so that they need no worker. Pure."""

import re
from functools import lru_cache

# One pattern with a whole IRI as its subject, each statement of which is a row: what is read is
# what is sent, and what is sent has a bound. No path, no second pattern, no filter, no DISTINCT.
_TERM = r"(?:[?$]\w+|<[^<>\s\"{}|^`\\]*>|[A-Za-z][\w-]*:[A-Za-z_][\w-]*)"
_SMALL = re.compile(
    rf"""\s*
    (?:PREFIX\s+[A-Za-z][\w-]*:\s*<[^<>\s]*>\s*)*
    (?:SELECT\s+(?:\*|(?:[?$]\w+\s*)+)|ASK)\s*
    (?:WHERE\s*)?
    \{{\s*<[^<>\s\"{{}}|^`\\]+>\s+(?P<predicate>a|{_TERM})\s+(?P<object>{_TERM})\s*\.?\s*\}}\s*
    (?:LIMIT\s+\d+\s*)?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_LONGEST = 1000


def is_small(query: str) -> bool:
    """Tell whether a query only looks up what the graph says of one thing.

    >>> is_small("SELECT ?o WHERE { <http://example.org/a> ?p ?o }")
    True
    >>> is_small("SELECT * { ?s ?p ?o }"), is_small("ASK { <a:a> <a:b>* ?o }")
    (False, False)
    """
    return len(query) <= _LONGEST and _is_small(query)


@lru_cache(maxsize=10_000)
def _is_small(query: str) -> bool:
    match = _SMALL.fullmatch(query)
    # What is to be the same twice may be looked for in vain in all that is said.
    return match is not None and match["predicate"][1:] != match["object"][1:]
