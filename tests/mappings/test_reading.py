"""SSSOM files as mappings: what is read of them, and what is told of rows that cannot be used."""

import json
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.mappings import Mapping, MappingFile, read_mappings
from kg.model import Problem
from kg.namespaces import SEMAPV, SKOS

HEADER = """\
#curie_map:
#  MONDO: http://purl.obolibrary.org/obo/MONDO_
#  mesh: http://identifiers.org/mesh/
#  icd: http://purl.bioontology.org/ontology/ICD10CM/
#  hgnc: 'https://identifiers.org/hgnc:'
#license: https://creativecommons.org/publicdomain/zero/1.0/
#mapping_set_id: https://example.org/set
#mapping_set_version: 2024
#subject_source_version: 2024
#mapping_date: 2024-01-05
"""
COLUMNS = [
    "subject_id",
    "subject_label",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "object_label",
    "mapping_justification",
    "confidence",
    "author_id",
]
MS = "http://purl.obolibrary.org/obo/MONDO_0005301"
EXACT = ("MONDO:0005301", "MS", "skos:exactMatch", "", "mesh:D009103", "Multiple Sclerosis")
CURATED = "semapv:ManualMappingCuration"


def table(path: Path, *rows: tuple[str, ...], header: str = HEADER) -> Path:
    lines = ["\t".join(COLUMNS), *("\t".join(row) for row in rows)]
    path.write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def read(path: Path, metadata: Path | None = None) -> tuple[list[Mapping], list[Problem]]:
    rows = list(read_mappings(path, metadata=metadata).rows)
    return (
        [row for row in rows if isinstance(row, Mapping)],
        [row for row in rows if isinstance(row, Problem)],
    )


def test_a_row(tmp_path: Path) -> None:
    path = table(
        tmp_path / "a.tsv",
        (*EXACT, CURATED, "0.87654", "orcid:0000-0001|orcid:0000-0002"),
    )
    (mapping,), problems = read(path)
    assert problems == []
    assert mapping == Mapping(
        subject=MS,
        predicate=f"{SKOS}exactMatch",
        object="http://id.nlm.nih.gov/mesh/D009103",
        justification=f"{SEMAPV}ManualMappingCuration",
        slots=(
            ("author_id", "https://orcid.org/0000-0001"),
            ("author_id", "https://orcid.org/0000-0002"),
            ("confidence", "0.87654"),
            ("mapping_date", "2024-01-05"),
            ("object_label", "Multiple Sclerosis"),
            ("subject_label", "MS"),
            ("subject_source_version", "2024"),
        ),
    )
    assert mapping.slot("confidence") == "0.87654"
    assert list(mapping.values_of("comment")) == []


def test_the_set(tmp_path: Path) -> None:
    file: MappingFile = read_mappings(table(tmp_path / "a.tsv"))
    assert file.set.id == "https://example.org/set"
    assert file.set.version == "2024"
    assert file.set.license == "https://creativecommons.org/publicdomain/zero/1.0/"


def test_a_mapping_that_is_denied(tmp_path: Path) -> None:
    row = ("MONDO:0005301", "", "skos:exactMatch", "Not", "mesh:D020528", "", CURATED, "", "")
    (mapping,), _ = read(table(tmp_path / "a.tsv", row))
    assert mapping.negated


@pytest.mark.parametrize(
    ("subject", "iri"),
    [
        # By the file's own prefixes, by ours, in any spelling, and IRIs as they are.
        ("hgnc:6023", "http://identifiers.org/hgnc/6023"),
        ("HGNC:6023", "http://identifiers.org/hgnc/6023"),
        ("NCBIGENE:3574", "http://identifiers.org/ncbigene/3574"),
        ("https://bioregistry.io/ncbigene:3574", "http://identifiers.org/ncbigene/3574"),
        ("icd:G35", "http://purl.bioontology.org/ontology/ICD10CM/G35"),
        ("https://example.org/thing#1", "https://example.org/thing#1"),
    ],
)
def test_the_form_of_an_iri(tmp_path: Path, subject: str, iri: str) -> None:
    row = (subject, *EXACT[1:], CURATED, "", "")
    (mapping,), problems = read(table(tmp_path / "a.tsv", row))
    assert problems == []
    assert mapping.subject == iri


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({0: "foo:1"}, "subject_id: the prefix of 'foo:1' is not in the file's curie_map"),
        ({0: "https://a.b/c d"}, "subject_id: 'https://a.b/c d' is no CURIE and no IRI"),
        ({0: "nonsense"}, "subject_id: the prefix of 'nonsense' is not in the file's curie_map"),
        ({0: ""}, "subject_id: Field required"),
        ({2: "owl:equivalentClass"}, "predicate_id: owl:equivalentClass is none of skos:exactM"),
        ({3: "Perhaps"}, "predicate_modifier: Input should be 'Not'"),
        ({6: ""}, "mapping_justification: Field required"),
        ({7: "1.5"}, "confidence: Input should be less than or equal to 1"),
        ({7: "high"}, "confidence: Input should be a valid number"),
        ({0: "http://[1"}, "subject_id: 'http://[1' is no CURIE and no IRI"),
        ({8: "who:1"}, "author_id: the prefix of 'who:1' is not in the file's curie_map"),
    ],
)
def test_a_bad_row_is_told_and_the_others_are_read(
    tmp_path: Path, changed: dict[int, str], told: str
) -> None:
    good = (*EXACT, CURATED, "0.5", "")
    bad = tuple(changed.get(place, cell) for place, cell in enumerate(good))
    mappings, (problem,) = read(table(tmp_path / "a.tsv", good, bad, good))
    assert len(mappings) == 2
    assert problem.message.startswith(told)
    assert problem.lost
    # Ten lines of metadata and one of names stand before the rows.
    assert problem.locator.line == 13
    assert json.loads(problem.raw)["object_id"] == "mesh:D009103"


def test_what_a_row_says_goes_before_what_the_file_says(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(
        "#mapping_date: 2024-01-05\n"
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\tmapping_date\n"
        f"MONDO:1\tskos:exactMatch\tMESH:D1\t{CURATED}\t2025-02-06\n"
        f"MONDO:2\tskos:exactMatch\tMESH:D2\t{CURATED}\t\n",
        encoding="utf-8",
    )
    mappings, _ = read(path)
    assert [one.slot("mapping_date") for one in mappings] == ["2025-02-06", "2024-01-05"]


def test_metadata_in_a_file_of_its_own(tmp_path: Path) -> None:
    metadata = tmp_path / "a.yml"
    metadata.write_text("curie_map:\n  foo: https://example.org/\n", encoding="utf-8")
    row = ("foo:1", *EXACT[1:], CURATED, "", "")
    (mapping,), _ = read(table(tmp_path / "a.tsv", row, header=""), metadata)
    assert mapping.subject == "https://example.org/1"


def test_a_mark_of_byte_order_and_windows_lines(tmp_path: Path) -> None:
    path = table(tmp_path / "a.tsv", (*EXACT, CURATED, "0.5", ""))
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    (mapping,), _ = read(path)
    assert mapping.subject == MS


def test_json(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    document = {
        "@context": [
            "https://example.org/context",
            {
                "foo": "https://example.org/",
                "MONDO": {"@id": "http://purl.obolibrary.org/obo/MONDO_", "@prefix": True},
                "subject_id": {"@type": "@id"},
            },
        ],
        "mapping_set_id": "https://example.org/set",
        "mappings": [
            {
                "subject_id": "MONDO:0005301",
                "predicate_id": "skos:broadMatch",
                "object_id": "foo:1",
                "mapping_justification": CURATED,
                "confidence": 0.25,
                "author_id": ["orcid:1"],
                "comment": " as seen ",
                "match_string": [" "],
            },
            {"subject_id": "MONDO:1"},
            "no mapping",
        ],
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    (mapping,), problems = read(path)
    assert mapping.object == "https://example.org/1"
    assert mapping.slots == (
        ("author_id", "https://orcid.org/1"),
        ("comment", "as seen"),
        ("confidence", "0.25"),
    )
    assert [problem.locator.line for problem in problems] == [2, 3]
    assert read_mappings(path).set.id == "https://example.org/set"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ":1: is no table of mappings in SSSOM: it has no column subject_id"),
        ("subject_id,predicate_id\n", "it has no column subject_id"),
        ("#curie_map:\n#  hgnc: https://a.b:\n", ":2: the metadata is no YAML"),
        ("#- a list\nsubject_id\n", ":1: the metadata should be keys and values"),
        ("#curie_map: none\n" + "\t".join(COLUMNS), "the curie_map should have an IRI"),
        ('{"mappings": 1}', "is no SSSOM"),
        ("{", "is no JSON"),
        ('{"mappings": ' + "[" * 200_000, "is no JSON"),
    ],
)
def test_a_file_that_is_none(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_mappings(path)
    assert told in str(raised.value)
    assert str(path) in str(raised.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_mappings(tmp_path / "a.tsv")
    (tmp_path / "b.tsv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="is no text in UTF-8"):
        read_mappings(tmp_path / "b.tsv")
