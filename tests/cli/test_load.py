"""`kg load`: into a graph, and into a real store elsewhere, by both protocols, cut and gone on."""

import gzip
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zstandard
from pyoxigraph import NamedNode, RdfFormat

from kg.cli import main
from kg.errors import ServiceError
from kg.namespaces import DEFAULT_BASE, about_graph, queries_graph
from kg.pipeline import build_shards
from kg.pipeline.sending import Endpoint, SendReport, send_statements
from kg.store import open_graph
from kg.vocabulary.lexicon import Lexicon
from kg.web.client import WebClient
from tests.endpoints import Gate, ask, clear, count_statements, oxigraph_server
from tests.sharding import RunsHere
from tests.test_updating import LIST

SOME = """<http://a.b/1> <http://a.b/p> "x \\"y\\"\\n" .
# a remark

<http://a.b/1> <http://a.b/p> "caf\\u00E9"@fr .
<http://a.b/1> <http://a.b/p> "7"^^<http://www.w3.org/2001/XMLSchema#integer> <http://a.b/g> .
<http://a.b/1> <http://a.b/p> "x \\"y\\"\\n" .
"""


def run(*args: str | Path | int) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(list(map(str, args)))
    code = stopped.value.code
    assert isinstance(code, int)
    return code


@pytest.fixture(scope="module")
def shards(lexicon: Lexicon, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shards of the reading list."""
    folder = tmp_path_factory.mktemp("shards") / "il7.shards"
    build_shards([LIST], folder, lexicon, RunsHere())
    return folder


@pytest.fixture
def copied(shards: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(shards, tmp_path / "copy.shards"))


# --- into a graph -------------------------------------------------------------------------------


def test_shards_become_a_graph(
    shards: Path, il7_graph: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("load", shards, "-o", tmp_path / "a.kg") == 0
    with open_graph(il7_graph) as graph:
        count = len(graph)
    assert f"statements {count:,}\n" in capsys.readouterr().out
    assert (
        run(
            "query", "papers-connecting", "entity_a=IL-7", "entity_b=STAT5", "-g", tmp_path / "a.kg"
        )
        == 0
    )
    assert "STAT5" in capsys.readouterr().out


def test_shards_without_records_are_loaded_too(
    copied: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(copied / "records")
    assert run("load", copied, "-o", tmp_path / "a.kg") == 0
    assert "records    0\n" in capsys.readouterr().out
    assert run("remove", "--source", LIST.name, "-g", tmp_path / "a.kg") == 1
    assert "the records of the graph are not there" in capsys.readouterr().err


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def turn(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("name", ["papers-00000.nq.zst", "terms.nq.zst", "records/00000.sqlite"])
@pytest.mark.parametrize(
    ("spoil", "message"),
    [(cut, "was cut"), (turn, "was changed"), (Path.unlink, "is missing")],
)
def test_spoilt_shards_are_refused(
    copied: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    spoil: Callable[[Path], None],
    message: str,
) -> None:
    spoil(copied / name)
    assert run("load", copied, "-o", tmp_path / "a.kg") == 1
    assert f"{copied / name}: {message}" in capsys.readouterr().err
    assert not (tmp_path / "a.kg").exists()


def test_what_was_live_stays(
    copied: Path, shards: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("load", shards, "-o", tmp_path / "a.kg") == 0
    with open_graph(tmp_path / "a.kg") as graph:
        was = graph.generation
    turn(copied / "terms.nq.zst")
    assert run("load", copied, "-o", tmp_path / "a.kg") == 1
    with open_graph(tmp_path / "a.kg") as graph:
        assert graph.generation == was
    capsys.readouterr()


@pytest.mark.parametrize(
    ("suffix", "pack"), [("", bytes), (".gz", gzip.compress), (".zst", zstandard.compress)]
)
def test_other_files_become_a_graph(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    suffix: str,
    pack: Callable[[bytes], bytes],
) -> None:
    path = tmp_path / f"some.nq{suffix}"
    path.write_bytes(pack(SOME.encode()))
    (tmp_path / "more.nt").write_text("<http://a.b/2> <http://a.b/p> <http://a.b/1> .")
    assert run("load", path, tmp_path / "more.nt", "-o", tmp_path / "a.kg") == 0
    with open_graph(tmp_path / "a.kg") as graph:
        assert f"statements {len(graph)}\n" in capsys.readouterr().out
        about = NamedNode(about_graph(DEFAULT_BASE))
        # What the graph says of itself comes on top.
        assert sum(quad.graph_name != about for quad in graph.quads()) == 4
        assert (
            len(list(graph.store.quads_for_pattern(None, None, None, NamedNode("http://a.b/g"))))
            == 1
        )
    assert run("stats", "-g", tmp_path / "a.kg") == 0


def test_an_export_is_loaded_as_it_was(il7_graph: Path, tmp_path: Path) -> None:
    path = tmp_path / "il7.nq"
    assert run("export", "-g", il7_graph, "-o", path) == 0
    assert run("load", path, "-o", tmp_path / "a.kg") == 0
    with open_graph(il7_graph) as graph, open_graph(tmp_path / "a.kg") as loaded:
        assert set(loaded.quads()) == set(graph.quads())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"<http://a> <http://b> <http://c> .\n\nnonsense\n", ":3: is no statement"),
        (b"<http://a> <http://b c> <http://c> .\n", ":1: is no statement"),
        (b"<http://a> <http://b> _:c .\n", "has a blank node (_:"),
        (b'<http://a> <http://b> "\xff" .\n', ":1: is no statement"),
        (gzip.compress(SOME.encode())[:-9], "the compressed file is cut or damaged"),
        (zstandard.compress(SOME.encode())[:-9], "the compressed file ends too early; it was cut"),
        (b"\x28\xb5\x2f\xfd nonsense", "the compressed file is cut or damaged"),
    ],
)
def test_other_files_that_are_none_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: bytes, message: str
) -> None:
    path = tmp_path / "some.nq"
    path.write_bytes(text)
    assert run("load", path, "-o", tmp_path / "a.kg") == 1
    err = capsys.readouterr().err
    assert err.startswith(f"kg: {path}")
    assert message in err
    assert not (tmp_path / "a.kg").exists()


def test_wrong_use_is_told(
    shards: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("load", shards) == 2
    assert run("load", shards, "-o", tmp_path / "a", "--endpoint", "http://127.0.0.1/") == 2
    assert run("load", tmp_path / "none", "-o", tmp_path / "a") == 1
    assert run("load", shards, shards, "-o", tmp_path / "a") == 1
    assert run("load", shards, "--endpoint", "nowhere") == 1
    assert run("load", shards, "--endpoint", "http://127.0.0.1/", "--graph", "a b") == 1
    err = capsys.readouterr().err
    for message in (
        "give one of -o DIR and --endpoint URL",
        "there is no such file",
        "a folder of shards is a graph of its own",
        "'nowhere' is no address of an endpoint",
        "'a b' is no IRI of a graph",
    ):
        assert message in err


# --- into a store elsewhere ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def running() -> Iterator[str]:
    with oxigraph_server() as url:
        yield url


@pytest.fixture
def server(running: str) -> str:
    clear(running)
    return running


_ADDED = tuple(f"<{name(DEFAULT_BASE)}> ." for name in (about_graph, queries_graph))
local = pytest.mark.allow_hosts(["127.0.0.1"])
ADDRESSES = {"graph-store": "store", "update": "update"}
protocols = pytest.mark.parametrize("protocol", ADDRESSES)


def statements_of(path: Path) -> set[str]:
    """Return the statements of a graph, without those on itself and of queries."""
    with open_graph(path) as graph:
        text = graph.store.dump(format=RdfFormat.N_QUADS)
    assert text is not None
    return {line for line in text.decode().splitlines() if not line.endswith(_ADDED)}


@local
@protocols
def test_shards_go_into_a_store(
    shards: Path,
    il7_graph: Path,
    server: str,
    protocol: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    wanted = statements_of(il7_graph)
    address = f"{server}/{ADDRESSES[protocol]}"
    assert run("load", shards, "--endpoint", address, "--protocol", protocol, "--batch", 999) == 0
    assert f"statements {len(wanted):,} sent\n" in capsys.readouterr().out
    assert count_statements(server) == len(wanted)
    rows = ask(server, "SELECT ?s ?p ?o { ?s ?p ?o }")
    subjects = {re.match(r"\S+ \S+", line)[0] for line in wanted}  # type: ignore[index]
    assert {f"{s} {p}" for s, p, _ in rows} == subjects
    assert not list(shards.glob("load-*.json"))


@local
@protocols
def test_named_graphs_are_kept(
    server: str, protocol: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "some.nq").write_text(SOME)
    address = f"{server}/{ADDRESSES[protocol]}"
    command = ("load", tmp_path / "some.nq", "--endpoint", address, "--protocol", protocol)
    assert run(*command) == 0
    assert count_statements(server) == 2
    assert count_statements(server, "http://a.b/g") == 1
    assert [
        "caf\u00e9" in each[0]
        for each in ask(server, 'SELECT ?o { ?s ?p ?o FILTER(LANG(?o) = "fr") }')
    ] == [True]
    clear(server)
    assert run(*command, "--graph", "http://a.b/mine?x=1&y") == 0
    assert count_statements(server) == 0
    assert count_statements(server, "http://a.b/mine?x=1&y") == 2
    assert count_statements(server, "http://a.b/g") == 1
    capsys.readouterr()


def send(shards: Path, gate: Gate, protocol: str, attempts: int, batch: int = 2000) -> SendReport:
    endpoint = Endpoint(
        url=f"{gate.url}/{ADDRESSES[protocol]}",
        protocol=protocol,  # type: ignore[arg-type]
        batch=batch,
    )
    with WebClient(name="the store", attempts=attempts, sleep=lambda _: None) as client:
        return send_statements([shards], endpoint, client)


@local
@protocols
def test_a_cut_load_goes_on_where_it_was(
    copied: Path, il7_graph: Path, server: str, protocol: str
) -> None:
    wanted = len(statements_of(il7_graph))
    with Gate(server) as gate:
        gate.cuts = {3}
        with pytest.raises(ServiceError, match=r"cut; what was sent is noted in .*load-\w+\.json"):
            send(copied, gate, protocol, attempts=1)
        assert 0 < count_statements(server) < wanted
        assert len(gate.passed) == 3
        taken = sum(body.count(b" .\n") for _, body in gate.passed)
        [note] = copied.glob("load-*.json")
        report = send(copied, gate, protocol, attempts=1)
        assert (report.statements, report.before) == (wanted, taken)
        assert count_statements(server) == wanted
        assert not note.exists()
        # No batch was sent twice.
        assert len(gate.passed) == len(set(gate.passed))


@local
@protocols
def test_a_cut_connection_is_tried_again(
    copied: Path, il7_graph: Path, server: str, protocol: str
) -> None:
    wanted = len(statements_of(il7_graph))
    with Gate(server) as gate:
        # The server may have taken in what was cut, and get it once more.
        gate.cuts, gate.behind = {1, 2, 9}, {4, 7}
        assert send(copied, gate, protocol, attempts=4).statements == wanted
    assert count_statements(server) == wanted


@local
def test_other_files_and_batches_are_other_loads(copied: Path, server: str) -> None:
    with Gate(server) as gate:
        gate.cuts = {3, 4}
        for batch in (2000, 3000):
            with pytest.raises(ServiceError):
                send(copied, gate, "graph-store", attempts=1, batch=batch)
        assert len(list(copied.glob("load-*.json"))) == 1  # none of the second was taken
        taken = sum(body.count(b" .\n") for _, body in gate.passed)
        assert send(copied, gate, "graph-store", attempts=1).before == taken > 0


@local
def test_all_is_sent_again_if_asked(
    copied: Path, server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with Gate(server) as gate:
        gate.cuts = {3}
        with pytest.raises(ServiceError):
            send(copied, gate, "graph-store", attempts=1)
        command = ("load", copied, "--endpoint", f"{gate.url}/store", "--batch", 2000)
        assert run(*command, "--restart") == 0
        assert "by an earlier run" not in capsys.readouterr().out
        gate.cuts = {gate.count + 2}
        with pytest.raises(ServiceError):
            send(copied, gate, "graph-store", attempts=1)
        assert run(*command) == 0
        assert "(4,000 by an earlier run)" in capsys.readouterr().out


@local
def test_tokens(
    shards: Path,
    server: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("KG_TOKEN", raising=False)
    with Gate(server) as gate:
        gate.token = "s3cret"
        command = ("load", shards, "--endpoint", f"{gate.url}/store")
        assert run(*command) == 1
        assert (
            "401 Unauthorized (who are you?); a token is needed (--token" in capsys.readouterr().err
        )
        assert run(*command, "--token", "wrong") == 1
        err = capsys.readouterr().err
        assert "401 Unauthorized (who are you?); the token is wrong" in err
        assert "s3cret" not in err
        assert "wrong (" not in err.replace("token is wrong (", "")
        assert gate.passed == []
        monkeypatch.setenv("KG_TOKEN", "s3cret")
        assert run(*command) == 0
    assert count_statements(server) > 0


@local
def test_what_a_store_refuses_is_told(
    shards: Path, server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with Gate(server) as gate:
        gate.most = 1000
        assert run("load", shards, "--endpoint", f"{gate.url}/store") == 1
        assert "413" in (err := capsys.readouterr().err)
        assert "send fewer statements at once (--batch, now 50000)" in err
    assert run("load", shards, "--endpoint", f"{server}/nowhere") == 1
    assert (
        "is this the address for --protocol graph-store, or for update?" in capsys.readouterr().err
    )
    address = server.replace("http://", "http://ann:pass@")
    assert run("load", shards, "--endpoint", f"{address}/store", "--protocol", "update") == 1
    err = capsys.readouterr().err
    assert "refuses" in err
    assert "pass" not in err
