"""The description of the server: a validator takes it, and what it says of the server is so."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from kg.queries import load_saved_queries
from kg.service.openapi import describe_service
from kg.service.routes import _ROUTES, find_route
from tests.service.conftest import served

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SAVED = load_saved_queries()
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance"
)
# Of each kind of parameter, of each form: what is thrown at one is thrown at all of its kind.
SOME = ("papers-connecting", "most-mentioned", "entity-neighbourhood", "papers-by-type")
OTHERS = (
    *("/queries", "/queries/{name}/description", "/sparql", "/query", "/update", "/store"),
    *("/store/{name}", "/healthz", "/readyz", "/metrics", "/openapi.json", "/.well-known/void"),
    *("/entity", "/{curie}", "/{kind}/{name}", "/ontology", "/search", "/suggest", "/", "/papers"),
    *("/entities", "/connect", "/about", "/editor", "/editor.json", "/graph", "/graph.json"),
    "/static/{file}",
)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return describe_service(SAVED.values(), "http://127.0.0.1:7878")


def test_a_validator_takes_it(document: dict[str, Any]) -> None:
    validate(document, cls=OpenAPIV31SpecValidator)


def test_each_address_is_in_it(document: dict[str, Any]) -> None:
    told = set(document["paths"])
    for route in _ROUTES:
        assert {path.rstrip("/") or "/" for path in route.paths} <= told
        assert not route.below or any(path.startswith(f"{route.below}/") for path in told)
    # None is in it that is not there, and none is left untried.
    for path in told:
        example = path.replace("{", "").replace("}", "")
        assert find_route(example).name != "thing" or path in OTHERS
    queries = {
        f"/queries/{query.name}{part}" for query in SAVED.values() for part in ("", "/sparql")
    }
    assert told == queries | set(OTHERS)


@pytest.mark.parametrize(
    ("path", "forms"),
    [
        ("/search", {"json", "csv", "tsv", "html"}),
        ("/suggest", {"json", "csv", "tsv"}),
        ("/queries", {"json", "html"}),
        ("/HGNC:6023", {"html", "turtle", "ntriples", "rdfxml", "jsonld", "nquads", "trig"}),
        ("/paper", {"bibtex", "ris", "html", "turtle"}),
    ],
)
def test_the_formats_of_an_address_are_those_that_it_has(
    document: dict[str, Any], il7_url: str, path: str, forms: set[str]
) -> None:
    template = {"/HGNC:6023": "/{curie}", "/paper": "/{kind}/{name}"}.get(path, path)
    operation = document["paths"][template]["get"]
    told = next(each for each in operation["parameters"] if each.get("name") == "format")
    offered = set(told["schema"]["enum"])
    assert forms <= offered
    params = {"q": "IL-7"} if path in ("/search", "/suggest") else {}
    if path == "/paper":
        query = "SELECT ?p { ?p a kg:Publication } LIMIT 1"
        found = requests.get(
            f"{il7_url}/sparql", params={"query": query, "format": "csv"}, timeout=60
        )
        path = "/" + "/".join(found.text.split()[1].split("/")[-2:])
    for form in forms:
        answer = requests.get(f"{il7_url}{path}", params={**params, "format": form}, timeout=60)
        assert answer.status_code == 200, (path, form)
        media_type = answer.headers["content-type"].partition(";")[0]
        assert media_type in operation["responses"]["200"]["content"], (path, form)


def test_each_saved_query_is_in_it_with_its_example(document: dict[str, Any]) -> None:
    for query in SAVED.values():
        operation = document["paths"][f"/queries/{query.name}"]["get"]
        assert operation["summary"] == query.summary
        taken = {each["name"]: each for each in operation["parameters"] if "name" in each}
        for parameter in query.parameters:
            if parameter.name == "limit":
                continue
            said = taken[parameter.name]
            assert said["description"] == parameter.description
            assert said.get("required", False) == parameter.required
            if parameter.choices:
                assert said["schema"]["items"]["enum"] == list(parameter.choices)
            if parameter.name in query.example.parameters:
                example = said["example"]
                values = example if isinstance(example, list) else [example]
                assert values == list(query.example.parameters[parameter.name])


def test_names_of_options_are_those_of_no_parameter() -> None:
    names = {each.name for query in SAVED.values() for each in query.parameters}
    assert not names & {"format", "timeout", "after"}


def test_names_of_operations_are_told_apart(document: dict[str, Any]) -> None:
    names = [each["operationId"] for path in document["paths"].values() for each in path.values()]
    assert len(set(names)) == len(names)


def test_it_is_served(il7_url: str) -> None:
    answer = requests.get(f"{il7_url}/openapi.json", timeout=60)
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == describe_service(SAVED.values(), il7_url)


@pytest.fixture(scope="module")
def small_url(il7_graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with few names, so that it is soon told what unknown ones are like."""
    cache = tmp_path_factory.mktemp("cache")
    options = ("--processes", "1", "--workers", "2", "--vocabulary", "famplex")
    with pytest.MonkeyPatch.context() as setting:
        setting.setenv("KG_CACHE", str(cache))
        with served(il7_graph, *options) as url:
            yield url


def schemathesis(url: str, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{url}/openapi.json"]
    return subprocess.run(
        [*command, "--checks", CHECKS, "--seed", "7", "--no-color", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def is_one_of(paths: tuple[str, ...]) -> str:
    return f"^({'|'.join(map(re.escape, paths))})$"


def test_all_examples_are_answered_as_it_says(small_url: str, tmp_path: Path) -> None:
    paths = tuple(
        f"/queries/{query.name}{part}" for query in SAVED.values() for part in ("", "/sparql")
    )
    only = ("--include-path-regex", is_one_of((*paths, *OTHERS)), "--phases", "examples")
    done = schemathesis(small_url, tmp_path, *only)
    assert done.returncode == 0, done.stdout[-8000:]


def test_whatever_is_asked_is_answered_as_it_says(small_url: str, tmp_path: Path) -> None:
    paths = tuple(f"/queries/{name}{part}" for name in SOME for part in ("", "/sparql"))
    # Of the bodies that may be sent, it can write all but an update by itself.
    only = ("--include-path-regex", is_one_of((*paths, *OTHERS)), "--exclude-method", "PATCH")
    phases = ("--phases", "coverage,fuzzing", "--max-examples", "5")
    done = schemathesis(small_url, tmp_path, *only, *phases)
    assert done.returncode == 0, done.stdout[-8000:]
