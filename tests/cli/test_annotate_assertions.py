"""`kg annotate --assertions`, and a user's own triggers there and in `kg build`."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import QuerySolutions

from kg.assertions.triggers import COLUMNS
from kg.cli import main
from kg.store import open_graph

HEADING = "\t".join(COLUMNS)
KEYS = [
    "subject", "predicate", "object", "negated", "speculative", "start", "end", "trigger",
    "confidence", "subject_span", "object_span", "trigger_span", "method",
]  # fmt: skip
TEXT = "Mice were bred. IL-7 does not activate STAT3, but may inhibit Akt1. They grew."


def run(*args: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(list(args))
    code = stopped.value.code
    assert isinstance(code, int)
    return code


class Annotate:
    """Runs `kg annotate` on documents that are given on stdin."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        self._monkeypatch = monkeypatch
        self._capture = capsysbinary
        self.err = ""
        self.code = 0

    def __call__(self, *args: str, **fields: str) -> dict[str, Any]:
        """Return the result for a document with such fields, or nothing where there is none."""
        content = json.dumps({"id": "a", **fields}).encode()
        self._monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
        self.code = run("annotate", *args)
        captured = self._capture.readouterr()
        self.err = captured.err.decode()
        lines = captured.out.splitlines()
        return json.loads(lines[0]) if lines else {}


@pytest.fixture
def annotate(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Annotate:
    return Annotate(monkeypatch, capsysbinary)


def own(tmp_path: Path, *rows: tuple[str, ...], heading: str = HEADING) -> str:
    path = tmp_path / "own.tsv"
    path.write_text("\n".join([heading, *("\t".join(cells) for cells in rows)]))
    return str(path)


def verb(word: str, predicate: str) -> tuple[str, ...]:
    cells = {
        "trigger": word,
        "part": "verb",
        "predicate": predicate,
        "subject": "subject",
        "object": "object",
    }
    return tuple(cells.get(column, "") for column in COLUMNS)


def test_the_form(annotate: Annotate) -> None:
    result = annotate("--assertions", text=TEXT)
    assert (annotate.code, annotate.err) == (0, "")
    assert list(result) == ["id", "mentions", "assertions"]
    denied, supposed = result["assertions"]
    assert list(denied) == list(supposed) == KEYS
    assert (denied["subject"], denied["predicate"], denied["object"]) == (
        "HGNC:6023",
        "activates",
        "HGNC:11364",
    )
    assert (denied["negated"], denied["speculative"]) == (True, False)
    assert (supposed["predicate"], supposed["object"]) == ("inhibits", "HGNC:391")
    assert (supposed["negated"], supposed["speculative"]) == (False, True)


def test_offsets_count_in_the_text(annotate: Annotate) -> None:
    for text in (TEXT, f"𝛼 and é. {TEXT}"):
        result = annotate("--assertions", text=text)
        assert result["assertions"]
        for one in result["assertions"]:
            sentence = text[one["start"] : one["end"]].strip()
            assert sentence == "IL-7 does not activate STAT3, but may inhibit Akt1."
            assert text[slice(*one["subject_span"])] == "IL-7"
            assert text[slice(*one["object_span"])] in ("STAT3", "Akt1")
            assert text[slice(*one["trigger_span"])] == one["trigger"]
            assert one["trigger"] in ("activate", "inhibit")
            assert 0 < one["confidence"] <= 1


def test_what_is_stated_is_stated_of_the_mentions(annotate: Annotate) -> None:
    result = annotate("--assertions", text=TEXT)
    spans = {(one["start"], one["end"]): one["id"] for one in result["mentions"]}
    for one in result["assertions"]:
        assert spans[tuple(one["subject_span"])] == one["subject"]
        assert spans[tuple(one["object_span"])] == one["object"]


def test_several_fields(annotate: Annotate) -> None:
    fields = {"title": "IL-7 activates STAT3", "abstract": "Mice. Akt1 binds STAT3. IL-7 is old."}
    result = annotate("--assertions", "--field", "title", "--field", "abstract", **fields)
    assert [
        (one["field"], fields[one["field"]][one["start"] : one["end"]])
        for one in result["assertions"]
    ] == [("title", "IL-7 activates STAT3"), ("abstract", "Akt1 binds STAT3.")]
    for one in result["assertions"]:
        assert list(one) == ["field", *KEYS]
        field = fields[one["field"]]
        assert field[slice(*one["trigger_span"])] == one["trigger"]


def test_one_field_of_another_name_is_named(annotate: Annotate) -> None:
    result = annotate("--assertions", "--field", "body", body="IL-7 activates STAT3.")
    assert [one["field"] for one in result["assertions"]] == ["body"]


def test_nothing_is_stated_across_sentences(annotate: Annotate) -> None:
    result = annotate("--assertions", text="IL-7 was added. It activates STAT3. Akt1 was seen.")
    assert result["assertions"] == []


@pytest.mark.parametrize("text", ["", "IL-7", "IL-7 and STAT3"])
def test_where_nothing_is_stated_the_list_is_empty(annotate: Annotate, text: str) -> None:
    assert annotate("--assertions", text=text)["assertions"] == []


def test_without_the_option_nothing_is_told(annotate: Annotate) -> None:
    assert list(annotate(text=TEXT)) == ["id", "mentions"]


def test_the_mentions_are_the_same_with_it(annotate: Annotate) -> None:
    assert annotate("--assertions", text=TEXT)["mentions"] == annotate(text=TEXT)["mentions"]


# A user's own triggers


def test_own_triggers(annotate: Annotate, tmp_path: Path) -> None:
    text = "IL-7 frobnicates STAT3. IL-7 activates STAT3."
    assert [one["trigger"] for one in annotate("--assertions", text=text)["assertions"]] == [
        "activates"
    ]
    table = own(tmp_path, verb("frobnicate", "inhibits"), ("activate", "verb", "none"))
    result = annotate("--assertions", "--triggers", table, text=text)
    assert annotate.code == 0
    assert [(one["predicate"], one["trigger"]) for one in result["assertions"]] == [
        ("inhibits", "frobnicates")
    ]


def test_a_bad_table_is_told(annotate: Annotate, tmp_path: Path) -> None:
    table = own(tmp_path, verb("frobnicate", "inhibits"), verb("frobnicate", "likes"))
    assert annotate("--assertions", "--triggers", table, text=TEXT) == {}
    assert annotate.code == 1
    assert f"{table}:3: the column 'predicate' is one of " in annotate.err
    assert "not 'likes'" in annotate.err
    assert "Traceback" not in annotate.err


def test_a_table_that_is_not_there(annotate: Annotate, tmp_path: Path) -> None:
    annotate("--assertions", "--triggers", str(tmp_path / "none.tsv"), text=TEXT)
    assert annotate.code == 1
    assert "none.tsv: cannot be read: No such file" in annotate.err


def test_a_table_without_its_heading(annotate: Annotate, tmp_path: Path) -> None:
    table = own(tmp_path, heading="word\tmeaning")
    annotate("--assertions", "--triggers", table, text=TEXT)
    assert annotate.code == 1
    assert "own.tsv:1: the first line names the columns: trigger, part, predicate" in annotate.err


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--triggers", "x.tsv"), "--triggers goes with --assertions"),
        (("--assertions", "--html", "out.html"), "--assertions goes into JSON lines"),
        (("--assertions", "--triggers"), "requires an argument"),
    ],
)
def test_wrong_usage(annotate: Annotate, args: tuple[str, ...], message: str) -> None:
    assert annotate(*args, text=TEXT) == {}
    assert annotate.code == 2
    assert message in annotate.err


# `kg build --triggers`

LIST = """interleukin 7

Summary: A cytokine.

Top Publications

  1. Doe J, Roe R. IL-7 frobnicates STAT5 in T cells. J Test. 2001;1:1-9 pubmed
"""
STATED = """
PREFIX kg: <https://w3id.org/litkg/ontology#>
PREFIX prov: <http://www.w3.org/ns/prov#>
SELECT ?predicate ?sha256 {
  ?assertion kg:predicate ?predicate ; kg:evidence ?evidence .
  ?method a prov:SoftwareAgent ; kg:sha256 ?sha256
}
"""


@pytest.fixture
def reading_list(tmp_path: Path) -> Path:
    path = tmp_path / "list.txt"
    path.write_text(LIST)
    return path


def stated(folder: Path) -> list[tuple[str, str]]:
    """Return what a graph's assertions say, and the sha256 of the tables they were read by."""
    with open_graph(folder) as graph:
        found = graph.query(STATED)
        assert isinstance(found, QuerySolutions)
        return [(row["predicate"].value.rpartition("#")[2], row["sha256"].value) for row in found]


def build_hash(folder: Path) -> str:
    with open_graph(folder) as graph:
        value = graph.manifest["build_hash"]
    assert isinstance(value, str)
    return value


def test_build_with_own_triggers(tmp_path: Path, reading_list: Path) -> None:
    plain, changed, other = (tmp_path / f"{name}.kg" for name in ("plain", "changed", "other"))
    assert run("build", str(reading_list), "-o", str(plain)) == 0
    table = own(tmp_path, verb("frobnicate", "inhibits"))
    assert run("build", str(reading_list), "-o", str(changed), "--triggers", table) == 0
    table = own(tmp_path, verb("frobnicate", "binds"))
    assert run("build", str(reading_list), "-o", str(other), "--triggers", table) == 0
    assert stated(plain) == []
    ((inhibits, one),), ((binds, another),) = stated(changed), stated(other)
    assert (inhibits, binds) == ("inhibits", "binds")
    assert one != another
    assert len({build_hash(folder) for folder in (plain, changed, other)}) == 3


def test_build_with_the_same_triggers_gives_the_same_hash(
    tmp_path: Path, reading_list: Path
) -> None:
    table = own(tmp_path, verb("frobnicate", "inhibits"))
    folders = [tmp_path / "one.kg", tmp_path / "two.kg"]
    for folder in folders:
        assert run("build", str(reading_list), "-o", str(folder), "--triggers", table) == 0
    assert len({build_hash(folder) for folder in folders}) == 1


def test_build_with_a_bad_table_leaves_nothing(
    tmp_path: Path, reading_list: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = own(tmp_path, ("frobnicate", "verb", "likes"))
    folder = tmp_path / "g.kg"
    assert run("build", str(reading_list), "-o", str(folder), "--triggers", table) == 1
    assert f"{table}:2: the column 'predicate' is one of " in capsys.readouterr().err
    assert not folder.exists()
