"""What is done to servers on the open internet, with a client beside that goes on asking.

Small queries, a look-up and a join, are asked all the while: each is to be answered. How fast is
told by `python -m benchmarks.endpoint`.
"""

import os
import random
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self
from urllib.parse import quote, urlsplit

import pytest
import requests

from tests.service.conftest import PEOPLE, served, write_people

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PREFIX = "PREFIX : <http://example.org/>"
HOSTILE = {
    "a cross product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "an endless path": f"{PREFIX} SELECT (COUNT(*) AS ?n) {{ ?a (:knows|^:knows)* ?b }}",
    "ORDER BY over everything": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f ?a",
    "REGEX over everything": (
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(CONCAT(STR(?c), STR(?f)), "
        '"(a*)*(b*)*(c|P|.)*(1+)+$")) }'
    ),
    "a string that doubles": (
        "SELECT ?z { BIND('aaaaaaaaaaaaaaaa' AS ?a) "
        + " ".join(
            f"BIND(CONCAT(?{x},?{x},?{x},?{x}) AS ?{y})"
            for x, y in zip("abcdefghijklmno", "bcdefghijklmnoz", strict=True)
        )
        + " }"
    ),
}


class Client:
    """Goes on asking small queries, each another one; all have to be answered."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.answered = 0
        self.wrong: list[str] = []

    def _run(self) -> None:
        chance = random.Random(7)
        while not self._stopped.is_set():
            number = chance.randrange(PEOPLE)
            person = f"<http://example.org/{number}>"
            look_up = f"SELECT ?o {{ {person} <http://example.org/name> ?o }}"
            join = (
                f"{PREFIX} SELECT ?o {{ {person} :knows ?b . ?c :knows ?b ; :name ?o }} "
                f"LIMIT {chance.randrange(1, 1_000_000)}"
            )
            for query in (look_up, join):
                try:
                    answer = requests.get(
                        f"{self._url}/sparql", params={"query": query}, timeout=10
                    )
                    assert answer.ok, answer.text
                    bindings = answer.json()["results"]["bindings"]
                    assert bindings == [{"o": {"type": "literal", "value": f"P{number}"}}]
                    self.answered += 1
                except (OSError, ValueError, AssertionError) as error:
                    self.wrong.append(f"{query}: {error!r}")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()


@contextmanager
def asked_all_the_while(url: str) -> Iterator[None]:
    with Client(url) as client:
        yield
        before = client.answered
        time.sleep(0.3)
    assert client.wrong == []
    assert client.answered > before, "the client was not answered in the end"


@pytest.fixture(scope="module")
def url(people: Path) -> Iterator[str]:
    limits = ("--timeout", "5", "--max-timeout", "5", "--memory", "300")
    with served(people, "--processes", "2", "--workers", "2", *limits) as address:
        yield address


def connect(url: str) -> socket.socket:
    place = urlsplit(url)
    return socket.create_connection((str(place.hostname), int(place.port or 0)), timeout=30)


def together(count: int, run: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def memory_of(url: str) -> int:
    """Return the MB that the processes of a server hold, those of its workers left out."""
    port = f"--port\0{urlsplit(url).port}\0"
    total = 0
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if port in path.joinpath("cmdline").read_text():
                pages = int(path.joinpath("statm").read_text().split()[1])
                total += pages * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            continue
    return total >> 20


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_query_keeps_others_from_being_answered(url: str, kind: str) -> None:
    statuses: list[int] = []

    def run(_number: int) -> None:
        try:
            answer = requests.get(f"{url}/sparql", params={"query": HOSTILE[kind]}, timeout=60)
            statuses.append(answer.status_code)
        except requests.exceptions.ChunkedEncodingError:
            statuses.append(0)

    with asked_all_the_while(url):
        together(12, run)
    assert len(statuses) == 12
    assert set(statuses) <= {0, 503}


def test_refusals_in_the_midst_of_answers_end_no_other_query(people: Path) -> None:
    statuses: list[int] = []
    with served(people, "--processes", "1", "--workers", "3", "--max-rows", "50") as url:

        def run(number: int) -> None:
            for turn in range(30):
                limit = 40 if turn % 2 else 60
                query = f"SELECT ?s {{ ?s ?p ?o }} OFFSET {number * 100 + turn} LIMIT {limit}"
                answer = requests.get(f"{url}/sparql", params={"query": query}, timeout=60)
                statuses.append(answer.status_code)

        together(4, run)
    assert sorted(set(statuses)) == [200, 413]
    assert statuses.count(200) == statuses.count(413) == 60


def test_a_query_of_ten_megabytes(url: str) -> None:
    values = " ".join(f"<http://example.org/{number:020}>" for number in range(220_000))
    query = f"SELECT * {{ VALUES ?a {{ {values} }} ?a ?b ?c }}"
    headers = {"content-type": "application/sparql-query"}

    def run(_number: int) -> None:
        answer = requests.post(f"{url}/sparql", data=query, headers=headers, timeout=60)
        assert answer.status_code in (200, 503)

    with asked_all_the_while(url):
        together(4, run)
        twice = f"{query} {query}"
        longer = requests.post(f"{url}/sparql", data=twice, headers=headers, timeout=60)
        assert longer.status_code == 413


def test_a_query_that_is_nested_without_end(url: str) -> None:
    deep = "SELECT * { " + "{ " * 100_000 + "?s ?p ?o" + " }" * 100_001
    with asked_all_the_while(url):
        answer = requests.post(f"{url}/sparql", data={"query": deep}, timeout=60)
        assert answer.status_code in (400, 503)


def ask_at_once(url: str, queries: list[str]) -> list[bytes]:
    """Send each query by a connection of its own, all at once, and return what is answered."""
    with ExitStack() as open_ones:
        clients = [open_ones.enter_context(connect(url)) for _ in queries]
        for client, query in zip(clients, queries, strict=True):
            client.settimeout(60)
            client.sendall(
                f"GET /sparql?query={quote(query)}&format=csv HTTP/1.1\r\n"
                "host: 127.0.0.1\r\nconnection: close\r\n\r\n".encode()
            )
        return [b"".join(iter(lambda: client.recv(1 << 16), b"")) for client in clients]  # noqa: B023


@pytest.mark.parametrize("kind", ["looked up at once", "by a worker"])
def test_five_hundred_connections_at_once_are_all_answered(people: Path, kind: str) -> None:
    queries = [
        f"SELECT ?o {{ <http://example.org/{number}> <http://example.org/name> ?o }}"
        if kind == "looked up at once"
        else f"{PREFIX} SELECT ?o {{ <http://example.org/{number}> :knows ?b . "
        "?c :knows ?b ; :name ?o }"
        for number in range(500)
    ]
    with served(people, "--processes", "2") as url, asked_all_the_while(url):
        answers = ask_at_once(url, queries)
    for number, answer in enumerate(answers):
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 "), answer
        assert body.split() == [b"o", f"P{number}".encode()]


def test_those_for_whom_there_is_no_room_are_told_when_to_come_again(people: Path) -> None:
    queries = [f"{PREFIX} SELECT * {{ ?a :knows ?b }} LIMIT {10 + number}" for number in range(500)]
    with served(people, "--processes", "1", "--queue", "8") as url:
        answers = ask_at_once(url, queries)
    heads = [answer.partition(b"\r\n\r\n")[0] for answer in answers]
    refused = [head for head in heads if head.startswith(b"HTTP/1.1 503 ")]
    whole = [answer for answer in answers if answer.startswith(b"HTTP/1.1 200 ")]
    assert len(refused) + len(whole) == 500
    assert refused
    # At the least those that may wait.
    assert len(whole) >= 8
    assert all(b"\r\nretry-after: " in head.lower() for head in refused)


def test_thousands_of_idle_connections_keep_nobody_from_being_answered(url: str) -> None:
    if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < 6_000:
        pytest.skip("needs 6,000 open files")
    before = memory_of(url)
    with open_files(6_000), asked_all_the_while(url), ExitStack() as open_ones:
        # What one process takes, and more: the system shares them out between the two.
        for _ in range(5_000):
            open_ones.enter_context(connect(url))
        time.sleep(1)
        assert memory_of(url) - before < 200


@contextmanager
def open_files(count: int) -> Iterator[None]:
    """Let this process open as many files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_with_few_files_connections_wait_and_the_idle_ones_are_closed(people: Path) -> None:
    few = ("sh", "-c", 'ulimit -n 256; exec "$@"', "sh")
    with served(people, "--processes", "1", before=few) as url, ExitStack() as open_ones:
        # A process holds 64 of them at once, for ten seconds each; whoever comes then waits.
        silent = [open_ones.enter_context(connect(url)) for _ in range(100)]
        assert requests.get(f"{url}/sparql", params={"query": "ASK {}"}, timeout=60).ok
        said = silent[0].recv(100)
        assert said == b"" or said.startswith(b"HTTP/1.1 408")
        # It has what it takes to run a query that is not small.
        query = {"query": HOSTILE["ORDER BY over everything"], "timeout": "1"}
        assert requests.get(f"{url}/sparql", params=query, timeout=60).status_code == 503


def test_with_too_few_files_there_is_no_server(people: Path) -> None:
    command = [sys.executable, "-m", "kg", "serve", "-g", str(people)]
    few = ["sh", "-c", 'ulimit -n 128; exec "$@"', "sh"]
    done = subprocess.run([*few, *command], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("kg: only 128 files may be open at once, and a server needs 256")


def test_slow_readers_hold_no_worker_and_little_memory(url: str) -> None:
    query = "SELECT * { ?a <http://example.org/name> ?b . ?c <http://example.org/name> ?d }"
    request = f"GET /sparql?query={quote(query)} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".encode()
    before = memory_of(url)
    with asked_all_the_while(url), ExitStack() as open_ones:
        for _ in range(30):
            open_ones.enter_context(connect(url)).sendall(request)
            time.sleep(0.05)
        time.sleep(2)
        # Each would have 1.5 GB to read.
        assert memory_of(url) - before < 400


def test_slow_senders_and_half_open_connections(url: str) -> None:
    head = "POST /sparql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 9000000\r\n"
    with asked_all_the_while(url), ExitStack() as open_ones:
        senders = [open_ones.enter_context(connect(url)) for _ in range(100)]
        silent = [open_ones.enter_context(connect(url)) for _ in range(100)]
        headless = [open_ones.enter_context(connect(url)) for _ in range(100)]
        for turn in range(10):
            for client in senders:
                client.sendall(
                    f"{head}content-type: application/sparql-query\r\n\r\n".encode()
                    if not turn
                    else b"#" * 50
                )
            time.sleep(0.05)
        for client in headless:
            client.sendall(b"GET /sparql?query=ASK HTTP/1.1\r\nhost: 127.0.0.1\r\nx-")
        # Those that do not send the head of a request in time are left.
        for client in (silent[0], headless[0]):
            client.settimeout(30)
            said = client.recv(100)
            assert said == b"" or said.startswith(b"HTTP/1.1 408")


MALFORMED = [
    b"\x00" * 1000,
    b"\xff\xfe" + os.urandom(500),
    b"GET\r\n\r\n",
    b"GET /sparql HTTP/9.9\r\nhost: 127.0.0.1\r\n\r\n",
    b"GET /sparql?query=%zz%00%ff HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n",
    b"GET /sparql?query=\xff\xfe HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n",
    b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n" + b"x: y\r\n" * 10_000 + b"\r\n",
    b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx: " + b"y" * 600_000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nhost: example.org\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: -5\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 99999999999999999999\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    b"POST / HTTP/1.1\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00" * 100,
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
    b"OPTIONS * HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n",
    b"GET http://elsewhere.example/sparql HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n",
    b"CONNECT 127.0.0.1:22 HTTP/1.1\r\nhost: 127.0.0.1:22\r\n\r\n",
    b"GET /../../etc/passwd HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n",
    b"GET /store/%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n",
]


def test_what_is_no_http(url: str) -> None:
    with asked_all_the_while(url):
        for sent in MALFORMED:
            with connect(url) as client:
                try:
                    client.sendall(sent)
                    client.shutdown(socket.SHUT_WR)
                    said = client.recv(10_000)
                except OSError:
                    continue  # it was closed at once
                assert b" 500 " not in said[:20], sent[:60]
                assert b"Traceback" not in said
                assert b"root:" not in said


def processes_of(url: str) -> tuple[int, list[int], list[int]]:
    """Return the process ids of a server: who started it, those that answer, and their workers."""
    port = f"--port\0{urlsplit(url).port}\0"
    parents: dict[int, int] = {}
    servers: set[int] = set()
    for path in Path("/proc").glob("[0-9]*"):
        try:
            state = path.joinpath("stat").read_text().rpartition(")")[2].split()
            parents[int(path.name)] = int(state[1])
            if port in path.joinpath("cmdline").read_text():
                servers.add(int(path.name))
        except OSError:
            continue
    first = next(one for one in servers if parents[one] not in servers)
    zygotes = {one for one, parent in parents.items() if parent in servers and one not in servers}
    workers = [one for one, parent in parents.items() if parent in zygotes]
    return first, sorted(servers - {first}), workers


def workers_of(url: str) -> list[int]:
    return processes_of(url)[2]


def test_workers_that_are_killed_are_replaced(url: str) -> None:
    for _ in range(3):
        workers = workers_of(url)
        assert len(workers) >= 4
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
        with asked_all_the_while(url):
            until = time.monotonic() + 20
            while len(set(workers_of(url)) - set(workers)) < 4:
                assert time.monotonic() < until, "they are not replaced"


def test_a_server_process_that_is_killed_is_replaced(people: Path) -> None:
    with served(people, "--processes", "2") as url:
        until = time.monotonic() + 30
        while len(workers_of(url)) < 6:
            assert time.monotonic() < until, "not all are there"
            time.sleep(0.1)
        _, answering, workers = processes_of(url)
        os.kill(answering[0], signal.SIGKILL)
        until = time.monotonic() + 30
        while len(set(processes_of(url)[1]) - {answering[0]}) < 2:
            assert time.monotonic() < until, "it is not replaced"
            time.sleep(0.1)
        with asked_all_the_while(url):
            time.sleep(0.5)
        # The workers of the one that was killed have gone with it.
        until = time.monotonic() + 30
        while all(Path(f"/proc/{pid}").exists() for pid in workers):
            assert time.monotonic() < until, "they are left alone"
            time.sleep(0.1)


def test_a_disk_that_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "people.kg"
    write_people(folder, PEOPLE, "8" * 12)
    monkeypatch.setenv("KG_TOKEN", "sesame")
    headers = {"authorization": "Bearer sesame"}
    # No file may be longer than 2 MB.
    limit = ("sh", "-c", 'ulimit -f 4096; exec "$@"', "sh")
    with served(folder, "--processes", "1", before=limit) as url, asked_all_the_while(url):
        rows = "\n".join(
            f'<http://example.org/new/{number}> <http://example.org/p> "{os.urandom(60).hex()}" .'
            for number in range(40_000)
        )
        for _ in range(2):
            answer = requests.post(
                f"{url}/store?default",
                data=rows,
                headers={**headers, "content-type": "text/turtle"},
                timeout=60,
            )
            assert answer.status_code == 507
            assert answer.text.startswith("the disk is full")
            assert str(tmp_path) not in answer.text
        # What was there is there, and what fits can be written.
        count = requests.get(
            f"{url}/sparql",
            params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "format": "csv"},
            timeout=60,
        )
        assert count.text.split() == ["n", str(2 * PEOPLE)]
        small = requests.post(
            f"{url}/sparql",
            data={"update": "INSERT DATA { <http://a/a> <http://a/b> 1 }"},
            headers=headers,
            timeout=60,
        )
        assert small.status_code == 204
        # A large answer to a slow reader has no room on disk, and comes whole all the same.
        names = "SELECT * { ?a <http://example.org/name> ?b . ?c <http://example.org/name> ?d }"
        with requests.get(
            f"{url}/sparql",
            params={"query": f"{names} LIMIT 100000", "format": "csv"},
            stream=True,
            timeout=60,
        ) as large:
            time.sleep(1)
            assert large.content.count(b"\r\n") == 100_001


def test_no_query_fails_while_generations_change(tmp_path: Path) -> None:
    folder = tmp_path / "people.kg"
    write_people(folder, PEOPLE, "a0" * 6)
    slow = (
        "SELECT (COUNT(*) AS ?n) { ?a <http://example.org/name> ?b . "
        "?c <http://example.org/name> ?d FILTER(?b < ?d) }"
    )
    counts: list[str] = []

    def run(_number: int) -> None:
        params = {"query": slow, "format": "csv"}
        answer = requests.get(f"{url}/sparql", params=params, timeout=60)
        counts.append(answer.text)

    with served(folder, "--processes", "2") as url, asked_all_the_while(url):
        begun = threading.Thread(target=together, args=(1, run))
        begun.start()
        time.sleep(0.3)
        # Each pruned but the last three, while what was begun on the first goes on.
        for number in range(1, 7):
            write_people(folder, PEOPLE, f"a{number}" * 6)
            time.sleep(0.3)
        begun.join()
        total = PEOPLE * (PEOPLE - 1) // 2
        assert [text.split() for text in counts] == [["n", str(total)]]
        until = time.monotonic() + 20
        while "kg_generation_sequence 7.0" not in requests.get(f"{url}/metrics", timeout=60).text:
            assert time.monotonic() < until, "the last generation is not served"
