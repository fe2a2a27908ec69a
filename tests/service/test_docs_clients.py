"""The programs of docs/endpoint.md do what they say, as they stand there."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from kg.store import write_generation
from tests.docs_pages import read_page
from tests.service.conftest import served

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PAGE = read_page("endpoint.md")
PROGRAMS = {
    name: text
    for text, name in re.findall(
        r"^```(?:sh|python|js)\n((?:#|//) (\w+).*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL
    )
}
HERE, THERE = "http://127.0.0.1:7878", "http://127.0.0.1:7879"
IL7 = "<http://identifiers.org/hgnc/6023>"
GENES = "SELECT ?gene { ?gene a kg:Gene } ORDER BY ?gene"


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("notes") / "notes.kg"
    with write_generation(folder, build_hash="a" * 12) as writer:
        writer.add_lines([f'{IL7} <http://www.w3.org/2000/01/rdf-schema#comment> "worth a look" .'])
        writer.finish({"quads": 1})
    with served(folder, "--processes", "1") as url:
        yield url


@pytest.fixture(scope="module")
def url(il7_graph: Path, notes: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("written") / "il7.kg"
    shutil.copytree(il7_graph, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_TOKEN", "secret")
        allowed = ("--allow-service", f"{notes}/sparql")
        with served(folder, "--processes", "1", *allowed) as address:
            yield address


def run(name: str, url: str, notes: str, command: list[str], folder: Path) -> list[str]:
    """Run a program of the page, and return what it prints, line by line."""
    program = folder / f"program{'.mjs' if name == 'Comunica' else ''}"
    text = PROGRAMS[name].replace(HERE, url).replace(THERE, notes)
    program.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [*command, str(program)], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def values(url: str, query: str) -> list[str]:
    params = {"query": query, "format": "csv"}
    return requests.get(f"{url}/sparql", params=params, timeout=60).text.split("\r\n")[1:-1]


def was_seen(url: str, by: str) -> bool:
    query = f'ASK {{ {{ {IL7} ?p "{by}" }} UNION {{ GRAPH ?g {{ {IL7} ?p "{by}" }} }} }}'
    return bool(
        requests.get(f"{url}/sparql", params={"query": query}, timeout=60).json()["boolean"]
    )


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_curl(url: str, notes: str, tmp_path: Path) -> None:
    lines = run("curl", url, notes, ["sh"], tmp_path)
    assert lines[:2] == ["name", "IL7"]
    assert lines[2].startswith('{"head":{},"boolean":true}')
    assert 'HGNC:6023 rdfs:label "IL7" .' in lines
    first, second = [number for number, line in enumerate(lines) if line == "gene,name"]
    found = [line.split(",")[0] for line in (*lines[first + 1 : second], *lines[second + 1 :])]
    assert found[:40] == values(url, GENES)[:40]
    assert lines[-2:] == ["name,note", "IL7,worth a look"]
    assert was_seen(url, "seen by curl")


def test_sparqlwrapper(url: str, notes: str, tmp_path: Path) -> None:
    lines = run("SPARQLWrapper", url, notes, [sys.executable], tmp_path)
    count = len(values(url, GENES))
    assert lines[:2] == ["['IL7']", "True"]
    assert 'HGNC:6023 rdfs:label "IL7" .' in lines
    assert f"{count} genes on {-(-count // 20)} pages" in lines
    assert lines[-1] == "['worth a look']"
    assert was_seen(url, "seen by SPARQLWrapper")


def test_rdflib(url: str, notes: str, tmp_path: Path) -> None:
    lines = run("rdflib", url, notes, [sys.executable], tmp_path)
    count = len(values(url, GENES))
    assert lines == ["IL7 True", "['IL7']", "True", "1", f"{count} genes", "['worth a look']"]
    assert was_seen(url, "seen by rdflib")
    assert was_seen(url, "seen by rdflib, too")


def test_comunica(url: str, notes: str, tmp_path: Path) -> None:
    installed = Path(os.environ.get("COMUNICA", ""), "node_modules")
    if not (installed / "@comunica" / "query-sparql").is_dir():
        pytest.skip("needs COMUNICA, a folder into which @comunica/query-sparql is installed")
    (tmp_path / "node_modules").symlink_to(installed.absolute())
    own = installed.absolute() / ".bin" / "node"
    lines = run("Comunica", url, notes, [str(own) if own.exists() else "node"], tmp_path)
    assert lines[:3] == ["IL7", "true", "1"]
    assert f"{len(values(url, GENES))} genes" in lines
    assert lines[-1] == "worth a look"
    assert lines.count("worth a look") == 2
    assert was_seen(url, "seen by Comunica")
