"""Reading floor: one parsed book, or chapter of a book, of PubMed's XML -> `Record`.

A chapter is published in its book as a paper is in its journal; a book, in its collection. What is
not kept: publishers, editions, ISBNs, titles of sections, editors where there are authors.
"""

from typing import TYPE_CHECKING

from kg.model import Indexing, Locator, Problem, Record
from kg.readers.citation import expand_pages
from kg.readers.pubmed_record import (
    children_of,
    first,
    group_children,
    read_abstract,
    read_authors,
    read_grants,
    read_identifiers,
    read_pages,
    read_references,
    read_titles,
    read_year,
    text_of,
    texts_of,
)

if TYPE_CHECKING:
    from lxml.etree import _Element


def read_book(
    document: "_Element | None", data: "_Element | None", locator: Locator, position: int
) -> Record | None:
    """Return the record of a BookDocument and the PubmedBookData beside it; None where empty.

    The year is the book's, as PubMed cites it: all chapters of GeneReviews are of 1993.
    """
    parts = group_children(document)
    rest = group_children(data)
    book = group_children(first(parts, "Book"))
    chapter, book_title = text_of(parts, "ArticleTitle"), text_of(book, "BookTitle")
    if not (chapter or book_title or text_of(parts, "PMID")):
        return None
    texts = (
        *read_titles(chapter or book_title, text_of(parts, "VernacularTitle")),
        *read_abstract(parts["Abstract"], parts["OtherAbstract"]),
    )
    problems = []
    if not texts or texts[0].field != "title":
        message = "the record has no title"
        problems.append(
            Problem(locator=locator, code="missing-title", message=message, field="title")
        )
    own, of_book = parts["AuthorList"], book["AuthorList"]
    lists = own or of_book
    writers = [element for element in lists if element.get("Type") != "editors"]
    authors, et_al = read_authors(writers or lists)
    pages = read_pages(first(parts, "Pagination"), ())
    first_page, last_page = expand_pages(pages)
    return Record(
        locator=locator,
        texts=texts,
        authors=authors,
        et_al=et_al,
        journal=book_title if chapter else text_of(book, "CollectionTitle"),
        year=read_year(book["PubDate"] + parts["ContributionDate"] + book["BeginningDate"]),
        volume=text_of(book, "Volume"),
        pages=pages,
        first_page=first_page,
        last_page=last_page,
        identifiers=read_identifiers(
            parts["PMID"],
            parts["ArticleIdList"] + rest["ArticleIdList"],
            () if chapter else book["ELocationID"],
        ),
        indexing=Indexing(
            languages=texts_of(parts["Language"]),
            publication_types=texts_of(parts["PublicationType"]),
            keywords=texts_of(children_of(parts["KeywordList"])),
            grants=read_grants(children_of(parts["GrantList"])),
            relations=tuple(read_references(parts["ReferenceList"])),
        ),
        position=position,
        problems=tuple(problems),
    )
