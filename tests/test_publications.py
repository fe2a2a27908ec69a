"""Identity and merging: what is one paper, whatever order and file its records come in."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import (
    Annotation,
    Indexing,
    Locator,
    Problem,
    Publication,
    Record,
    Relation,
    RelationKind,
    Source,
    Text,
)
from kg.namespaces import content_hash, curie_to_iri
from kg.publications import (
    fingerprint,
    journal_initials,
    key_to_curie,
    make_keys,
    merge_records,
    normalise_identifier,
    normalise_title,
    search_pubmed,
)
from kg.readers import read_file, source_of
from kg.readers.byline import parse_author
from kg.resources import resource_path

Entry = tuple[Record, Source]


def make(
    line: int = 1,
    *,
    title: str = "A title",
    identifiers: dict[str, str] | None = None,
    snippets: tuple[str, ...] = (),
    authors: tuple[str, ...] = ("Doe J", "Roe B"),
    source: str = "a",
    **fields: Any,
) -> Entry:
    texts = [Text(field="title", text=title, raw=title)] if title else []
    for index, snippet in enumerate(snippets, start=1):
        name = "snippet" if index == 1 else f"snippet-{index}"
        texts.append(Text(field=name, text=snippet, raw=snippet))
    record = Record(
        locator=Locator(path=f"{source}.txt", format="reading-list", line=line),
        texts=tuple(texts),
        authors=tuple(parse_author(name) for name in authors),
        journal="Blood",
        year=2007,
        volume="56",
        pages="732-42",
        first_page="732",
        last_page="742",
        identifiers=identifiers or {},
        position=line,
    )
    named = Source(name=f"{source}.txt", format="reading-list", sha256=source * 64)
    return replace(record, **fields), named


def merge(*entries: Entry) -> tuple[list[Publication], list[Problem]]:
    return merge_records(entries)


def test_real_list_is_62_papers_with_62_keys() -> None:
    path = resource_path("data", "interleukin-7.txt")
    source = source_of(path)
    found = [(item, source) for item in read_file(path) if isinstance(item, Record)]
    publications, problems = merge_records(found)
    assert problems == []
    assert len({publication.key for publication in publications}) == 62
    assert [publication.title for publication in publications] == [r.title for r, _ in found]
    assert all(re.fullmatch(r"cit-[0-9a-f]{20}", p.key) for p in publications)
    assert all(len(publication.origins) == 1 for publication in publications)


def test_key_is_the_strongest_identifier_and_the_others_follow() -> None:
    record, _ = entry = make(
        identifiers={"DOI": "https://doi.org/10.1000/X(1)<2>", "PMID": "0123", "PMCID": "77"}
    )
    [publication], problems = merge(entry)
    doi = f"doi-{content_hash('10.1000/x(1)<2>')}"
    assert publication.key == "pmid-123"
    assert publication.other_keys == ("pmc-PMC77", doi, f"cit-{fingerprint(record)}")
    assert make_keys(record) == (publication.key, *publication.other_keys)
    assert publication.identifiers == {"PMID": "123", "PMCID": "PMC77", "DOI": "10.1000/x(1)<2>"}
    assert problems == []
    for key in make_keys(record):
        assert quote(key, safe="") == key


def test_keys_have_curies_that_have_iris() -> None:
    [publication], _ = merge(
        make(identifiers={"DOI": "10.1000/X", "PMID": "123", "PMCID": "PMC77"})
    )
    curies = [key_to_curie(key, publication.identifiers) for key in make_keys(make()[0])]
    assert curies == [None]
    keys = (publication.key, *publication.other_keys)
    known = [key_to_curie(key, publication.identifiers) for key in keys]
    assert known == ["PMID:123", "PMCID:PMC77", "DOI:10.1000/x", None]
    assert [curie_to_iri(curie) for curie in known if curie] == [
        "http://www.ncbi.nlm.nih.gov/pubmed/123",
        "http://www.ncbi.nlm.nih.gov/pmc/PMC77",
        "https://doi.org/10.1000/x",
    ]
    assert key_to_curie(publication.other_keys[1], {"DOI": "10.1000/other"}) is None


@pytest.mark.parametrize(
    ("prefix", "value", "want"),
    [
        ("PMID", "PMID: 00123", "123"), ("PMID", "12a", None), ("PMID", "", None),
        ("PMCID", "pmc0077.2", "PMC77"), ("PMCID", "x", None),
        ("DOI", "doi:10.1000/ABC.", "10.1000/abc"),
        ("DOI", "http://dx.doi.org/10.1000/a", "10.1000/a"),
        ("DOI", "https://doi.org/10.1000%2Fabc", "10.1000/abc"), ("DOI", "abc", None),
        ("ISBN", " 1 ", "1"),
    ],
)  # fmt: skip
def test_identifiers_have_one_form(prefix: str, value: str, want: str | None) -> None:
    assert normalise_identifier(prefix, value) == want


def test_fingerprint_sees_the_paper_and_not_the_print() -> None:
    same = fingerprint(make(title="IL-7: a réview")[0])
    assert fingerprint(make(title="IL7 a Review.", journal="BLOOD.")[0]) == same
    other: dict[str, Any] = {
        "journal": "Lancet",
        "year": 2008,
        "volume": "1",
        "first_page": "1",
    }
    for field, value in other.items():
        assert fingerprint(make(title="IL-7: a review", **{field: value})[0]) != same
    assert fingerprint(make(title="IL-8: a review")[0]) != same
    # Symbols alone are still told apart, and so are papers without a title.
    assert normalise_title("?") != normalise_title("!")
    untitled = fingerprint(make(title="")[0])
    assert untitled != fingerprint(make(title="", authors=("Poe E",))[0])


def test_records_of_one_paper_merge_and_all_is_kept() -> None:
    listed = make(3, snippets=("One.", "Two."))
    exported = make(
        9, source="b", identifiers={"PMID": "5"}, snippets=("Two.", "Three."), issue="4"
    )
    [publication], problems = merge(listed, exported)
    assert publication.key == "pmid-5"
    assert publication.issue == "4"
    assert [(t.field, t.text) for t in publication.texts] == [
        ("title", "A title"), ("snippet", "One."), ("snippet-2", "Two."), ("snippet-3", "Three."),
    ]  # fmt: skip
    assert [(o.source_sha256[0], o.line, o.position) for o in publication.origins] == [
        ("a", 3, 3), ("b", 9, 9),
    ]  # fmt: skip
    assert problems == []


def test_records_merge_through_a_third() -> None:
    first = make(1, title="Early words", identifiers={"DOI": "10.1000/a"})
    second = make(2, title="Other words", identifiers={"PMID": "5"})
    bridge = make(3, title="Other words", identifiers={"DOI": "10.1000/A", "PMID": "5"})
    assert len(merge(first, second)[0]) == 2
    [publication], problems = merge(first, second, bridge)
    assert publication.title == "Other words"
    assert [(p.code, p.field, p.raw) for p in problems] == [
        ("conflicting-field", "title", "Early words")
    ]


def test_the_same_file_read_twice_is_one_origin() -> None:
    [publication], problems = merge(make(3), make(3))
    assert len(publication.origins) == 1
    assert problems == []


def test_different_pmids_never_merge() -> None:
    one = make(1, identifiers={"PMID": "1", "DOI": "10.1000/a"})
    two = make(2, identifiers={"PMID": "2", "DOI": "10.1000/a"})
    loose = make(3)
    publications, problems = merge(one, two, loose)
    assert sorted(p.key[:5] for p in publications) == [
        "cit-" + publications[2].key[4],
        "pmid-",
        "pmid-",
    ]
    assert {p.key for p in publications} >= {"pmid-1", "pmid-2"}
    assert [p.code for p in problems] == ["conflicting-identity"]
    assert "PMID:1, PMID:2" in problems[0].message
    # A key that leads to two papers leads to none of them.
    assert all(p.other_keys == () for p in publications)


def test_a_cut_byline_gives_way_to_a_whole_one_without_conflict() -> None:
    cut = make(1, authors=("Doe J",), et_al=True)
    whole = make(2, authors=("Doe JA", "Roe B", "Poe E"))
    [publication], problems = merge(cut, whole)
    assert [author.name for author in publication.authors] == ["Doe JA", "Roe B", "Poe E"]
    assert not publication.et_al
    assert problems == []


def test_pages_are_taken_together_and_compared_written_out() -> None:
    short = make(1, identifiers={"PMID": "1"})
    long = make(2, identifiers={"PMID": "1"}, pages="732-742")
    assert merge(short, long)[1] == []
    other = make(3, identifiers={"PMID": "1"}, pages="9", first_page="9", last_page="")
    [publication], problems = merge(short, other)
    assert (publication.pages, publication.first_page) == ("732-42", "732")
    assert [(p.code, p.field, p.locator.line) for p in problems] == [
        ("conflicting-field", "pages", 3)
    ]


def test_wrong_identifiers_are_left_out_and_reported() -> None:
    [publication], problems = merge(make(identifiers={"PMID": "n/a", "DOI": "10.1000/a"}))
    assert publication.identifiers == {"DOI": "10.1000/a"}
    assert publication.key.startswith("doi-")
    assert [(p.code, p.raw) for p in problems] == [("bad-identifier", "n/a")]


def test_full_and_abbreviated_journals_meet() -> None:
    short = make(1, journal="J Immunol")
    full = make(
        2,
        source="b",
        journal="The Journal of Immunology (Baltimore, Md. : 1950)",
        identifiers={"PMID": "5"},
    )
    [publication], problems = merge(short, full)
    assert (publication.key, publication.journal) == ("pmid-5", "J Immunol")
    assert problems == []
    assert len(merge(short, make(2, journal="Immunity"))[0]) == 2


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("Proceedings of the National Academy of Sciences of the United States of America",
         "Proc Natl Acad Sci U S A"),
        ("PLoS ONE", "PloS one"),
        ("Zhonghua er ke za zhi = Chinese journal of pediatrics", "Zhonghua Er Ke Za Zhi"),
        ("The Journal of hand surgery. Part A", "J. Hand Surg. A"),
        ("Revue d'épidémiologie et de santé publique", "Rev Epidemiol Sante Publique"),
    ],
)  # fmt: skip
def test_initials_of_journals(full: str, short: str) -> None:
    assert journal_initials(full) == journal_initials(short)


def test_an_issn_finds_the_paper_where_names_differ() -> None:
    one = make(1, journal="Angew Chem Int Ed Engl", issns=("1433-7851", "1521-3773"))
    other = make(2, journal="Angewandte Chemie", issns=("1521-3773",), identifiers={"PMID": "5"})
    [publication], problems = merge(one, other)
    assert publication.key == "pmid-5"
    assert problems == []
    # The key names the paper nowhere: an ISSN finds, it does not identify.
    assert all(not key.startswith("issn-") for key in publication.other_keys)
    assert len(merge(one, make(2, journal="Angewandte Chemie"))[0]) == 2


def test_a_merged_paper_says_where_each_value_came_from() -> None:
    abstract = Text(field="abstract", text="We saw it.", raw="We saw it.")
    listed = make(3, snippets=("One.",))
    exported = make(
        9,
        source="b",
        identifiers={"PMID": "5", "DOI": "10.1000/a"},
        issue="4",
        indexing=Indexing(keywords=("thymus",), grants=("R01",)),
        texts=(*make()[0].texts, abstract),
    )
    third = make(
        4, source="c", identifiers={"DOI": "10.1000/a"}, indexing=Indexing(languages=("fre",))
    )
    [publication], problems = merge(listed, exported, third)
    assert [origin.source_sha256[0] for origin in publication.origins] == ["a", "b", "c"]
    chosen = dict(publication.chosen)
    assert chosen["abstract"] == chosen["issue"] == chosen["PMID"] == chosen["keywords"] == 1
    assert chosen["languages"] == 2
    assert publication.indexing == Indexing(
        languages=("fre",), keywords=("thymus",), grants=("R01",)
    )
    assert problems == []
    assert merge(listed)[0][0].chosen == ()


def test_annotations_move_with_the_words_that_they_are_of() -> None:
    title = make()[0].texts

    def entry(line: int, text: str, ids: dict[str, str], *places: tuple[int, int]) -> Entry:
        abstract = Text(field="abstract", text=text, raw=text)
        record, source = make(line, identifiers=ids, texts=(*title, abstract))
        annotations = tuple(
            Annotation(field="abstract", start=a, end=b, text=text[a:b], type="Gene")
            for a, b in places
        )
        return replace(record, annotations=annotations), source

    kept = "AIM: IL-7 rose. RESULTS: IL-7 fell."
    full = entry(1, kept, {"PMID": "5", "DOI": "10.1000/a"}, (5, 9))
    bare = entry(2, "IL-7 rose. IL-7 fell; TNF.", {"PMID": "5"}, (11, 15), (22, 25))
    [publication], problems = merge(full, bare)
    places = [(one.start, one.end) for one in publication.annotations]
    assert [kept[a:b] for a, b in places] == ["IL-7", "IL-7"]
    assert places == [(5, 9), (25, 29)]
    assert [(p.code, p.raw, p.locator.line) for p in problems] == [("lost-annotation", "TNF", 2)]


def test_retracted_papers_are_known_by_type_relation_or_title() -> None:
    def is_retracted(**fields: Any) -> bool:
        [publication], _ = merge(make(**fields))
        return publication.is_retracted

    assert not is_retracted()
    assert is_retracted(indexing=Indexing(publication_types=("Retracted Publication",)))
    notice = Relation(kind=RelationKind.RETRACTED_IN, identifiers={"PMID": "9"})
    assert is_retracted(indexing=Indexing(relations=(notice,)))
    assert is_retracted(title="RETRACTED: IL-7 in mice")
    of_another = Relation(kind=RelationKind.RETRACTION_OF, identifiers={"PMID": "9"})
    assert not is_retracted(indexing=Indexing(relations=(of_another,)))


_ENTRIES = st.lists(
    st.builds(
        lambda line, title, pmid, doi, source, snippet, year: make(
            line,
            title=title,
            identifiers={k: v for k, v in (("PMID", pmid), ("DOI", doi)) if v},
            snippets=(snippet,),
            source=source,
            year=year,
        ),
        st.integers(1, 6),
        st.sampled_from(["A", "B", "C", ""]),
        st.sampled_from(["", "", "1", "2"]),
        st.sampled_from(["", "10.1000/a", "10.1000/b"]),
        st.sampled_from(["a", "b"]),
        st.sampled_from(["One.", "Two.", ""]),
        st.sampled_from([2006, 2007]),
    ),
    max_size=8,
)


@given(_ENTRIES, st.data())
def test_order_of_records_changes_nothing(entries: list[Entry], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(entries))
    assert merge_records(shuffled) == merge_records(entries)


@given(_ENTRIES)
def test_merging_keeps_papers_apart_and_loses_nothing(entries: list[Entry]) -> None:
    publications, _ = merge_records(entries)
    keys = [
        key for publication in publications for key in (publication.key, *publication.other_keys)
    ]
    assert len(set(keys)) == len(keys)
    pmids = [p.identifiers["PMID"] for p in publications if "PMID" in p.identifiers]
    assert sorted(pmids) == sorted(
        {r.identifiers["PMID"] for r, _ in entries if "PMID" in r.identifiers}
    )
    places = {(o.source_sha256, o.line) for p in publications for o in p.origins}
    assert places == {(source.sha256, record.locator.line) for record, source in entries}
    texts = {text.text for p in publications for text in p.texts if text.field != "title"}
    assert texts == {snippet for record, _ in entries for snippet in record.snippets if snippet}
    for publication in publications:
        names = [text.field for text in publication.texts if text.field != "title"]
        assert names == ["snippet", *(f"snippet-{n}" for n in range(2, 9))][: len(names)]


def asked(**fields: Any) -> str:
    record, _ = make(**fields)
    [term] = parse_qs(urlsplit(search_pubmed(record)).query)["term"]
    return term


def test_pubmed_is_asked_by_journal_year_volume_and_page() -> None:
    term = asked(journal="Arch Immunol Ther Exp (Warsz)", volume="65 Suppl 3", first_page="iii69")
    assert term == '"Arch Immunol Ther Exp (Warsz)"[ta] AND 2007[dp] AND 65[vi] AND iii69[pg]'


def test_pubmed_is_asked_by_title_where_volume_or_page_is_missing() -> None:
    title = 'IL-7: "friend" OR [foe]? AND/OR'
    expected = 'IL-7 friend or foe and or AND "Blood"[ta] AND 2007[dp]'
    assert asked(title=title, volume="") == expected
    assert asked(title=title, first_page="") == expected
    assert asked(title="IL-7", journal="", year=None, volume="") == "IL-7"
