"""Floor above the model: where PubMed is asked for a paper that has no identifier. Pure."""

import re

from kg.model import Publication, Record
from kg.namespaces import pubmed_search

_VOLUME = re.compile(r"\w+")  # "65" of "65 Suppl 3"
_OPERATOR = re.compile(r"\b(?:AND|OR|NOT)\b")
_SEARCH_SYNTAX = re.compile(r"[\[\]()\"“”:/?*,;{}|]+")


def search_pubmed(paper: Record | Publication) -> str:
    """Return the address of PubMed's search for a paper known by its citation.

    By journal, year, volume and first page, which is how PubMed's own citation matcher tells
    papers apart; where one of them is missing, by the words of the title within what there is. The
    fields are named, so that no word is taken for another, and what PubMed would read as syntax is
    left out.
    """
    terms = []
    if name := paper.journal.replace('"', "").strip():
        terms.append(f'"{name}"[ta]')
    if paper.year is not None:
        terms.append(f"{paper.year}[dp]")
    volume = _VOLUME.match(paper.volume)
    if len(terms) == 2 and volume and paper.first_page:
        terms += [f"{volume[0]}[vi]", f"{paper.first_page}[pg]"]
    else:
        bare = _SEARCH_SYNTAX.sub(" ", paper.title)
        words = _OPERATOR.sub(lambda match: match[0].lower(), bare).split()
        terms = ([" ".join(words)] if words else []) + terms
    return pubmed_search(" AND ".join(terms))
