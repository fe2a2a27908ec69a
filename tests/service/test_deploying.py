"""What operators are given to run the server with: its files, and a graph that it may only read."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path

import click
import pytest
import requests
from packaging.requirements import Requirement

from kg.cli.serve import serve
from kg.service.settings import memory_limits
from tests.endpoints import free_port
from tests.service.conftest import served
from tests.service.test_server import NAME, PAIRS, ask, values

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "docs" / "deploy" / "kg.service"
CONTAINERFILE = ROOT / "Containerfile"


def tree(folder: Path) -> dict[Path, tuple[int, int]]:
    # Its owner may touch the lock of writers, which holds nothing.
    paths = (path for path in folder.rglob("*") if path.name != "lock")
    return {path: (s.st_size, s.st_mtime_ns) for path in paths if (s := path.stat())}


@pytest.fixture(scope="module")
def read_only(people: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a graph in which nobody may write anything."""
    folder = tmp_path_factory.mktemp("read-only") / "people.kg"
    shutil.copytree(people, folder)
    paths = [folder, *folder.rglob("*")]
    for path in paths:
        path.chmod(path.stat().st_mode & ~0o222)
    yield folder
    for path in paths:
        path.chmod(path.stat().st_mode | 0o200)


def without_rights() -> list[str]:
    """Return the command before a command that takes from root what others may not do either."""
    if os.geteuid():
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("needs setpriv, since root may write everywhere")
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--no-new-privs"]


@pytest.mark.parametrize("options", [(), ("--no-text",)])
def test_a_graph_that_may_only_be_read_is_served(
    read_only: Path, options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_TOKEN", "correct horse")
    before = tree(read_only)
    others = ("--processes", "1", "--memory", "200")
    with served(read_only, *others, *options, before=without_rights()) as url:
        assert values(ask(url, NAME)) == ["P7"]
        assert len(ask(url, f"{PAIRS} LIMIT 5000").json()["results"]["bindings"]) == 5000
        assert ask(url, f"SELECT * {{ {PAIRS[9:]} }} ORDER BY ?b ?d").status_code == 503
        page = requests.get(
            f"{url}/entity?iri=http://example.org/7", headers={"accept": "text/html"}, timeout=60
        )
        assert page.status_code == 200
        write = requests.post(
            f"{url}/sparql",
            data={"update": "INSERT DATA { <a:a> <a:b> 1 }"},
            headers={"authorization": "Bearer correct horse"},
            timeout=60,
        )
        assert write.status_code == 403
        if not options:
            assert write.text.startswith("the graph may only be read here (Permission denied)")
            assert "let the user who runs kg write to its folder" in write.text
        assert str(read_only) not in write.text
        assert values(ask(url, NAME)) == ["P7"]
    assert tree(read_only) == before


def test_the_log_on_standard_output_is_json_alone(people: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "kg", "serve", "-g", str(people), "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--access-log", "-", "--processes", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    process.stderr.readline()
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        ask(url, PAIRS, timeout="0.5")
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)
    assert [json.loads(line)["outcome"] for line in out.splitlines()][-1] == "cut"
    # That answers break off is nothing to report.
    assert err == ""


def commands() -> list[str]:
    """Return the commands `kg serve ...` of the files."""
    found = []
    for path in (*sorted(UNIT.parent.iterdir()), ROOT / "docs" / "endpoint.md"):
        # A comment may go on in the next line.
        text = re.sub(r"\\\n#?\s*", "", path.read_text(encoding="utf-8"))
        found += re.findall(r"\bkg serve -g .*", text)
    entry = dict(
        re.findall(r"^(ENTRYPOINT|CMD) (\[.*\])$", CONTAINERFILE.read_text(), re.MULTILINE)
    )
    found.append(shlex.join(json.loads(entry["ENTRYPOINT"]) + json.loads(entry["CMD"])))
    return found


def test_the_commands_of_the_files_are_ones() -> None:
    assert len(commands()) > 4
    for command in commands():
        words = shlex.split(command, comments=True)
        assert words[:2] == ["kg", "serve"]
        context = serve.make_context("serve", words[2:], resilient_parsing=False)
        assert isinstance(context, click.Context)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_the_unit_is_one_and_is_hardened(tmp_path: Path) -> None:
    unit = tmp_path / "kg.service"
    # The program itself has to be there.
    unit.write_text(UNIT.read_text().replace("/opt/kg/bin/kg ", f"{sys.executable} -m kg "))
    for verb in (["verify"], ["security", "--offline=yes", "--threshold=15", "--no-pager"]):
        done = subprocess.run(
            ["systemd-analyze", *verb, str(unit)], capture_output=True, text=True, check=False
        )
        said = [line for line in done.stderr.splitlines() if "kg.service" in line]
        assert (done.returncode, said) == (0, [])


def test_what_builds_the_wheel_in_the_container_is_all_pinned() -> None:
    told = re.search(r"sed -n '/\^\\\((.*)\\\)==/", CONTAINERFILE.read_text(encoding="utf-8"))
    assert told is not None
    wanted, asked = set(), ["hatchling"]
    while asked:
        name = asked.pop()
        wanted.add(name)
        for line in requires(name) or ():
            requirement = Requirement(line)
            name = requirement.name.lower()
            is_needed = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
            if is_needed and name not in wanted:
                asked.append(name)
    assert set(told[1].split(r"\|")) == wanted
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    for name in wanted:
        assert f"\n{name}==" in lock


def test_what_the_container_copies_is_not_ignored() -> None:
    text = CONTAINERFILE.read_text(encoding="utf-8")
    copied = {
        name
        for line in re.findall(r"^COPY (?!--from)(.*)$", text, re.MULTILINE)
        for name in line.split()[:-1]
    }
    kept = re.findall(r"^!(\S+)$", (ROOT / ".containerignore").read_text(), re.MULTILINE)
    assert copied == set(kept)
    assert all((ROOT / name).exists() for name in copied)


def test_the_memory_of_control_groups_of_both_kinds() -> None:
    first = "9:cpu:/a\n4:memory,hugetlb:/b/c\n0::/a\n"
    assert [str(path) for path in memory_limits(first)] == [
        "/sys/fs/cgroup/memory/b/c/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/b/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/a/memory.max",
        "/sys/fs/cgroup/memory.max",
    ]
    assert list(memory_limits("")) == []
