"""Floor 0: the exceptions of the project, under one root.

A bad *record* is a value (`kg.model.Problem`); a bad file, setting or query is one of these.
The command line turns them into exit codes, and nothing else catches them in passing.
"""


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


class SearchError(KgError):
    """A text index that cannot be made, or be read."""


class ParameterError(QueryError):
    """A parameter of a saved query that is missing, unknown, of the wrong type or ambiguous."""


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
