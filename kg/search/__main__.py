"""Floor 7: makes the index of a generation: `python -m kg.search GRAPH GENERATION SPARE`.

A process of its own, so that a server goes on answering; it gives way to others.
"""

import os
import signal
import sys
from pathlib import Path

from kg.errors import KgError
from kg.search.places import make_index, remove_spare
from kg.store import open_graph

_NICE = 10


def main() -> int:
    """Make the index; 1 if it cannot be made, which is told on stderr."""
    folder, generation, spare = sys.argv[1:]
    os.nice(_NICE)
    # Ctrl-C is for the server, which ends this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with open_graph(Path(folder), generation) as graph:
            make_index(graph, Path(spare))
        remove_spare(Path(folder), Path(spare))
    except (KgError, OSError) as error:
        print(f"kg: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
