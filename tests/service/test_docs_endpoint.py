"""The commands of docs/endpoint.md print what the page shows."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.docs_pages import read_page

pytestmark = [
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.skipif(shutil.which("curl") is None, reason="the page shows curl"),
]

PAGE = read_page("endpoint.md")
SHOWN = "http://127.0.0.1:7878"
COMMANDS = [
    one.partition("\n")
    for block in re.findall(r"^```\n(\$ .*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
    for one in re.split(r"^\$ ", block, flags=re.MULTILINE)
    if one
]


def mask(text: str) -> list[str]:
    """Return the lines of a text without the cursors in it, which differ from graph to graph."""
    return re.sub(r"after=[\w.-]+", "after=", text).splitlines()


@pytest.mark.parametrize(("line", "output"), [(line, out) for line, _, out in COMMANDS])
def test_command_prints_what_is_shown(il7_url: str, line: str, output: str, tmp_path: Path) -> None:
    assert SHOWN in line
    done = subprocess.run(
        ["sh", "-c", line.replace(SHOWN, il7_url)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert mask(done.stdout.replace(il7_url, SHOWN)) == mask(output)


def test_the_page_shows_some() -> None:
    assert len(COMMANDS) > 4
