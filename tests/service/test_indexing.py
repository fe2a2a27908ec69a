"""The server's first process begins what makes an index, and forks the processes that answer."""

import os
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from kg.service.indexing import Indexer
from tests.searching import write_library


# That the process has threads is what this is about.
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_nothing_is_forked_while_a_process_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()
    ended: list[float] = []

    class Slow(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            begun.set()
            time.sleep(0.3)
            super().__init__(*arguments, **options)
            ended.append(time.monotonic())

    monkeypatch.setattr(subprocess, "Popen", Slow)
    write_library(tmp_path / "library.kg", "a" * 12)
    indexer = Indexer(tmp_path / "library.kg", tmp_path / "spare")
    indexer.start()
    try:
        assert begun.wait(20)
        pid = os.fork()
        if not pid:
            os._exit(0)
        forked = time.monotonic()
        os.waitpid(pid, 0)
        assert ended
        assert ended[0] <= forked
    finally:
        indexer.stop()
