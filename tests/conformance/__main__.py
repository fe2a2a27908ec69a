"""The W3C's tests of SPARQL 1.1, put to a running `kg serve`.

    python -m tests.conformance PATH-OF-RDF-TESTS [SUITE ...]

PATH is a checkout of https://github.com/w3c/rdf-tests. Prints a line for each test that fails, with
its cause, and how many passed of each suite; ends with 1 if one failed that is not expected to.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from kg.store import write_generation
from tests.conformance.endpoint import Endpoint
from tests.conformance.evaluation import evaluation_tests, syntax_tests, update_tests
from tests.conformance.http import protocol_tests, store_tests
from tests.conformance.manifests import Test
from tests.conformance.self_description import description_tests
from tests.service.conftest import served

_TOKEN = "conformance"
SUITES: dict[str, Callable[[Path], Iterator[Test]]] = {
    "protocol": protocol_tests,
    "graph store": store_tests,
    "service description": description_tests,
    "query": evaluation_tests,
    "update": update_tests,
    "syntax": syntax_tests,
}


def main() -> int:
    path, *chosen = sys.argv[1:] or [os.environ.get("RDF_TESTS", "")]
    root = Path(path) / "sparql" / "sparql11"
    if not path or not root.is_dir():
        print(
            "give the path of a checkout of https://github.com/w3c/rdf-tests, or RDF_TESTS=PATH",
            file=sys.stderr,
        )
        return 2
    os.environ["KG_TOKEN"] = _TOKEN
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder) / "empty.kg"
        with write_generation(graph, build_hash="0" * 12) as writer:
            writer.finish({"quads": 0})
        with served(graph, "--processes", "1") as url:
            endpoint = Endpoint(url, _TOKEN)
            for name in chosen or SUITES:
                count = passed = 0
                for test in SUITES[name](root):
                    count += 1
                    try:
                        test.run(endpoint)
                    except AssertionError as error:
                        print(f"failed {test.name}: {' '.join(str(error).split())[:300]}")
                    else:
                        passed += 1
                print(f"{name:<20} {passed} of {count}", flush=True)
                failed += count - passed
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
