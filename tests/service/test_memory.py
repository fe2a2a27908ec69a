"""The limit on a worker's memory, in a process that may be given one."""

import subprocess
import sys

import pytest

TAKE = """
import mmap
from kg.service.memory import beside_limit, limit_memory

def take(megabytes):
    held.append(mmap.mmap(-1, megabytes << 20))

held = []
limit_memory(100)
"""


@pytest.mark.parametrize(
    ("steps", "ends"),
    [
        ("take(60)", True),
        ("take(160)", False),
        ("with beside_limit():\n    take(300)\ntake(60)", True),
        ("with beside_limit():\n    take(300)\ntake(160)", False),
        # What is let go of in the block is not added to what may be taken.
        ("with beside_limit():\n    take(300)\n    held.clear()\ntake(160)", False),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process has")
def test_what_is_taken_beside_the_limit_is_not_counted(steps: str, ends: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TAKE + steps], capture_output=True, text=True, check=False
    )
    assert (done.returncode == 0) == ends, done.stderr
    assert ends or "Cannot allocate memory" in done.stderr
