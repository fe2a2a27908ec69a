"""The same forty papers as PubMed XML, MEDLINE, RIS, BibTeX and CSL-JSON are the same publications.

`one_paper_alike.json` holds them, and the writers here print them as the tools do: PubMed's two
formats as PubMed, the others as Zotero: full names of journals, page ranges written out, markup,
LaTeX, identifiers in notes. What a format cannot carry is left out of the comparison by name:
`kept` are the identifiers that a paper still has in the reference manager, and titles in the
paper's own language are PubMed's alone.
"""

import json
import re
import textwrap
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any

import pytest

from kg.annotate.annotator import Annotator
from kg.model import Mention, Problem, Publication, Record, Source
from kg.publications import merge_records
from kg.publications.identity import journal_initials
from kg.readers import detect_reader, read_file, source_of
from kg.readers.citation import expand_pages
from kg.vocabulary.lexicon import Lexicon

Paper = dict[str, Any]

PAPERS: list[Paper] = json.loads(
    (Path(__file__).parent / "one_paper_alike.json").read_text(encoding="utf-8")
)["papers"]
_TAG = re.compile(r"</?(?:i|sup|sub)>")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


# --- what all writers need ---------------------------------------------------------------------


def flat(markup: str) -> str:
    return _TAG.sub("", markup)


def labelled(paper: Paper, between: str) -> str:
    parts = [f"{label}: {text}" if label else text for label, text in paper["abstract"]]
    return between.join(parts)


def title_of(paper: Paper, *, stop: str) -> str:
    """The title as PubMed has it: one that it translated stands in brackets."""
    title: str = paper["title"]
    if paper["vernacular"]:
        return f"[{title}]{stop}"
    return title if title.endswith("?") else title + stop


def initials_of(author: Paper) -> str:
    return "".join(part[0] for part in re.split(r"[ -]", author["given"]))


def dotted(given: str) -> str:
    """Forenames as Zotero has them: "M. L." for "M L"."""
    return " ".join(f"{part}." if len(part) == 1 else part for part in given.split())


def title_case(journal: str) -> str:
    """The name of a journal as Zotero has it."""
    words = journal.replace(" :", ":").split(" ")
    small = {"of", "the", "and", "in", "for", "an", "official", "journal"}
    kept = [word if place and word in small else word[:1].upper() + word[1:]
            for place, word in enumerate(words)]  # fmt: skip
    return " ".join(kept)


def written_pages(paper: Paper) -> tuple[str, str]:
    first, last = expand_pages(paper["pages"])
    return first, last


def kept_notes(paper: Paper) -> str:
    return f"PMID: {paper['pmid']}" if "pmid" in paper["kept"] else ""


def kept_doi(paper: Paper) -> str:
    return str(paper["doi"]) if "doi" in paper["kept"] else ""


# --- PubMed ------------------------------------------------------------------------------------


def write_pubmed_xml(papers: list[Paper]) -> str:
    return (
        '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, '
        '1st January 2019//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_190101.dtd">\n'
        "<PubmedArticleSet>\n" + "\n".join(map(_xml_article, papers)) + "\n</PubmedArticleSet>\n"
    )


def _xml_article(paper: Paper) -> str:
    def mark(markup: str) -> str:
        parts = re.split(r"(</?(?:i|sup|sub)>)", markup)
        return "".join(part if _TAG.fullmatch(part) else escape(part) for part in parts)

    journal = paper["journal"]
    abstract = "".join(
        f'<AbstractText Label="{escape(label)}" NlmCategory="METHODS">{mark(text)}</AbstractText>'
        if label
        else f"<AbstractText>{mark(text)}</AbstractText>"
        for label, text in paper["abstract"]
    )
    vernacular = (
        paper["vernacular"] and f"<VernacularTitle>{paper['vernacular']}.</VernacularTitle>"
    )
    identifiers = "".join(
        f'<ArticleId IdType="{kind}">{escape(value)}</ArticleId>'
        for kind, value in (
            ("pubmed", paper["pmid"]),
            ("pmc", paper["pmcid"]),
            ("doi", paper["doi"]),
        )
        if value
    )
    return f"""\
<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM">
<PMID Version="1">{paper["pmid"]}</PMID>
<Article PubModel="Print"><Journal><ISSN IssnType="Print">{journal["issn"]}</ISSN>
<JournalIssue CitedMedium="Print"><Volume>{paper["volume"]}</Volume><Issue>{paper["issue"]}</Issue>
<PubDate><Year>{paper["year"]}</Year><Month>{paper["month"]}</Month></PubDate></JournalIssue>
<Title>{escape(journal["title"])}</Title>
<ISOAbbreviation>{escape(journal["abbreviation"])}</ISOAbbreviation></Journal>
<ArticleTitle>{mark(title_of(paper, stop="."))}</ArticleTitle>
<Pagination><MedlinePgn>{paper["pages"]}</MedlinePgn></Pagination>
{f"<Abstract>{abstract}</Abstract>" if abstract else ""}
<AuthorList CompleteYN="Y">{"".join(map(_xml_author, paper["authors"]))}</AuthorList>
<Language>{paper["language"]}</Language>
<PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType>
</PublicationTypeList>{vernacular or ""}</Article>
<MedlineJournalInfo><MedlineTA>{journal["abbreviation"]}</MedlineTA>
<ISSNLinking>{journal["issn"]}</ISSNLinking></MedlineJournalInfo></MedlineCitation>
<PubmedData><PublicationStatus>ppublish</PublicationStatus>
<ArticleIdList>{identifiers}</ArticleIdList>
<ReferenceList><Reference><Citation>Roe B. Another paper.</Citation><ArticleIdList>
<ArticleId IdType="pubmed">{int(paper["pmid"]) + 37}</ArticleId></ArticleIdList></Reference>
</ReferenceList></PubmedData></PubmedArticle>"""


def _xml_author(author: Paper) -> str:
    if "group" in author:
        name = f"<CollectiveName>{escape(author['group'])}</CollectiveName>"
    else:
        suffix = f"<Suffix>{author['suffix']}</Suffix>" if "suffix" in author else ""
        name = (
            f"<LastName>{author['family']}</LastName><ForeName>{author['given']}</ForeName>"
            f"<Initials>{initials_of(author)}</Initials>{suffix}"
        )
    return f'<Author ValidYN="Y">{name}</Author>'


def write_medline(papers: list[Paper]) -> str:
    return "\n" + "\n\n".join("\n".join(_medline_lines(paper)) for paper in papers) + "\n"


def _medline_lines(paper: Paper) -> Iterator[str]:
    for tag, value in _medline_fields(paper):
        lines = textwrap.wrap(value, 82, break_long_words=False, break_on_hyphens=False)
        yield f"{tag:<4}- " + "\n      ".join(lines)


def _medline_fields(paper: Paper) -> Iterator[tuple[str, str]]:
    journal = paper["journal"]
    yield from (("PMID", paper["pmid"]), ("OWN", "NLM"), ("STAT", "MEDLINE"))
    yield from (("IS", f"{journal['issn']} (Print)"), ("VI", paper["volume"]))
    if paper["issue"]:
        yield "IP", paper["issue"]
    yield "DP", f"{paper['year']} {paper['month']}"
    yield from (("TI", flat(title_of(paper, stop="."))), ("PG", paper["pages"]))
    if paper["abstract"]:
        yield "AB", labelled(paper, " ")
    for author in paper["authors"]:
        if "group" in author:
            yield "CN", author["group"]
            continue
        suffix = f" {author['suffix']}" if "suffix" in author else ""
        yield "FAU", f"{author['family']}, {author['given']}{suffix}"
        yield "AU", f"{author['family']} {initials_of(author)}{suffix}"
    yield from (("LA", paper["language"]), ("PT", "Journal Article"))
    if paper["vernacular"]:
        yield "TT", f"{paper['vernacular']}."
    yield from (("TA", journal["abbreviation"]), ("JT", journal["title"]), ("SB", "IM"))
    if paper["pmcid"]:
        yield "PMC", paper["pmcid"]
    if paper["doi"]:
        yield "AID", f"{paper['doi']} [doi]"
    yield "PST", "ppublish"
    yield (
        "SO",
        (
            f"{journal['abbreviation']}. {paper['year']} {paper['month']};{paper['volume']}"
            f"({paper['issue']}):{paper['pages']}."
        ),
    )


# --- Zotero ------------------------------------------------------------------------------------


def write_ris(papers: list[Paper]) -> str:
    return "".join(
        "".join(f"{tag}  - {value}\r\n" for tag, value in _ris_fields(paper)) + "ER  - \r\n\r\n"
        for paper in papers
    )


def _ris_fields(paper: Paper) -> Iterator[tuple[str, str]]:
    first, last = written_pages(paper)
    yield from (("TY", "JOUR"), ("TI", title_of(paper, stop="")))
    for author in paper["authors"]:
        if "group" in author:
            yield "AU", author["group"]
        else:
            suffix = f", {author['suffix']}" if "suffix" in author else ""
            yield "AU", f"{author['family']}, {dotted(author['given'])}{suffix}"
    yield "T2", title_case(paper["journal"]["title"])
    if paper["abstract"]:
        yield "AB", labelled(paper, "\r\n")
    yield "DA", f"{paper['year']}/{_MONTHS.index(paper['month']) + 1:02}//"
    yield "PY", str(paper["year"])
    if doi := kept_doi(paper):
        yield "DO", doi
    yield from (("DP", "PubMed"), ("VL", paper["volume"]))
    if paper["issue"]:
        yield "IS", paper["issue"]
    yield "SP", first
    if last:
        yield "EP", last
    yield from (("LA", paper["language"]), ("SN", paper["journal"]["issn"]))
    if note := kept_notes(paper):
        yield "M2", note
    yield "KW", "Interleukin-7"


def write_bibtex(papers: list[Paper]) -> str:
    return "\n".join(map(_bibtex_entry, papers))


def _bibtex_entry(paper: Paper) -> str:
    names = []
    for author in paper["authors"]:
        if "group" in author:
            names.append(f"{{{_escaped(author['group'])}}}")
        else:
            suffix = f" {author['suffix']}," if "suffix" in author else ""
            names.append(f"{_escaped(author['family'])},{suffix} {dotted(author['given'])}")
    fields = {
        "title": _in_latex(_with_capitals(_escaped(title_of(paper, stop="")))),
        "volume": paper["volume"],
        "issn": paper["journal"]["issn"],
        "doi": kept_doi(paper),
        "abstract": _in_latex(_escaped(labelled(paper, "\n"))),
        "language": paper["language"],
        "number": paper["issue"],
        "journal": _escaped(title_case(paper["journal"]["title"])),
        "author": _in_latex(" and ".join(names)),
        "month": paper["month"].lower(),
        "year": str(paper["year"]),
        "pmid": paper["pmid"] if "pmid" in paper["kept"] else "",
        "keywords": "Interleukin-7",
        "pages": "--".join(filter(None, written_pages(paper))),
    }
    lines = [
        f"\t{name} = {value if name == 'month' else f'{{{value}}}'},\n"
        for name, value in fields.items()
        if value
    ]
    return f"@article{{key_{paper['volume']}_{paper['year']},\n{''.join(lines)}}}\n"


def _escaped(text: str) -> str:
    signs = {
        "|": "{\\textbar}", "<": "{\\textless}", ">": "{\\textgreater}", "\\": "{\\textbackslash}",
        "~": "{\\textasciitilde}", "^": "{\\textasciicircum}", "{": "\\{", "}": "\\}",
    }  # fmt: skip
    text = re.sub(r"[|<>\\~^{}]", lambda match: signs[match[0]], text)
    return re.sub(r"[#$%&_]", r"\\\g<0>", text)


def _with_capitals(text: str) -> str:
    """Protect words with capitals from being put into small letters."""
    return re.sub(r"(?<=[^\\\w])([^\W_]*[A-Z][^\W_]*)", r"{\1}", text)


_LETTERS = {
    **{
        letter: f"$\\{name}$"
        for letter, name in {
            "α": "alpha", "β": "beta", "γ": "gamma", "ε": "varepsilon", "μ": "mu",
        }.items()
    },
    "ü": '{\\"u}', "ö": '{\\"o}', "Ø": "{\\O}", "Ł": "{\\L }", "Ż": "{\\.Z}", "é": "{\\'e}",
    "µ": "{\\textmu}", "±": "{\\textpm}", "°": "{\\textdegree}", "–": "{\\textendash}",
}  # fmt: skip


def _in_latex(text: str) -> str:
    """Write markup and letters as Zotero does where asked for another encoding than UTF-8.

    But for the few signs that it would put something else for (≥, ′, −).
    """
    for tag, before, behind in (
        ("i", "\\textit{", "}"), ("sup", "$^{\\textrm{", "}}$"), ("sub", "$_{\\textrm{", "}}$"),
    ):  # fmt: skip
        opening, closing = _escaped(f"<{tag}>"), _escaped(f"</{tag}>")
        text = text.replace(opening, before).replace(closing, behind)
    return "".join(_LETTERS.get(letter, letter) for letter in text)


def write_csl_json(papers: list[Paper]) -> str:
    return json.dumps(list(map(_csl_item, papers)), ensure_ascii=False, indent=2)


def _csl_item(paper: Paper) -> Paper:
    authors = []
    for author in paper["authors"]:
        if "group" in author:
            authors.append({"literal": author["group"]})
            continue
        name = {"family": author["family"], "given": dotted(author["given"])}
        if match := re.match(r"(van|de la|von) (.*)", author["family"]):
            name |= {"family": match[2], "non-dropping-particle": match[1]}
        authors.append(name | ({"suffix": author["suffix"]} if "suffix" in author else {}))
    item = {
        "id": f"http://zotero.org/users/1/items/{paper['volume']}",
        "type": "article-journal",
        "abstract": labelled(paper, "\n"),
        "container-title": title_case(paper["journal"]["title"]),
        "DOI": kept_doi(paper),
        "ISSN": paper["journal"]["issn"],
        "issue": paper["issue"],
        "journalAbbreviation": paper["journal"]["abbreviation"],
        "language": paper["language"],
        "note": kept_notes(paper),
        "page": "-".join(filter(None, written_pages(paper))),
        "source": "PubMed",
        "title": title_of(paper, stop=""),
        "volume": paper["volume"],
        "author": authors,
        "issued": {"date-parts": [[str(paper["year"]), _MONTHS.index(paper["month"]) + 1]]},
    }
    return {key: value for key, value in item.items() if value}


# --- the comparison ----------------------------------------------------------------------------

WRITERS: dict[str, tuple[str, Callable[[list[Paper]], str]]] = {
    "pubmed-xml": ("papers.xml", write_pubmed_xml),
    "medline": ("papers.nbib", write_medline),
    "ris": ("papers.ris", write_ris),
    "bibtex": ("papers.bib", write_bibtex),
    "csl-json": ("papers.json", write_csl_json),
}
FROM_PUBMED = ("pubmed-xml", "medline")
Entry = tuple[Record, Source]


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Entry]]:
    """The records of each file, with their source."""
    folder = tmp_path_factory.mktemp("alike")
    found = {}
    for name, (file, write) in WRITERS.items():
        path = folder / file
        path.write_bytes(write(PAPERS).encode())
        assert detect_reader(path).name == name
        items = list(read_file(path))
        assert not [item for item in items if isinstance(item, Problem)], name
        source = source_of(path)
        found[name] = [(item, source) for item in items if isinstance(item, Record)]
    return found


def merged(entries: list[Entry]) -> list[Publication]:
    publications, problems = merge_records(entries)
    assert [problem.message for problem in problems] == []
    return publications


def names_of(paper: Paper) -> list[str]:
    return [
        author["group"] if "group" in author
        else " ".join(
            filter(None, (author["family"], initials_of(author), author.get("suffix", "")))
        )
        for author in paper["authors"]
    ]  # fmt: skip


def key_kind(paper: Paper, name: str) -> str:
    """What a paper is known by in a file."""
    kept = ["pmid"] if name in FROM_PUBMED else paper["kept"]
    return "pmid" if "pmid" in kept else "doi" if "doi" in kept else "cit"


def texts_of(publication: Publication, field: str) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (
            text.text,
            [(part.label, text.text[part.start : part.end]) for part in text.sections],
        )
        for text in publication.texts
        if text.field == field
    ]


def test_the_papers_are_worth_comparing() -> None:
    assert len(PAPERS) == 40
    assert sum(len(paper["abstract"]) > 1 for paper in PAPERS) >= 6
    assert sum("α" in json.dumps(paper["abstract"], ensure_ascii=False) for paper in PAPERS) >= 6
    assert sum(any("group" in author for author in paper["authors"]) for paper in PAPERS) >= 3
    assert sum(bool(paper["vernacular"]) for paper in PAPERS) >= 2
    assert {tuple(paper["kept"]) for paper in PAPERS} == {("pmid", "doi"), ("doi",), ("pmid",), ()}


@pytest.mark.parametrize("name", WRITERS)
def test_each_file_gives_the_same_publications(name: str, entries: dict[str, list[Entry]]) -> None:
    publications = merged(entries[name])
    assert len(publications) == len(PAPERS)
    for paper, publication in zip(PAPERS, publications, strict=True):
        assert publication.title == flat(paper["title"])
        parts = [(label, text) for label, text in paper["abstract"] if label]
        abstract = [(labelled(paper, " "), parts)] if paper["abstract"] else []
        assert texts_of(publication, "abstract") == abstract
        assert [author.name for author in publication.authors] == names_of(paper)
        assert [author.collective for author in publication.authors] == [
            "group" in author for author in paper["authors"]
        ]
        assert not publication.et_al
        assert (publication.year, publication.volume) == (paper["year"], paper["volume"])
        pages = (publication.first_page, publication.last_page)
        assert pages == expand_pages(paper["pages"])
        assert publication.issns == (paper["journal"]["issn"],)
        initials = journal_initials(paper["journal"]["abbreviation"])
        assert journal_initials(publication.journal) == initials
        assert publication.key.partition("-")[0] == key_kind(paper, name)
        carried = ("pmid", "pmcid", "doi") if name in FROM_PUBMED else paper["kept"]
        assert publication.identifiers == {
            kind.upper(): paper[kind] for kind in carried if paper[kind]
        }
        told = [text for text, _ in texts_of(publication, "vernacular-title")]
        is_told = paper["vernacular"] and name in FROM_PUBMED
        assert told == ([paper["vernacular"]] if is_told else [])
        assert publication.indexing.languages == (paper["language"],)


def test_a_paper_has_one_key_where_its_identifiers_are_the_same(
    entries: dict[str, list[Entry]],
) -> None:
    keys = {name: [each.key for each in merged(found)] for name, found in entries.items()}
    assert keys["pubmed-xml"] == keys["medline"]
    assert keys["ris"] == keys["bibtex"] == keys["csl-json"]
    for paper, in_pubmed, in_zotero in zip(PAPERS, keys["medline"], keys["ris"], strict=True):
        assert (in_pubmed == in_zotero) == ("pmid" in paper["kept"])


def test_all_files_together_give_each_paper_once(entries: dict[str, list[Entry]]) -> None:
    publications = merged([entry for found in entries.values() for entry in found])
    assert len(publications) == len(PAPERS)
    found = {publication.key: publication for publication in publications}
    for paper in PAPERS:
        publication = found[f"pmid-{paper['pmid']}"]
        assert len({origin.source_sha256 for origin in publication.origins}) == len(WRITERS)
        assert publication.title == flat(paper["title"])
        assert [author.name for author in publication.authors] == names_of(paper)
        assert publication.journal == paper["journal"]["abbreviation"]


@pytest.mark.parametrize("other", [name for name in WRITERS if name != "pubmed-xml"])
def test_each_file_and_pubmeds_are_the_same_papers(
    other: str, entries: dict[str, list[Entry]]
) -> None:
    publications = merged(entries["pubmed-xml"] + entries[other])
    assert [len(publication.origins) for publication in publications] == [2] * len(PAPERS)


def test_each_file_gives_the_same_mentions(
    entries: dict[str, list[Entry]], lexicon: Lexicon
) -> None:
    annotator = Annotator(lexicon)

    def mentions(publication: Publication) -> list[tuple[str, str, tuple[Mention, ...]]]:
        sentences = annotator.annotate_publication(publication).sentences
        return [(each.sentence.field, each.text, each.mentions) for each in sentences]

    wanted = [mentions(publication) for publication in merged(entries["pubmed-xml"])]
    assert sum(len(found) for paper in wanted for *_, found in paper) > 300
    for name in WRITERS:
        assert [mentions(publication) for publication in merged(entries[name])] == wanted, name
