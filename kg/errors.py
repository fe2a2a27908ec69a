"""Floor 0: the exceptions of the project, under one root.

A bad *record* is a value (`kg.model.Problem`); a bad file, setting or query is one of these.
The command line turns them into exit codes, and nothing else catches them in passing.
"""

from collections.abc import Mapping, Sequence


class KgError(Exception):
    """The root of every error this project raises on purpose.

    The message is one plain sentence or two: where, what, and what to do.
    """


class InputError(KgError):
    """A file that cannot be read as what it should be: missing, empty, binary, unknown format."""


class VocabularyError(KgError):
    """A vocabulary table that is missing, damaged, or not of the documented form."""


class StoreError(KgError):
    """A graph folder that is no graph, is damaged, is locked, or cannot be written."""


class QueryError(KgError):
    """A saved query that is malformed, or SPARQL that does not parse or run."""


class UnknownQueryError(QueryError):
    """A saved query that there is none of; `near` are names that are like the one asked for."""

    def __init__(self, message: str, near: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.near = tuple(near)


class SearchError(KgError):
    """A text index that cannot be made, or be read."""


class ParameterError(QueryError):
    """A parameter of a saved query that is missing, unknown, of the wrong type or ambiguous.

    For programs, beside the message: the `parameter`, the `value` that was given for it, the
    `reason` in a word ("unknown", "ambiguous", "type", "invalid", "missing", "no-parameter"), and
    the `candidates` that there are instead, each with `id`, `label`, `type` and `score`.
    """

    def __init__(
        self,
        message: str,
        *,
        parameter: str = "",
        value: str = "",
        reason: str = "invalid",
        candidates: Sequence[Mapping[str, str | float | None]] = (),
    ) -> None:
        super().__init__(message)
        self.parameter = parameter
        self.value = value
        self.reason = reason
        self.candidates = tuple(candidates)


class ReasonerError(KgError):
    """The reasoner is missing (no Java) or failed."""


class ServiceError(KgError):
    """A web service that cannot be reached, refuses, or answers with what cannot be used."""


class ServiceBusyError(ServiceError):
    """A web service that has no room now, and may have some later."""


class ServiceTimeoutError(ServiceError):
    """A web service that does not answer in time."""


class WorkerError(KgError):
    """A process of a build that was ended from outside."""
