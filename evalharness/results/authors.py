"""run, author -> the same run with that author's attempts only."""

from __future__ import annotations

import msgspec

from evalharness.errors import UnknownName
from evalharness.model.run import Run


def of_author(run: Run, author: str) -> Run:
    """Return the run with the attempts of one author; raises `UnknownName` where there are none of that name."""
    attempts = tuple(attempt for attempt in run.attempts if attempt.author == author)
    if not attempts:
        raise UnknownName("author", author, {attempt.author for attempt in run.attempts})
    keys = {attempt.key for attempt in attempts}
    grades = tuple(grade for grade in run.grades if grade.case in keys)
    of = max(run.meta.of, len(run.attempts))
    meta = msgspec.structs.replace(run.meta, asked=(*run.meta.asked, f"--author {author}"), of=of)
    return msgspec.structs.replace(run, meta=meta, attempts=attempts, grades=grades)
