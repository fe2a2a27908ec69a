"""A real server on a small graph, for tests that speak HTTP to it."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from kg.store import write_generation
from tests.endpoints import free_port

PEOPLE = 3000


def write_people(folder: Path, count: int, build_hash: str) -> None:
    """Make the live generation a row of people, each of whom knows the next."""
    lines = []
    for number in range(count):
        person = f"<http://example.org/{number}>"
        lines.append(f'{person} <http://example.org/name> "P{number}" .')
        lines.append(f"{person} <http://example.org/knows> <http://example.org/{number + 1}> .")
    with write_generation(folder, build_hash=build_hash) as writer:
        writer.add_lines(lines)
        writer.finish({"quads": len(lines)})


@contextmanager
def served(folder: Path, *options: str, before: Sequence[str] = ()) -> Iterator[str]:
    """Run `kg serve` on a graph, by way of another command if there is one; give its address."""
    with running("-g", str(folder), *options, before=before) as url:
        yield url


@contextmanager
def running(*options: str, before: Sequence[str] = ()) -> Iterator[str]:
    """Run `kg serve` until it is ready, and until the block ends; give its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [*before, sys.executable, "-m", "kg", "serve", "--port", str(port)]
    process = subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True)
    try:
        until = time.monotonic() + 180  # names may have to be compiled
        while True:
            try:
                if requests.get(f"{url}/readyz", timeout=5).status_code == 200:
                    break
            except requests.ConnectionError:
                assert process.poll() is None, process.stderr and process.stderr.read()
            assert time.monotonic() < until, "the server is not ready"
            time.sleep(0.05)
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        finally:
            if process.stderr is not None:
                process.stderr.close()


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "people.kg"
    write_people(folder, PEOPLE, "0" * 12)
    return folder


@pytest.fixture(scope="session")
def url(people: Path) -> Iterator[str]:
    with served(people, "--processes", "2", "--workers", "2", "--timeout", "20") as address:
        yield address


@pytest.fixture(scope="session")
def il7_url(il7_graph: Path) -> Iterator[str]:
    """A server on the graph of the reading list."""
    with served(il7_graph, "--processes", "1", "--workers", "2") as address:
        yield address
