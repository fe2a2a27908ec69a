"""Floor 5: loads `sssom_pydantic`, which takes a sixth of a second that most verbs have no need of.

A library below it (pystow) makes a folder in the user's home as soon as it is imported, and fails
where it may not. Nothing of ours needs that folder, so it is given one that goes again.
"""

import os
from functools import cache
from tempfile import TemporaryDirectory

_HOME = "PYSTOW_HOME"


@cache
def load_sssom() -> None:
    """Load the library, so that its modules can be imported without a trace."""
    if _HOME in os.environ:
        return
    with TemporaryDirectory() as folder:
        os.environ[_HOME] = folder
        try:
            import sssom_pydantic  # noqa: F401, PLC0415
        finally:
            del os.environ[_HOME]
