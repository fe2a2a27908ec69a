"""Processes of the server that are killed or fail: others take their place, or it ends with words.

All is done to real processes, by real signals.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import pytest
import requests

from tests.endpoints import free_port
from tests.service.conftest import served
from tests.service.test_hostile import processes_of

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

NAME = "SELECT ?name { <http://example.org/7> <http://example.org/name> ?name }"


def wait_for(check: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + 60
    while not check():
        assert time.monotonic() < until, what
        time.sleep(0.05)


def ask(url: str) -> str:
    params = {"query": NAME, "format": "csv"}
    return requests.get(f"{url}/sparql", params=params, timeout=60).text


class Patient:
    """Asks again and again, and once more where the connection broke off, as clients do by GET."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.answered = 0
        self.broken = 0
        self.wrong: list[str] = []

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                answer = ask(self._url)
            except requests.ConnectionError as error:
                if "refused" in str(error):
                    self.wrong.append(str(error))
                self.broken += 1
                continue
            if answer.split() == ["name", "P7"]:
                self.answered += 1
            else:
                self.wrong.append(answer)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()


@pytest.mark.parametrize("processes", [1, 2])
def test_however_often_processes_are_killed_the_server_goes_on(
    people: Path, processes: int
) -> None:
    with served(people, "--processes", str(processes)) as url, Patient(url) as client:
        killed: set[int] = set()
        for _ in range(10):
            wait_for(lambda: bool(set(processes_of(url)[1]) - killed), "none takes its place")
            pid = (set(processes_of(url)[1]) - killed).pop()
            os.kill(pid, signal.SIGKILL)
            killed.add(pid)
            time.sleep(0.5)
        before = client.answered
        wait_for(lambda: client.answered > before + 10, "it is not answered any more")
        wait_for(lambda: len(processes_of(url)[1]) == processes, "not all were replaced")
    assert len(killed) == 10
    # Nobody was refused; what broke off is what the killed ones had in hand.
    assert client.wrong == []
    assert client.broken <= 10


def test_processes_end_with_the_one_that_started_them(people: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "kg", "serve", "-g", str(people), "--port", str(port)]
    process = subprocess.Popen([*command, "--processes", "2"], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert process.stderr.readline().startswith("serving ")
    url = f"http://127.0.0.1:{port}"
    _, answering, workers = processes_of(url)
    process.kill()
    process.wait(20)
    process.stderr.close()
    left = [*answering, *workers]
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in left), "they are left")


def test_a_server_whose_processes_cannot_start_any_more_ends_and_says_why(
    people: Path, tmp_path: Path
) -> None:
    port = free_port()
    command = [sys.executable, "-m", "kg", "serve", "-g", str(people), "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--processes", "1"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert process.stderr is not None
    assert process.stderr.readline().startswith("serving ")
    # Somebody tidies up where it has its files.
    figures = next(tmp_path.glob("kg-serve-*/figures"))
    for path in figures.iterdir():
        path.unlink()
    figures.rmdir()
    _, answering, _ = processes_of(f"http://127.0.0.1:{port}")
    os.kill(answering[0], signal.SIGKILL)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 1
    *_, last = told.splitlines()
    assert last.startswith("kg: the server cannot start, as was tried 5 times: FileNotFoundError")


FAILING = """
import os, sys
from pathlib import Path
from typing import Self
from granian.constants import Interfaces
from kg.service.starting import tell_failed, tell_started
from kg.service.supervisor import Supervisor

state, port, how = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]

def load():
    (state / f"tried-{os.getpid()}").touch()
    if how == "reason":
        tell_failed(state, "the moon is full")
        sys.exit(3)
    os.abort()

server = Supervisor(
    "x:y", state=state, address="127.0.0.1", port=port, workers=1,
    interface=Interfaces.ASGI, log_enabled=False,
)
server.serve(target_loader=load, wrap_loader=False)
print(server.failure)
"""


@pytest.mark.parametrize(
    ("how", "told"), [("reason", "the moon is full"), ("abort", "a process of it ends with -6")]
)
def test_processes_that_never_start_are_given_up(tmp_path: Path, how: str, told: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FAILING, str(tmp_path), str(free_port()), how],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == f"the server cannot start, as was tried 5 times: {told}"
    assert len(list(tmp_path.glob("tried-*"))) == 5
