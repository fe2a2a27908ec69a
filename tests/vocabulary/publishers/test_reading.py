"""Publishers' downloads read as rows: each format by a small file of its own, written for it."""

import gzip
import zipfile
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.model import Scope
from kg.vocabulary.publishers.catalog import find_entry
from kg.vocabulary.publishers.famplex import read_famplex
from kg.vocabulary.publishers.hgnc import read_complete_set, read_withdrawn
from kg.vocabulary.publishers.mesh import read_descriptors
from kg.vocabulary.publishers.ncbi_gene import read_gene_info
from kg.vocabulary.publishers.ontology_rows import read_ontology_rows
from kg.vocabulary.publishers.rows import Row
from kg.vocabulary.publishers.sources import tell_kind, tell_table
from kg.vocabulary.publishers.sssom import read_exact
from kg.vocabulary.publishers.tsv import last_date

HGNC_COLUMNS = (
    "hgnc_id symbol name locus_group locus_type status location alias_symbol alias_name "
    "prev_symbol prev_name gene_group entrez_id ensembl_gene_id uniprot_ids mgd_id rgd_id"
).split()


def hgnc_file(path: Path, *genes: dict[str, str]) -> Path:
    lines = ["\t".join(HGNC_COLUMNS)]
    lines += ["\t".join(gene.get(name, "") for name in HGNC_COLUMNS) for gene in genes]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


ZED = {
    "hgnc_id": "HGNC:90001",
    "symbol": "ZED1",
    "name": "zed protein 1",
    "locus_type": "gene with protein product",
    "status": "Approved",
    "alias_symbol": '"Z-1|zedA"',
    "prev_symbol": "ZEDO",
    "entrez_id": "990001",
    "ensembl_gene_id": "ENSG09990001",
    "uniprot_ids": '"Q99991|Q99992"',
    "mgd_id": "MGI:990001",
    "rgd_id": "RGD:990001",
}


def test_hgnc(tmp_path: Path) -> None:
    withdrawn = {"hgnc_id": "HGNC:90002", "symbol": "ZED2", "status": "Entry Withdrawn"}
    path = hgnc_file(tmp_path / "hgnc.txt", ZED, withdrawn)
    assert tell_kind(path) == "hgnc"
    assert tell_table(path).name == "hgnc_human_genes"
    gene, gone = read_complete_set(path, "hgnc2026-09")
    assert (gene.id, gene.label) == ("HGNC:90001", "ZED1")
    assert [(one.text, one.scope, one.kind) for one in gene.synonyms] == [
        ("zed protein 1", Scope.EXACT, "name"),
        ("Z-1", Scope.EXACT, "alias_symbol"),
        ("zedA", Scope.EXACT, "alias_symbol"),
        ("ZEDO", Scope.EXACT, "prev_symbol"),
    ]
    assert gene.xrefs == (
        "ENSEMBL:ENSG09990001",
        "MGI:990001",
        "NCBIGene:990001",
        "RGD:990001",
        "UniProt:Q99991",
        "UniProt:Q99992",
    )
    assert gene.extra["biotype"] == "protein_coding"
    assert gone.obsolete


def test_the_release_of_a_list_of_genes_is_that_of_its_last_entry(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        "hgnc_id\tdate_approved_reserved\tdate_modified\n"
        "HGNC:1\t2001-01-01\t2026-08-31\nHGNC:2\t2026-09-02\t\n",
        encoding="utf-8",
    )
    assert last_date(path, ("date_modified", "date_approved_reserved")) == "2026-09-02"
    path.write_text("#tax_id\tModification_date\n9606\t20260703\n9606\t-\n", encoding="utf-8")
    assert last_date(path, ("Modification_date",)) == "2026-07-03"


def test_hgnc_withdrawn(tmp_path: Path) -> None:
    path = tmp_path / "withdrawn.txt"
    path.write_text(
        "HGNC_ID\tSTATUS\tWITHDRAWN_SYMBOL\tMERGED_INTO_REPORT(S) (i.e HGNC_ID|SYMBOL|STATUS)\n"
        "HGNC:90003\tMerged/Split\tZED3\tHGNC:90001|ZED1|Approved\n"
        "HGNC:90004\tMerged/Split\tZED4\tHGNC:90001|ZED1|Approved, HGNC:90005|ZED5|Approved\n"
        "HGNC:90006\tEntry Withdrawn\tZED6\t\n",
        encoding="utf-8",
    )
    assert tell_kind(path) == "hgnc-withdrawn"
    rows = list(read_withdrawn(path))
    assert [row.successor for row in rows] == ["HGNC:90001", "", ""]


def test_ncbi_gene(tmp_path: Path) -> None:
    path = tmp_path / "Homo_sapiens.gene_info.gz"
    text = (
        "#tax_id\tGeneID\tSymbol\tLocusTag\tSynonyms\tdbXrefs\tOther_designations\n"
        "9606\t990001\tZED1\t-\tz1|ZZ\tMIM:1|HGNC:HGNC:90001|Ensembl:E\tzed-like|zed p1\n"
        "9606\t990009\tLOC9\t-\tQ\t-\t-\n"
        "10090\t990002\tZed1\t-\tz\tMGI:MGI:990001\t-\n"
    )
    path.write_bytes(gzip.compress(text.encode()))
    assert tell_kind(path) == "gene-info"
    [gene] = read_gene_info(path, "9606", "HGNC", "ncbi2026-09")
    assert (gene.curie, gene.registry) == ("NCBIGene:990001", "HGNC:90001")
    assert [(one.text, one.kind) for one in gene.synonyms] == [
        ("z1", "ncbi_alias"),
        ("ZZ", "ncbi_alias"),
        ("zed-like", "ncbi_designation"),
        ("zed p1", "ncbi_designation"),
    ]
    assert {one.scope for one in gene.synonyms} == {Scope.RELATED}
    [mouse] = read_gene_info(path, "10090", "MGI", "ncbi2026-09")
    assert (mouse.curie, mouse.registry) == ("NCBIGene:990002", "MGI:990001")


FAMPLEX = {
    "entities": "Zed\nZed_complex\n",
    "relations": "HGNC,ZED1,isa,FPLX,Zed\nFPLX,Zed,partof,FPLX,Zed_complex\n"
    "HGNC,UNKNOWN,isa,FPLX,Zed\nUP,P1,isa,FPLX,Zed\n",
    "grounding_map": '"zed, alpha",FPLX,Zed,,\nZed,FPLX,Zed\nother,HGNC,ZED1\n',
    "equivalences": "BEL,Zed Family,Zed\nMESH,D099999,Zed\nMEDSCAN,urn:x,Zed\nIP,IPR1,Zed\n",
    "descriptions": 'Zed,mesh:D099999,"A family, of genes."\n',
}


@pytest.mark.parametrize("packed", [False, True])
def test_famplex(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / ("famplex.zip" if packed else "famplex")
    if packed:
        with zipfile.ZipFile(path, "w") as out:
            for name, text in FAMPLEX.items():
                out.writestr(f"famplex-master/{name}.csv", text)
                # The repository has a copy for its Python package.
                out.writestr(f"famplex-master/famplex/resources/{name}.csv", text)
    else:
        path.mkdir()
        for name, text in FAMPLEX.items():
            (path / f"{name}.csv").write_text(text, encoding="utf-8")
    assert tell_kind(path) == "famplex"
    zed, whole = read_famplex(path, "famplex", {"ZED1": "HGNC:90001"})
    assert [(one.text, one.kind) for one in zed.synonyms] == [
        ("zed, alpha", ""),
        ("Zed Family", "bel_name"),
    ]
    assert zed.xrefs == ("InterPro:IPR1", "MESH:D099999")
    assert zed.parents == ("FPLX:Zed_complex",)
    assert zed.extra["kind"] == "family"
    assert zed.definition == "A family, of genes."
    assert [(one.text, one.source) for one in whole.synonyms] == [("Zed complex", "derived")]
    assert whole.extra["kind"] == "complex"
    assert whole.extra["leaf_members"] == ["HGNC:90001"]


@pytest.mark.parametrize(
    ("entities", "told"),
    [
        (b"0" * (65 << 20), r"famplex\.zip: entities\.csv is larger than FamPlex can be \(64 MB\)"),
        (b"Zed\nZ\red\n", r"famplex\.zip: entities\.csv:2: cannot be read as a table"),
        (b"\xff\n", "no UTF-8 text"),
    ],
)
def test_a_zip_file_that_lies_or_holds_no_table(tmp_path: Path, entities: bytes, told: str) -> None:
    path = tmp_path / "famplex.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in FAMPLEX.items():
            out.writestr(f"{name}.csv", entities if name == "entities" else text)
    with pytest.raises(InputError, match=told):
        read_famplex(path, "famplex", {})


MESH = """<?xml version="1.0"?>
<!DOCTYPE DescriptorRecordSet SYSTEM "https://www.nlm.nih.gov/databases/dtd/nlmdescriptorrecordset.dtd">
<DescriptorRecordSet LanguageCode="eng">
<DescriptorRecord DescriptorClass="1"><DescriptorUI>D000001</DescriptorUI>
 <DescriptorName><String>Cells</String></DescriptorName>
 <TreeNumberList><TreeNumber>A11</TreeNumber></TreeNumberList>
 <ConceptList><Concept><TermList><Term><String>Cells</String></Term></TermList></Concept></ConceptList>
</DescriptorRecord>
<DescriptorRecord DescriptorClass="1"><DescriptorUI>D000002</DescriptorUI>
 <DescriptorName><String>Zed Cells</String></DescriptorName>
 <TreeNumberList><TreeNumber>A11.5</TreeNumber><TreeNumber>A15.7</TreeNumber></TreeNumberList>
 <ConceptList>
  <Concept><TermList>
   <Term><String>Zed Cells</String></Term><Term><String>Cell, Zed</String></Term>
  </TermList></Concept>
  <Concept><TermList><Term><String>Zeta Cells</String></Term></TermList></Concept>
 </ConceptList>
</DescriptorRecord>
</DescriptorRecordSet>
"""


def test_mesh(tmp_path: Path) -> None:
    path = tmp_path / "desc2026.xml"
    path.write_text(MESH, encoding="utf-8")
    assert tell_table(path).name == "mesh_descriptors"
    _, zed = read_descriptors(path, "mesh2026")
    assert [one.text for one in zed.synonyms] == ["Cell, Zed", "Zeta Cells"]
    assert zed.parents == ("MESH:D000001",)
    assert zed.extra["tree"] == ["A11.5", "A15.7"]
    path.write_text(MESH[: MESH.index("Zeta")], encoding="utf-8")
    with pytest.raises(InputError, match="was it fetched whole"):
        read_descriptors(path, "mesh2026")


def test_sssom(tmp_path: Path) -> None:
    path = tmp_path / "a.sssom.tsv"
    path.write_text(
        "# mapping_set_id: https://example.org/a\n"
        "subject_id\tpredicate_id\tobject_id\tpredicate_modifier\tmapping_justification\n"
        "MONDO:0000001\tskos:exactMatch\tmesh:D004194\t\tsemapv:ManualMappingCuration\n"
        "MONDO:0000001\tskos:broadMatch\tmesh:D000001\t\tsemapv:ManualMappingCuration\n"
        "MONDO:0000002\tskos:exactMatch\tmesh:D000002\tNot\tsemapv:ManualMappingCuration\n"
        "DOID:4\tskos:exactMatch\tMONDO:0000001\t\tsemapv:ManualMappingCuration\n",
        encoding="utf-8",
    )
    assert tell_kind(path) == "sssom"
    mapped, prefixes = read_exact(path, "MONDO")
    assert mapped == {"MONDO:0000001": ("MESH:D004194", "DOID:4")}
    assert prefixes == {"MESH", "DOID"}
    with pytest.raises(InputError, match="no exact mapping of a term with the prefix CL"):
        read_exact(path, "CL")


ONTOLOGY = """format-version: 1.2
data-version: mondo/releases/2026-08-04/mondo.obo
ontology: mondo

[Term]
id: MONDO:0000001
name: disease
synonym: "condition" EXACT []
synonym: "trouble" RELATED []
synonym: "cancer" NARROW []
xref: DOID:4 {source="MONDO:equivalentTo"}
xref: MESH:D000001 {source="MONDO:relatedTo"}
xref: SCTID:64572001 {source="MONDO:equivalentTo"}
relationship: part_of MONDO:0000003

[Term]
id: MONDO:0000002
name: obsolete illness
is_obsolete: true
replaced_by: MONDO:0000001

[Term]
id: HP:0000001
name: All
"""


def test_an_ontology_by_the_rules_of_its_table(tmp_path: Path) -> None:
    path = tmp_path / "mondo.obo"
    path.write_text(ONTOLOGY, encoding="utf-8")
    assert tell_table(path).name == "mondo"
    rows = read_ontology_rows(path, find_entry("mondo"), "mondo2026-08", set())
    disease, illness = rows
    assert [(one.text, one.scope) for one in disease.synonyms] == [
        ("condition", Scope.EXACT),
        ("trouble", Scope.RELATED),
    ]
    # What is related is not the same, and SNOMED CT's ids are not to be passed on.
    assert disease.xrefs == ("DOID:4",)
    assert disease.parents == ()
    assert illness.obsolete
    assert illness.successor == "MONDO:0000001"


def test_uberon_has_wholes_among_its_parents(tmp_path: Path) -> None:
    path = tmp_path / "uberon.obo"
    path.write_text(
        "format-version: 1.2\nontology: uberon\n\n[Term]\nid: UBERON:1\nname: cortex\n"
        "is_a: UBERON:2\nrelationship: BFO:0000050 UBERON:3\nrelationship: RO:0002202 UBERON:4\n",
        encoding="utf-8",
    )
    [row] = read_ontology_rows(path, find_entry("uberon"), "uberon2026-01", set())
    assert row.parents == ("UBERON:2", "UBERON:3")


def test_a_subset_takes_in_what_stands_above(tmp_path: Path) -> None:
    path = tmp_path / "ncbitaxon.obo"
    path.write_text(
        "format-version: 1.2\nontology: ncbitaxon\n\n"
        "[Term]\nid: NCBITaxon:1\nname: root\n\n"
        "[Term]\nid: NCBITaxon:20\nname: Zedidae\nis_a: NCBITaxon:1\n"
        "property_value: has_rank NCBITaxon:family\n\n"
        "[Term]\nid: NCBITaxon:30\nname: Zedus minor\nis_a: NCBITaxon:20\nalt_id: NCBITaxon:29\n\n"
        "[Term]\nid: NCBITaxon:40\nname: Zedus major\nis_a: NCBITaxon:20\n",
        encoding="utf-8",
    )
    rows = read_ontology_rows(path, find_entry("ncbitaxon"), "ncbitaxon2026-01", {"NCBITaxon:29"})
    found = {row.id: row for row in rows}
    assert set(found) == {"NCBITaxon:30", "NCBITaxon:20", "NCBITaxon:1"}
    assert found["NCBITaxon:20"].extra["rank"] == "family"


def read(path: Path) -> list[Row]:
    if tell_kind(path) == "hgnc":
        return list(read_complete_set(path, ""))
    return read_descriptors(path, "")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.txt", "hgnc_id\tsymbol\tstatus\nX\tY\tApproved\n", "no column 'name'"),
        ("a.txt", "nothing\tknown\n", "is no download that is known"),
        ("a.xml", "<DescriptorRecordSet></DescriptorRecordSet>", "holds no descriptors"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str, text: str, said: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read(path)


def test_a_line_of_hgnc_without_an_id_is_told(tmp_path: Path) -> None:
    path = hgnc_file(tmp_path / "hgnc.txt", ZED, {"hgnc_id": "90002", "status": "Approved"})
    with pytest.raises(InputError, match=r"hgnc\.txt:3: '90002' is no HGNC id"):
        list(read_complete_set(path, ""))


def test_a_famplex_without_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "entities.csv").write_text("Zed\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"there is no relations\.csv"):
        read_famplex(tmp_path, "famplex", {})
