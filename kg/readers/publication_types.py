"""Reading floor: what databases call kinds of work -> MeSH's names of publication types.

Pure.
"""

_PUBLICATION_TYPES = {
    "article": "Journal Article",
    "journal article": "Journal Article",
    "review": "Review",
    "short survey": "Review",
    "systematic review": "Systematic Review",
    "meta-analysis": "Meta-Analysis",
    "letter": "Letter",
    "editorial": "Editorial",
    "erratum": "Published Erratum",
    "published erratum": "Published Erratum",
    "retracted": "Retracted Publication",
    "retracted publication": "Retracted Publication",
    "retraction of publication": "Retraction of Publication",
    "case reports": "Case Reports",
    "clinical trial": "Clinical Trial",
    "randomized controlled trial": "Randomized Controlled Trial",
    "comment": "Comment",
    "comparative study": "Comparative Study",
    "preprint": "Preprint",
}


def find_publication_type(name: str) -> str:
    """Return MeSH's name for a kind of work, or an empty text where none is known.

    >>> find_publication_type("Short Survey"), find_publication_type("Book Chapter")
    ('Review', '')
    """
    return _PUBLICATION_TYPES.get(name.strip().casefold().rstrip("."), "")
