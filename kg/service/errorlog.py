"""Floor 10: what goes wrong in the server, told on standard error, where its log of access is not.

The only way to break off an answer is to fail, of which granian tells at length each time. What is
meant to happen stands in the access log and among the figures, and is left out here.
"""

import logging
import re
from typing import Any

from kg.service.pool import AnswerCutError

_FORESEEN = re.compile(
    rf"^(?:[\w.]+\.)?{AnswerCutError.__name__}\b"
    # What the supervisor tells with the reason.
    r"|^Unexpected exit from worker-|^ASGI lifespan startup failed$",
    re.MULTILINE,
)


class Unforeseen(logging.Filter):
    r"""Lets all pass but what is told of answers that were broken off.

    >>> cut = logging.makeLogRecord({"msg": "failed: Traceback ...\nAnswerCutError: too slow"})
    >>> Unforeseen().filter(cut), Unforeseen().filter(logging.makeLogRecord({"msg": "failed"}))
    (False, True)
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is to be written."""
        return _FORESEEN.search(record.getMessage()) is None


CONFIG: dict[str, Any] = {
    "filters": {"unforeseen": {"()": f"{__name__}.{Unforeseen.__name__}"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stderr",
            "formatter": "generic",
            "filters": ["unforeseen"],
        },
        # Never asked for, but named in the rest of what granian sets up.
        "access": {"class": "logging.NullHandler"},
    },
}
"""What granian is to change of the way it logs."""
