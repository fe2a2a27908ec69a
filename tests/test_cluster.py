"""`--engine dask`: real workers, one of them ended in the middle; a scheduler by its address."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.cli import main
from kg.errors import InputError, WorkerError
from kg.pipeline import build_shards, load_graph
from kg.pipeline.cluster import DaskRunner, open_cluster
from kg.pipeline.shard_files import MANIFEST, read_json
from kg.vocabulary.lexicon import Lexicon
from tests.sharding import RunsHere, cut_small
from tests.test_updating import split_list

pytestmark = [
    pytest.mark.allow_hosts(["127.0.0.1"]),
    # What Dask leaves to the garbage collector when its loop is closed.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return split_list(tmp_path_factory.mktemp("parts"))


@pytest.fixture
def cluster() -> Iterator[DaskRunner]:
    with open_cluster(None, 2) as runner:
        yield runner


def shards_of(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_json(folder / MANIFEST, dict[str, Any])["shards"]
    return found


def end_writer(folder: Path, ended: list[int]) -> None:
    """Wait until a worker is writing a shard, and end it."""
    until = time.monotonic() + 300
    while time.monotonic() < until and not ended:
        for path in folder.glob("papers-*.unfinished"):
            # The name ends in machine, process and chance.
            pid = int(path.name.rsplit("-", 2)[1])
            if pid != os.getpid():
                os.kill(pid, signal.SIGKILL)
                ended.append(pid)
                return
        time.sleep(0.001)


def test_a_worker_is_lost_and_nothing_else(
    lexicon: Lexicon,
    parts: list[Path],
    tmp_path: Path,
    cluster: DaskRunner,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cut_small(monkeypatch)
    build_shards(parts, tmp_path / "here.shards", lexicon, RunsHere())
    folder = tmp_path / "a.shards"
    ended: list[int] = []
    killer = threading.Thread(target=end_writer, args=(folder, ended))
    killer.start()
    told: list[tuple[str, int, int | None]] = []
    build_shards(parts, folder, lexicon, cluster, progress=lambda *one: told.append(one))
    killer.join()
    assert len(ended) == 1
    assert shards_of(folder) == shards_of(tmp_path / "here.shards")
    assert not list(folder.rglob("*.unfinished"))
    [last] = {total for stage, done, total in told if stage == "annotating" and done == total}
    assert last is not None


def test_what_a_task_finds_wrong_is_raised(
    lexicon: Lexicon, parts: list[Path], tmp_path: Path, cluster: DaskRunner
) -> None:
    class Vanishes(DaskRunner):
        def map(self, task: Any, folder: Path, numbers: Any) -> Any:
            path.unlink()
            return super().map(task, folder, numbers)

    path = tmp_path / "list.txt"
    path.write_bytes(parts[0].read_bytes())
    runner = Vanishes(cluster._client, shares_lexicon=True)
    with pytest.raises(InputError, match=r"list\.txt: cannot be opened"):
        build_shards([path], tmp_path / "a.shards", lexicon, runner)


def test_a_task_that_ends_every_worker_is_given_up(tmp_path: Path, cluster: DaskRunner) -> None:
    def end_itself(_folder: Path, number: int) -> int:
        if number == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    with pytest.raises(WorkerError, match="4 workers were lost with one and the same task"):
        list(cluster.map(end_itself, tmp_path, range(2)))
    # The others are still of use.
    assert list(cluster.map(end_itself, tmp_path, [7])) == [(7, 7)]


def test_a_scheduler_by_its_address(
    tmp_path: Path,
    cluster: DaskRunner,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The path as given holds in this folder only; the workers have another one.
    monkeypatch.chdir(tmp_path)
    source = Path("list.txt")
    source.write_bytes((Path(__file__).parents[1] / "data" / "interleukin-7.txt").read_bytes())
    address = cluster._client.scheduler.address
    args = ["build", str(source), "--engine", "dask", "--scheduler", address, "-o", "il7.shards"]
    with pytest.raises(SystemExit) as stopped:
        main(args)
    assert stopped.value.code == 0
    out = capsys.readouterr().out
    assert "papers     62\n" in out
    assert "shards     il7.shards\n" in out
    load_graph([Path("il7.shards")], Path("il7.kg"))
    manifest = read_json(Path("il7.shards") / MANIFEST, dict[str, Any])
    assert {problem["path"] for problem in manifest["problems"]} == {"list.txt"}
    assert not Path("il7.shards/work").exists()


def test_no_scheduler_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.pipeline.cluster._CONNECT_SECONDS", 1)
    with (
        pytest.raises(WorkerError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"),
        open_cluster("tcp://127.0.0.1:9", 1),
    ):
        pass


def test_without_dask(
    parts: list[Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "dask", None)
    for args in (["--engine", "dask"], ["--scheduler", "tcp://127.0.0.1:9"]):
        with pytest.raises(SystemExit):
            main(["build", str(parts[0]), "-o", str(tmp_path / "a.shards"), *args])
    err = capsys.readouterr().err
    assert "kg: --engine dask needs the packages dask and distributed; install them" in err
    assert "--scheduler is of use with --engine dask only" in err
    assert not (tmp_path / "a.shards").exists()
