"""Prefixes and IRIs in all their spellings, and the one form of each that is written."""

import json
import re
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kg.namespaces import (
    PREFIX_MAP,
    converter,
    curie_to_iri,
    curie_to_page,
    iri_to_curie,
    parse_curie,
)
from kg.prefixes import PREFIXES
from kg.resources import resource_path

RECORDS: list[dict[str, Any]] = json.loads(resource_path(*PREFIX_MAP).read_text(encoding="utf-8"))
# Identifiers that registries really give; the pattern of some allows for more.
LOCALS = {
    "HGNC": "6023",
    "NCBIGene": "3574",
    "ENSEMBL": "ENSG00000104432",
    "FPLX": "STAT5",
    "MGI": "96561",
    "RGD": "61909",
    "UniProt": "P13232",
    "CL": "0000815",
    "MONDO": "0005301",
    "GO": "0006955",
    "UBERON": "0002370",
    "NCBITaxon": "9606",
    "CHEBI": "27594",
    "DOID": "2377",
    "HP": "0006727",
    "NCIT": "C41625",
    "CLO": "0000001",
    "MESH": "D009103",
    "OMIM": "126200",
    "OMIMPS": "126200",
    "Orphanet": "802",
    "EFO": "0003885",
    "UMLS": "C0026769",
    "PMID": "17265423",
    "PMCID": "PMC1949396",
    "DOI": "10.1084/jem.20070583",
}
FORMS = [
    (record["prefix"], start)
    for record in RECORDS
    for start in (record["uri_prefix"], *record["uri_prefix_synonyms"])
]
SPELLINGS = [
    (record["prefix"], spelling)
    for record in RECORDS
    for spelling in (record["prefix"], *record["prefix_synonyms"])
]


def swapped(text: str, swap: list[bool]) -> str:
    return "".join(char.swapcase() if on else char for char, on in zip(text, swap, strict=True))


def test_the_map_has_the_prefixes_of_the_table_in_their_canonical_form() -> None:
    assert [record["prefix"] for record in RECORDS] == list(PREFIXES)
    assert set(LOCALS) == set(PREFIXES)
    for record in RECORDS:
        assert f"{record['uri_prefix']}$1" == PREFIXES[record["prefix"]].iri
        assert PREFIXES[record["prefix"]].registry in {
            spelling.lower() for spelling in (record["prefix"], *record["prefix_synonyms"])
        }


def test_no_spelling_and_no_form_is_of_two_registries() -> None:
    starts = [start for _, start in FORMS]
    assert len(starts) == len(set(starts))
    spelt = {(prefix, spelling.casefold()) for prefix, spelling in SPELLINGS}
    assert len(spelt) == len({spelling for _, spelling in spelt})


@given(form=st.sampled_from(FORMS), page=st.sampled_from(["", "/", "?from=kg"]))
def test_every_form_of_an_iri_is_understood(form: tuple[str, str], page: str) -> None:
    prefix, start = form
    assume(not page or prefix != "DOI")  # of a DOI all that follows is a part
    assert iri_to_curie(f"{start}{LOCALS[prefix]}{page}") == f"{prefix}:{LOCALS[prefix]}"


@given(form=st.sampled_from(FORMS), data=st.data())
def test_scheme_and_host_have_no_case(form: tuple[str, str], data: st.DataObject) -> None:
    prefix, start = form
    until = start.index("/", start.index("://") + 3)
    swap = data.draw(st.lists(st.booleans(), min_size=until, max_size=until))
    iri = f"{swapped(start[:until], swap)}{start[until:]}{LOCALS[prefix]}"
    assert iri_to_curie(iri) == f"{prefix}:{LOCALS[prefix]}"


@given(spelt=st.sampled_from(SPELLINGS), again=st.booleans(), data=st.data())
def test_every_spelling_of_a_prefix_is_understood(
    spelt: tuple[str, str], again: bool, data: st.DataObject
) -> None:
    prefix, spelling = spelt
    size = len(spelling)
    written = swapped(spelling, data.draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    repeated = f"{spelling}:" if again else ""
    local = LOCALS[prefix]
    assert parse_curie(f" {written}:{repeated}{local}") == f"{prefix}:{local}"
    if prefix != "OMIMPS":  # no site but OMIM's resolves these
        assert iri_to_curie(f"https://identifiers.org/{prefix}:{local}") == f"{prefix}:{local}"


@given(record=st.sampled_from(RECORDS), data=st.data())
def test_the_canonical_iri_leads_back(record: dict[str, Any], data: st.DataObject) -> None:
    pattern = re.compile(record["pattern"], re.ASCII)
    local = data.draw(st.from_regex(pattern, fullmatch=True))
    # A CURIE has no space, and an identifier does not begin with its own prefix.
    assume(not re.search(r"\s", local))
    assume(not local.casefold().startswith(record["prefix"].casefold()))
    curie = f"{record['prefix']}:{local}"
    assert parse_curie(curie) == curie
    assert iri_to_curie(curie_to_iri(curie)) == curie


@pytest.mark.parametrize(
    ("iri", "curie"),
    [
        ("https://identifiers.org/HGNC:6023", "HGNC:6023"),
        ("http://identifiers.org/hgnc/HGNC:6023", "HGNC:6023"),
        ("https://bioregistry.io/hgnc:6023", "HGNC:6023"),
        (
            "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:6023",
            "HGNC:6023",
        ),
        ("http://purl.obolibrary.org/obo/CL_0000815", "CL:0000815"),
        ("https://purl.obolibrary.org/obo/CL_0000815", "CL:0000815"),
        ("https://www.uniprot.org/uniprotkb/P13232/entry", "UniProt:P13232"),
        ("http://www.ncbi.nlm.nih.gov/pmc/articles/PMC1949396/", "PMCID:PMC1949396"),
        ("https://doi.org/10.1002/(SICI)1%3C2::AID%3E3", "DOI:10.1002/(SICI)1<2::AID>3"),
        # What stands beside identifiers on the same sites is none.
        ("https://www.ncbi.nlm.nih.gov/protein/NP_000871", None),
        ("https://www.uniprot.org/uniprotkb/", None),
        ("https://meshb.nlm.nih.gov/record/ui?ui=IL7", None),
        ("https://example.org/HGNC:6023", None),
        ("ftp://identifiers.org/hgnc:6023", None),
        ("HGNC:6023", None),
    ],
)
def test_iris(iri: str, curie: str | None) -> None:
    assert iri_to_curie(iri) == curie


def test_numbers_of_another_kind_are_not_taken() -> None:
    assert parse_curie("MEDLINE:17265423") is None
    assert parse_curie("Wikipedia:Interleukin_7") is None


def test_every_page_leads_back() -> None:
    for prefix, local in LOCALS.items():
        curie = f"{prefix}:{local}"
        page = curie_to_page(curie)
        assert iri_to_curie(page) == curie, page


def test_curies_reads_the_map_as_we_do() -> None:
    for prefix, local in LOCALS.items():
        iri = converter().expand(f"{prefix}:{local}", strict=True)
        assert iri == curie_to_iri(f"{prefix}:{local}")


def test_what_is_common_needs_no_library() -> None:
    """`curies` takes a tenth of a second to load."""
    program = (
        "import sys; from kg.namespaces import *; "
        "assert iri_to_curie('http://identifiers.org/hgnc/6023') == 'HGNC:6023'; "
        "assert parse_curie('pubmed:1') == 'PMID:1'; assert parse_curie('X:1') is None; "
        "assert iri_to_curie('https://w3id.org/litkg/paper/cit-1') is None; "
        "assert 'curies' not in sys.modules and 'pydantic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
