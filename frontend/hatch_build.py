"""Builds the scripts of pages when a wheel is made, where Node.js is there.

Without it a wheel holds what was built before, or no scripts: pages are complete without them.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontendHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs npm before the files of a wheel are gathered; `make` does so for a checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build the scripts."""
        if version == "editable":
            return
        folder = Path(self.root, "frontend")
        npm = shutil.which("npm")
        if npm is None or not folder.is_dir():
            print("npm is not there: the scripts of pages are not built", file=sys.stderr)  # noqa: T201
            return
        for command in (("ci", "--silent"), ("run", "--silent", "build")):
            subprocess.run([npm, *command], cwd=folder, check=True)  # noqa: S603
