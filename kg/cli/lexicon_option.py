"""The lexicon as the verbs open it: with a progress bar where it is compiled first."""

from kg.cli.progress import progress_bar
from kg.vocabulary.compiling import open_lexicon as open_compiled
from kg.vocabulary.lexicon import Lexicon


def open_lexicon() -> Lexicon:
    """Open the lexicon of the vocabularies that ship with the package."""
    with progress_bar() as tell:
        return open_compiled(
            progress=lambda name, done, total: tell(f"compiling names, once: {name}", done, total)
        )
