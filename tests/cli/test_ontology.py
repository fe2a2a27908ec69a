"""`kg ontology` and `kg vocabulary` as a user runs them; addresses are on a local server."""

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kg.cli import main
from kg.pipeline import build_graph
from kg.resources import resource_path
from kg.store import open_graph
from kg.vocabulary.lexicon import Lexicon

IMMUNE = Path(__file__).parents[1] / "ontologies" / "immune.obo"
local = pytest.mark.allow_hosts(["127.0.0.1"])
PUBTATOR = (
    "1|t|Sex reversal and lymphocytes in zelitis\n"
    "1\t0\t12\tSex reversal\tDisease\tMONDO:0000002\n"
    "1\t17\t28\tlymphocytes\tCellType\tCL:0000542\n"
)


class Publisher:
    """Serves files by path; `busy` is how often it asks to come again first."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.busy = 0
        self.asked: list[str] = []
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                publisher.asked.append(self.path)
                if publisher.busy:
                    publisher.busy -= 1
                    self.send_response(503)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                elif self.path.startswith("/obo/"):
                    # Persistent addresses lead elsewhere.
                    self.send_response(302)
                    self.send_header("Location", f"/files/{self.path[5:]}")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                else:
                    body = publisher.files.get(self.path.rpartition("/")[2])
                    self.send_response(404 if body is None else 200)
                    self.send_header("Content-Length", str(len(body or b"")))
                    self.end_headers()
                    self.wfile.write(body or b"")

            def log_message(self, *_: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    served = Publisher({"immune.obo": IMMUNE.read_bytes()})
    yield served
    served.close()


@pytest.fixture
def graph(lexicon: Lexicon, tmp_path: Path) -> Path:
    build_graph([resource_path("data", "interleukin-7.txt")], tmp_path / "a.kg", lexicon)
    return tmp_path / "a.kg"


def run(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 0) -> tuple[str, str]:
    with pytest.raises(SystemExit) as raised:
        main([str(each) for each in arguments])
    out, err = capsys.readouterr()
    assert raised.value.code == code, err
    return out, err


def test_add_list_and_remove(graph: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = run(capsys, "ontology", "add", IMMUNE, "-g", graph)
    assert "ontology   immune <http://purl.obolibrary.org/obo/immune.owl>" in out
    assert "read       9 classes, 1 of them obsolete (OBO)" in out
    assert "left out   1 restrictions, which are no subclasses: 1 part of" in out
    out, _ = run(capsys, "ontology", "add", IMMUNE, "-g", graph)
    assert out == "nothing to add: the graph holds the content of this ontology already\n"
    out, _ = run(capsys, "ontology", "list", "-g", graph)
    assert out.splitlines()[0] == "immune: http://purl.obolibrary.org/obo/immune.owl"
    out, _ = run(capsys, "ontology", "list", "-g", graph, "--format", "json")
    assert [(one["name"], one["extent"]) for one in json.loads(out)] == [("immune", "module")]
    # Classes of no vocabulary are asked for by CURIE, IRI or name; an obsolete one leads on.
    for name in ("IMM:0000001", "http://purl.obolibrary.org/obo/IMM_0000001", "immune thing"):
        out, _ = run(capsys, "query", "papers-mentioning", f"entity={name}", "-g", graph)
        assert "immune thing (IMM:0000001" in out
    replaced = "http://purl.obolibrary.org/obo/IMM_0000009"
    out, _ = run(capsys, "query", "papers-mentioning", f"entity={replaced}", "-g", graph)
    assert "T cell (CL:0000084" in out
    out, _ = run(capsys, "history", "-g", graph)
    assert "ontology add immune" in out
    out, _ = run(capsys, "ontology", "remove", "immune", "-g", graph)
    assert out.startswith("removed    immune\n")
    _, err = run(capsys, "ontology", "remove", "immune", "-g", graph, code=1)
    assert "no ontology called 'immune' was added; there are: none" in err


@local
def test_an_ontology_at_an_address(
    graph: Path, publisher: Publisher, capsys: pytest.CaptureFixture[str]
) -> None:
    publisher.busy = 1
    address = f"{publisher.url}/obo/immune.obo"
    out, _ = run(capsys, "ontology", "add", address, "-g", graph)
    assert "ontology   immune" in out
    assert publisher.asked == ["/obo/immune.obo", "/obo/immune.obo", "/files/immune.obo"]
    out, _ = run(capsys, "ontology", "list", "-g", graph)
    assert f"from     {address} (OBO)" in out
    # The same content from a file is the same ontology.
    out, _ = run(capsys, "ontology", "add", IMMUNE, "-g", graph)
    assert out.startswith("nothing to add")
    _, err = run(capsys, "ontology", "add", f"{publisher.url}/none.obo", "-g", graph, code=1)
    assert "127.0.0.1 refuses: 404" in err


def test_wrong_files_are_told(
    graph: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.obo"
    bad.write_text("format-version: 1.2\n\n[Term]\nid: CL:1\nis_a CL:2\n", encoding="utf-8")
    _, err = run(capsys, "ontology", "add", bad, "-g", graph, code=1)
    assert err == f"kg: {bad}:5: 'is_a CL:2' is no tag and value of OBO\n"
    assert run(capsys, "ontology", "list", "-g", graph)[0].startswith("no ontology was added")


def obo_of(*terms: str) -> bytes:
    head = "format-version: 1.2\ndata-version: cl/releases/2026-09-01/cl.obo\nontology: cl\n"
    return "\n".join([head, *terms]).encode()


CELLS = obo_of(
    "[Term]\nid: CL:0000542\nname: obsolete lymphocyte\nis_obsolete: true\n"
    "replaced_by: CL:9900001\n",
    "[Term]\nid: CL:9900001\nname: zedocyte\nis_a: CL:0000842\n",
)


def test_a_vocabulary_is_updated_listed_and_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KG_CACHE", str(tmp_path / "cache"))
    download = tmp_path / "cl.obo"
    download.write_bytes(CELLS)
    folder = tmp_path / "tables"
    _, err = run(capsys, "vocabulary", "diff", "--from", download, "--tables", folder, code=1)
    assert "is it whole?" in err
    arguments = ("--from", download, "--partial")
    out, _ = run(capsys, "vocabulary", "diff", "cl", *arguments, "--tables", folder)
    assert not folder.exists()
    assert out.splitlines() == [
        "vocabulary cl: Cell Ontology 2026-09 (cl.obo)",
        "terms      3,324, and 200 obsolete",
        "gained     1",
        "+ zedocyte (CL:9900001)",
        "lost       0",
        "renamed    0",
        "obsolete   1",
        "x lymphocyte (CL:0000542), replaced by CL:9900001",
    ]
    out, err = run(capsys, "vocabulary", "update", *arguments, "--format", "tsv", "-o", folder)
    assert out == (
        "change\tid\tlabel\tother\n"
        "gained\tCL:9900001\tzedocyte\t\n"
        "obsolete\tCL:0000542\tlymphocyte\tCL:9900001\n"
    )
    assert f"use it with --tables {folder}" in err
    _, err = run(capsys, "vocabulary", "update", "cl", *arguments, "-o", folder)
    assert err == "the table is as it was\n"
    out, _ = run(capsys, "vocabulary", "list", "--tables", folder)
    assert f"  rebuilt; use it with --tables {folder}" in out
    out, _ = run(capsys, "vocabulary", "list", "--tables", folder, "--format", "json")
    assert [one["name"] for one in json.loads(out) if one["rebuilt"]] == ["cl"]
    out, _ = run(capsys, "ground", "lymphocyte", "--tables", folder, "--vocabulary", "cl")
    assert "CL:9900001" in out


@local
def test_a_download_is_fetched_from_its_publisher(
    publisher: Publisher,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("KG_DOWNLOADS_URL", publisher.url)
    publisher.files["cl.json"] = CELLS
    publisher.files["Rattus_norvegicus.gene_info.gz"] = gzip.compress(
        b"#tax_id\tGeneID\tSymbol\tSynonyms\tdbXrefs\n10116\t990001\tA2m\tA\tRGD:2004\n"
    )
    out, err = run(capsys, "vocabulary", "diff", "cl", "--partial", "--tables", tmp_path)
    assert "+ zedocyte (CL:9900001)" in out
    assert f"fetching {publisher.url}/cl.json" in err
    run(capsys, "vocabulary", "update", "rgd", "-o", tmp_path / "tables")
    _, err = run(capsys, "vocabulary", "update", "chebi", "-o", tmp_path / "tables", code=1)
    assert "chebi_subset: its publisher's download is not read" in err
    _, err = run(capsys, "vocabulary", "update", "uberon", "-o", tmp_path / "tables", code=1)
    assert "refuses: 404" in err
    run(capsys, "vocabulary", "update", "-o", tmp_path / "tables", code=2)


def test_obsolete_identifiers_that_come_with_a_text_are_replaced(
    tmp_path: Path, lexicon: Lexicon, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lexicon.successor("MONDO:0000002") == "MONDO:0009299"
    text = tmp_path / "a.txt"
    text.write_text(PUBTATOR, encoding="utf-8")
    folder = tmp_path / "a.kg"
    out, _ = run(capsys, "build", text, "-o", folder)
    assert "replaced   1 obsolete identifiers, by what stands in their place" in out
    query = "SELECT ?e { ?p kg:mentions ?e } ORDER BY ?e"
    out, _ = run(capsys, "sparql", "-g", folder, "-q", query, "--format", "csv")
    assert out.split() == [
        "e",
        "http://purl.obolibrary.org/obo/CL_0000542",
        "http://purl.obolibrary.org/obo/MONDO_0009299",
    ]
    # Counted anew as files come and go.
    run(capsys, "add", resource_path("data", "interleukin-7.txt"), "-g", folder)
    assert replaced(folder) == 1
    run(capsys, "remove", "-g", folder, "--source", "a.txt")
    assert replaced(folder) == 0


def replaced(folder: Path) -> int:
    with open_graph(folder) as graph:
        return int(graph.manifest["counts"]["replaced"])
