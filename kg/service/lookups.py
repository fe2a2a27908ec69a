"""Floor 10: which queries are small whatever the graph holds, so that they need no worker. Pure."""

import re
from functools import lru_cache

# One pattern with a whole IRI as its subject: what is read is what the graph says of one thing. No
# path, no second pattern, no filter; what follows can only leave rows out or put these in order.
_TERM = r"(?:[?$]\w+|<[^<>\s\"{}|^`\\]*>|[A-Za-z][\w-]*:[A-Za-z_][\w-]*)"
_SMALL = re.compile(
    rf"""\s*
    (?:PREFIX\s+[A-Za-z][\w-]*:\s*<[^<>\s]*>\s*)*
    (?:SELECT\s+(?:DISTINCT\s+)?(?:\*|(?:[?$]\w+\s*)+)|ASK)\s*
    (?:WHERE\s*)?
    \{{\s*<[^<>\s\"{{}}|^`\\]+>\s+(?:a|{_TERM})\s+{_TERM}\s*\.?\s*\}}\s*
    (?:LIMIT\s+\d+\s*)?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_LONGEST = 1000


@lru_cache(maxsize=10_000)
def is_small(query: str) -> bool:
    """Tell whether a query only looks up what the graph says of one thing.

    >>> is_small("SELECT ?o WHERE { <http://example.org/a> ?p ?o }")
    True
    >>> is_small("SELECT * { ?s ?p ?o }"), is_small("ASK { <a:a> <a:b>* ?o }")
    (False, False)
    """
    return len(query) <= _LONGEST and _SMALL.fullmatch(query) is not None
