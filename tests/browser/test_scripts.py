"""The parts of the scripts of pages that need no browser, by the test runner of Node.js."""

import shutil
import subprocess

from kg.resources import resource_path
from tests.browser.conftest import needed


def test_the_pure_parts_of_the_scripts() -> None:
    node = shutil.which("node")
    needed(node, "there is no Node.js on this machine")
    tests = sorted(map(str, resource_path("frontend", "test").glob("*.test.js")))
    assert tests
    ran = subprocess.run(
        [str(node), "--test", *tests], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stdout
