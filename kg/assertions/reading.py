"""Floor 6: sentence by sentence, what a text says of its mentions.

A stage of the build: annotated publications in, the same with evidence out.
"""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from kg.model import AnnotatedPublication, Evidence, Mention
from kg.resources import resource_path


class AssertionReader:
    """Reads what sentences state of the entities that they mention."""

    @property
    def table_sha256(self) -> str:
        """The sha256 of the table of triggers that the rules work by; of no bytes without one.

        With the version of the software, it tells all that the evidence read from a text depends
        on.
        """
        table = resource_path("data", "assertions", "triggers.tsv")
        return sha256(table.read_bytes() if table.is_file() else b"").hexdigest()

    def read_sentence(
        self, text: str, mentions: Sequence[Mention], offset: int = 0
    ) -> tuple[Evidence, ...]:
        """Return what a sentence says; `offset` is where it starts in the text that mentions count.

        The mentions are in order and do not overlap.
        """
        del text, mentions, offset
        return ()

    def read_publication(self, annotated: AnnotatedPublication) -> AnnotatedPublication:
        """Return a publication with the evidence that its sentences give."""
        sentences = tuple(
            replace(one, evidence=evidence)
            if (evidence := self.read_sentence(one.text, one.mentions, one.sentence.start))
            else one
            for one in annotated.sentences
        )
        return replace(annotated, sentences=sentences)
