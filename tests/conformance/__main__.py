"""The W3C's tests of SPARQL 1.1, put to a running `kg serve`.

    python -m tests.conformance PATH-OF-RDF-TESTS [SUITE ...]

PATH is a checkout of https://github.com/w3c/rdf-tests. Prints a line for each test that fails, with
its cause, and how many passed of each suite; ends with 1 where docs/conformance.md says otherwise.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import rdflib

from tests.conformance.endpoint import TOKEN, Endpoint
from tests.conformance.evaluation import query_tests, result_tests, syntax_tests, update_tests
from tests.conformance.federation import federation_tests, serve_with_others
from tests.conformance.http import protocol_tests, store_tests
from tests.conformance.listed import PAGE, Outcome, differences, read_page
from tests.conformance.manifests import Test
from tests.conformance.self_description import description_tests

_LEFT_OUT = {
    "entailment": "the endpoint claims no entailment regime",
    "http-rdf-update": "deprecated in favour of graph-store-protocol",
}


def suites(others: Mapping[str, Endpoint]) -> dict[str, Callable[[Path], Iterator[Test]]]:
    """Return all suites, by name; `others` are the endpoints that SERVICE asks."""
    return {
        "protocol": protocol_tests,
        "graph store": store_tests,
        "service description": description_tests,
        "query": query_tests,
        "results": result_tests,
        "update": update_tests,
        "syntax": syntax_tests,
        "federation": partial(federation_tests, others=others),
    }


def main() -> int:
    """Run the suites that are named, or all."""
    path, *chosen = sys.argv[1:] or [os.environ.get("RDF_TESTS", "")]
    root = Path(path) / "sparql" / "sparql11"
    unknown = set(chosen) - set(suites({}))
    if not path or not root.is_dir() or unknown:
        print(
            "give the path of a checkout of https://github.com/w3c/rdf-tests, or RDF_TESTS=PATH; "
            f"after it, suites: {', '.join(suites({}))}",
            file=sys.stderr,
        )
        return 2
    # What is written there is to arrive as it is: 01 is another literal than 1.
    rdflib.NORMALIZE_LITERALS = False
    os.environ["KG_TOKEN"] = TOKEN
    outcomes = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        serve_with_others(Path(folder)) as (endpoint, others),
    ):
        known = suites(others)
        for name in chosen or known:
            outcomes[name] = _run(name, known[name](root), endpoint)
    wrong = list(differences(read_page(PAGE.read_text(encoding="utf-8")), outcomes, known))
    for name, reason in ({} if chosen else _LEFT_OUT).items():
        print(f"{name:<20} not run: {reason}")
    for each in wrong:
        print(f"docs/conformance.md: {each}")
    return 1 if wrong else 0


def _run(suite: str, tests: Iterator[Test], endpoint: Endpoint) -> Outcome:
    passed, failed = set(), set()
    for test in tests:
        try:
            test.run(endpoint)
        except Exception as error:  # noqa: BLE001 (a test that cannot be run to its end has failed)
            told = f"{error}" if isinstance(error, AssertionError) else repr(error)
            print(f"failed {test.name}: {' '.join(told.split())[:400]}")
            failed.add(test.name)
        else:
            passed.add(test.name)
    print(f"{suite:<20} {len(passed)} of {len(passed) + len(failed)}", flush=True)
    return Outcome(passed=frozenset(passed), failed=frozenset(failed))


if __name__ == "__main__":
    sys.exit(main())
