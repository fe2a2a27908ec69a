"""The lexicon as the verbs open it: with a progress bar where it is compiled first."""

from contextlib import ExitStack

from kg.cli.progress import Tell, progress_bar
from kg.vocabulary.compiling import open_lexicon as open_compiled
from kg.vocabulary.lexicon import Lexicon


def open_lexicon() -> Lexicon:
    """Open the lexicon of the vocabularies that ship with the package.

    The bar is made when there is something to tell, so that a cached lexicon opens without one.
    """
    with ExitStack() as shown:
        bars: list[Tell] = []

        def tell(name: str, done: int, total: int) -> None:
            if not bars:
                bars.append(shown.enter_context(progress_bar()))
            bars[0](f"compiling names, once: {name}", done, total)

        return open_compiled(progress=tell)
