"""Floor 1: where the files that come with the package are.

In a checkout they stand at the top level (`data/`, `ontology/`, `queries/`); an installed package
carries them in `kg/_resources/`.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource_path(*parts: str) -> Path:
    """Return the path of a file or folder that ships with the package.

    >>> resource_path("ontology").is_dir()
    True
    """
    installed = _PACKAGE / "_resources"
    root = installed if installed.is_dir() else _PACKAGE.parent
    return root.joinpath(*parts)
