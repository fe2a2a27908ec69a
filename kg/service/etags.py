"""Floor 10: ETags of answers that follow from what was asked, known before any is made."""

import hashlib

import msgspec

from kg import __version__
from kg.service.messages import Job
from kg.service.pages.rendering import digest_of_looks


def etag_of(job: Job) -> str:
    """Return the ETag of the answer to a question to a generation, by this version of the pages.

    It is a weak one: some formats have parts whose order means nothing. A store elsewhere has no
    generations, and what it answers has no ETag.
    """
    if not job.generation:
        return ""
    made_by = f"{__version__}\n{digest_of_looks()}\n".encode()
    return f'W/"{hashlib.sha256(made_by + msgspec.msgpack.encode(job)).hexdigest()[:24]}"'
