"""docs/scale.md: its sums are right, and its Python asks a real endpoint."""

import re
from pathlib import Path
from typing import Any

import pytest

from kg.pipeline import build_shards
from kg.pipeline.sending import BATCH, Endpoint, send_statements
from kg.pipeline.sharding import _OF_A_BUCKET, _SPAN
from kg.vocabulary.lexicon import Lexicon
from kg.web.client import WebClient
from tests.docs_pages import read_page, rows_under
from tests.endpoints import oxigraph_server
from tests.sharding import RunsHere
from tests.test_updating import LIST

PAGE = read_page("scale.md")
_CITATIONS = 37_000_000
_UNITS = {"core-hours": 3.6e6, "thousand million": 1e9, "GB": 1e9}


def number_in(text: str) -> float:
    found = re.search(r"[\d,]+(\.\d+)?", text)
    assert found is not None
    return float(found[0].replace(",", ""))


def test_what_is_said_of_all_of_pubmed_follows_from_what_was_measured() -> None:
    rows = rows_under(PAGE, "what")
    assert len(rows) == 8
    for _, each, total in rows:
        unit = total.split(" ", 1)[1]
        wanted = number_in(each) * _CITATIONS / _UNITS[unit]
        assert number_in(total) == pytest.approx(wanted, rel=0.03)


def test_the_hours_are_those_of_the_cores() -> None:
    hours = sum(number_in(row[2]) for row in rows_under(PAGE, "what") if "hours" in row[2])
    assert f"{hours:.0f} core-hours." in PAGE
    for cores, told in rows_under(PAGE, "cores"):
        # A few minutes more than the division gives: what one process does alone.
        assert 0 <= number_in(told) - hours / number_in(cores) < 0.5


def test_sizes_are_those_of_the_code() -> None:
    assert f"{_SPAN:,} records at most" in PAGE
    assert f"{_OF_A_BUCKET:,} records' worth" in PAGE
    assert f"batches of {BATCH['graph-store']:,} statements" in PAGE
    assert f"of {BATCH['update']:,} as\nINSERT DATA" in PAGE


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_its_python_asks_an_endpoint(
    lexicon: Lexicon, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build_shards([LIST], tmp_path / "il7.shards", lexicon, RunsHere())
    [code] = [
        block
        for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
        if "run_query" in block
    ]
    with oxigraph_server() as url, WebClient(name="oxigraph") as client:
        send_statements([tmp_path / "il7.shards"], Endpoint(url=f"{url}/store"), client)
        names: dict[str, Any] = {"__name__": "scale"}
        exec(code.replace("http://localhost:7001", f"{url}/query"), names)
    assert len(names["answer"].rows) > 1
    assert re.search(r"^(19|20)\d\d \w", capsys.readouterr().out, re.MULTILINE)
