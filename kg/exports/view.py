"""Floor 8: what an export sees of a graph: all of it, or the part that was asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pyoxigraph import Store

from kg.namespaces import DEFAULT_BASE


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The statements to export, and what the graph says of itself.

    `store` is open for reading: that of the graph, or one that holds a part of it alone. Sentences
    have no `kg:text` where the text was left out.
    """

    store: Store
    manifest: Mapping[str, Any]

    @property
    def base_iri(self) -> str:
        """Return what the IRIs begin with that the graph mints."""
        return str(self.manifest.get("base_iri") or DEFAULT_BASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What an export came to: how many of what, in words ("62 papers"), file by file."""

    files: Mapping[Path, str]
    notes: tuple[str, ...] = ()


class Profile(Protocol):
    """A format of another tool or community.

    `suffix` is that of the file to write, or empty where `write` makes a folder.
    """

    name: str
    summary: str
    suffix: str

    def write(self, view: View, target: Path) -> Written:
        """Write a view to a file or a folder that is not there yet; memory does not grow with it.

        The caller moves it into place when it is whole.

        Raises:
            KgError: if the graph holds what the format has no way to say.
        """
