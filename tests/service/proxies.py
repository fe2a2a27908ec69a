"""nginx and Caddy, run on the files that operators are given, and what asks by way of them."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

from tests.endpoints import free_port

DEPLOY = Path(__file__).parents[2] / "docs" / "deploy"
# Before this Caddy lets an answer that broke off end well.
OLDEST_CADDY = (2, 7, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    code: int
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        [value] = [value for key, value in self.headers if key == name] or [""]
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """A proxy that runs: where, where what it serves is itself, and the access log of that."""

    kind: str
    port: int
    behind: str
    log: Path
    folder: Path

    def command(self, path: str, *options: str) -> list[str]:
        """Return a command of curl that asks for what clients call https://example.org PATH."""
        return [
            *("curl", "-sS", "--max-time", "60", "--path-as-is"),
            *("--cacert", str(self.folder / "cert.pem")),
            *("--resolve", f"example.org:{self.port}:127.0.0.1"),
            *options,
            f"https://example.org:{self.port}{path}",
        ]

    def ask(self, path: str, *options: str) -> Answer:
        heads, body = self.folder / "heads", self.folder / "body"
        body.write_bytes(b"")
        files = ("-D", str(heads), "-o", str(body))
        code = subprocess.run(
            self.command(path, *files, *options), stderr=subprocess.PIPE, check=False
        ).returncode
        # There may be heads of interim answers before the last one.
        first, *lines = re.split(r"\r\n\r\n", heads.read_bytes().decode("latin-1").strip())[
            -1
        ].split("\r\n")
        headers = [
            (key.lower(), value.strip())
            for key, _, value in (line.partition(":") for line in lines)
        ]
        status = int(first.split()[1]) if first else 0
        return Answer(code=code, status=status, headers=headers, body=body.read_bytes())

    def query(self, text: str, *options: str, more: str = "") -> Answer:
        return self.ask(f"/kg/sparql?query={quote(text)}{more}", *options)

    def figure(self, name: str) -> float:
        lines = requests.get(f"{self.behind}/metrics", timeout=60).text.splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))


def make_certificate(folder: Path) -> None:
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
            ),
            *("-nodes", "-days", "2", "-subj", "/CN=example.org"),
            *("-addext", "subjectAltName=DNS:example.org"),
            *("-keyout", "key.pem", "-out", "cert.pem"),
        ],
        cwd=folder,
        capture_output=True,
        check=True,
    )


def substituted(name: str, places: dict[str, str]) -> str:
    """Return a file as it is shipped, but for ports, certificates and the like."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    for place, other in places.items():
        assert place in text, f"{name} has no '{place}' any more"
        text = text.replace(place, other)
    return text


@contextmanager
def run_nginx(folder: Path, behind: str) -> Iterator[int]:
    # Not on the PATH of all who may run it.
    command = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if command is None:
        pytest.skip("needs nginx, which is not installed")
    port = free_port()
    site = substituted(
        "nginx.conf",
        {
            "listen 80;": f"listen 127.0.0.1:{free_port()};",
            "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
            "127.0.0.1:7878": behind.removeprefix("http://"),
            "/etc/ssl/example.org/fullchain.pem": str(folder / "cert.pem"),
            "/etc/ssl/example.org/privkey.pem": str(folder / "key.pem"),
            "/var/log/nginx/": f"{folder}/",
        },
    )
    (folder / "kg.conf").write_text(site)
    parts = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{part}_temp_path {folder}/{part};" for part in parts)
    (folder / "nginx.conf").write_text(
        f"{'user root;' if os.geteuid() == 0 else ''} daemon off; pid {folder}/pid; "
        f"worker_processes 1; events {{}} http {{ {temporary} include {folder}/kg.conf; }}"
    )
    with running(
        [command, "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"], port, folder
    ):
        yield port


@contextmanager
def run_caddy(folder: Path, behind: str) -> Iterator[int]:
    command = find_caddy()
    port = free_port()
    site = substituted(
        "Caddyfile",
        {
            "\nexample.org {": f"\nhttps://example.org:{port} {{\n"
            f"\ttls {folder}/cert.pem {folder}/key.pem\n",
            "127.0.0.1:7878": behind.removeprefix("http://"),
            # No port of the machine's own is to be listened at.
            "\n{\n": "\n{\n\tadmin off\n\tauto_https disable_redirects\n",
        },
    )
    (folder / "Caddyfile").write_text(site)
    places = {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    arguments = ["run", "--adapter", "caddyfile", "--config", f"{folder}/Caddyfile"]
    with running([command, *arguments], port, folder, places):
        yield port


def find_caddy() -> str:
    """Return the command of Caddy that is new enough, or skip."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    command = shutil.which("caddy", path=path)
    if command is None:
        pytest.skip("needs Caddy, which is not installed")
    said = subprocess.run([command, "version"], capture_output=True, text=True, check=True).stdout
    version = re.match(r"v?(\d+)\.(\d+)\.(\d+)", said)
    if version is None or tuple(map(int, version.groups())) < OLDEST_CADDY:
        pytest.skip(f"needs Caddy 2.7.6 or later, not {said.split()[0]}")
    return command


@contextmanager
def running(
    command: list[str], port: int, folder: Path, places: dict[str, str] | None = None
) -> Iterator[None]:
    log = folder / "stderr.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command,
            env={**os.environ, **(places or {})},
            stdout=subprocess.DEVNULL,
            stderr=stream,
        )
    try:
        wait_for(lambda: process.poll() is not None or answers(port))
        assert process.poll() is None, log.read_text()
        yield
    finally:
        process.terminate()
        process.wait(30)


def answers(port: int) -> bool:
    try:
        # A request without TLS is refused, by a server that is there.
        requests.get(f"http://127.0.0.1:{port}/", timeout=5)
    except requests.ConnectionError:
        return False
    return True


def wait_for(check: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not check():
        assert time.monotonic() < until, "it does not happen"
        time.sleep(0.05)
