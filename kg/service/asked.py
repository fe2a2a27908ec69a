"""Floor 10: an HTTP request -> what is given for the parameters of a saved query. Pure.

GET   ?entity=IL-7&limit=100                                       repeated for several values
POST  application/x-www-form-urlencoded: entity=IL-7&limit=100
POST  application/json: {"entity": ["IL-7", "IL-15"], "limit": 100}
"""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from kg.service.protocol import (
    FORM,
    RefusalError,
    Request,
    decode_parameters,
    seconds_of,
    text_of,
)

JSON = "application/json"
Scalar = str | int | float | bool
_OPTIONS = ("format", "timeout")
_MOST_VALUES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedAsked:
    """What is given for parameters, by their names; the format and the seconds that are wanted."""

    given: tuple[tuple[str, tuple[str, ...]], ...]
    form: str = ""
    seconds: float | None = None


def read_saved(request: Request) -> SavedAsked:
    """Return what a request gives for the parameters of a saved query.

    A hyphen in a name counts as an underscore, as on the command line.

    Raises:
        RefusalError: if it cannot be read.

    >>> read_saved(Request(method="GET", query_string="entity-a=IL-7&format=csv", headers={}))
    SavedAsked(given=(('entity_a', ('IL-7',)),), form='csv', seconds=None)
    """
    parameters = decode_parameters(request.query_string)
    if request.method == "POST":
        for name, values in _read_body(request).items():
            parameters.setdefault(name, []).extend(values)
    form = ",".join(parameters.get("format", ()))
    seconds = seconds_of(parameters)
    given: dict[str, list[str]] = {}
    for name, values in parameters.items():
        if name not in _OPTIONS:
            given.setdefault(name.replace("-", "_"), []).extend(values)
    if sum(map(len, given.values())) > _MOST_VALUES:
        raise RefusalError(422, f"a request may give {_MOST_VALUES:,} values")
    ordered = sorted((name, tuple(values)) for name, values in given.items())
    return SavedAsked(given=tuple(ordered), form=form, seconds=seconds)


def _read_body(request: Request) -> dict[str, list[str]]:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == FORM:
        return decode_parameters(text_of(request))
    if media_type != JSON:
        raise RefusalError(
            415, f"the body is to be {FORM} or {JSON}, not {media_type[:100] or 'untyped'}"
        )
    kind = dict[str, Scalar | list[Scalar] | None]
    try:
        read = msgspec.json.decode(text_of(request), type=kind)
    except msgspec.ValidationError as error:
        raise RefusalError(
            422, f"the body is to be an object of names and values, or lists of these ({error})"
        ) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise RefusalError(400, f"the body is no JSON ({error})") from error
    return {name: list(_texts(value)) for name, value in read.items() if value is not None}


def _texts(value: Scalar | list[Scalar]) -> Iterable[str]:
    """Yield values as a person would type them."""
    for each in value if isinstance(value, list) else [value]:
        yield str(each).lower() if isinstance(each, bool) else str(each)
