"""Reading floor: values taken out of parsed JSON, whatever their types are.

Pure. Exports made from XML have an object where there is a list of one, numbers for texts, and
nulls; what is of another type than is asked for counts as missing.
"""


def text_at(value: object, *keys: str) -> str:
    """Return the text or number that stands in objects under some keys, or an empty text.

    >>> text_at({"journal": {"title": " Blood ", "year": 2001}}, "journal", "title")
    'Blood'
    >>> text_at({"journal": {"year": 2001}}, "journal", "year"), text_at({"journal": []}, "journal")
    ('2001', '')
    """
    return raw_text_at(value, *keys).strip()


def raw_text_at(value: object, *keys: str) -> str:
    r"""Return the text or number that stands in objects under some keys, with its white space.

    A NUL, which can stand in JSON as "\u0000", is replaced by U+FFFD.
    """
    value = _down(value, keys)
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def list_at(value: object, *keys: str) -> list[object]:
    """Return the list that stands in objects under some keys; what is no list is one of one.

    >>> list_at({"tags": {"tag": ["a", "b"]}}, "tags", "tag"), list_at({"tags": "a"}, "tags")
    (['a', 'b'], ['a'])
    >>> list_at({"tags": None}, "tags", "tag")
    []
    """
    value = _down(value, keys)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def number_at(value: object, *keys: str) -> int | None:
    """Return the number that stands in objects under some keys, or None.

    >>> number_at({"offset": "12"}, "offset"), number_at({"offset": None}, "offset")
    (12, None)
    """
    text = text_at(value, *keys)
    return int(text) if len(text) < 10 and text.isascii() and text.isdigit() else None


def _down(value: object, keys: tuple[str, ...]) -> object:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
