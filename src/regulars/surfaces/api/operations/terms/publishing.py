"""What publishing a file and publishing a draft have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from regulars.base.languages import LANGUAGES, language_of
from regulars.base.tx import Tx
from regulars.flows.terms.publish_program import Publication, Said, publish_program
from regulars.records.program.problems import Problem
from regulars.surfaces.api.call import Call, Reply
from regulars.surfaces.api.wire.parts import LanguageQuery
from regulars.surfaces.api.wire.terms.programs import ProblemFound, VersionPublished, problem_found
from regulars.surfaces.in_words.warned import in_words
from regulars.surfaces.ui.reader import Reader


async def publishes(
    call: Call, tx: Tx, source: str, start: datetime | None, accept: Sequence[str]
) -> Publication:
    """The file becomes the next version, from that instant on or from now, in the caller's name."""
    return await publish_program(
        tx,
        source,
        effective_from=start,
        by=call.caller.principal,
        said=Said(call.key, tuple(accept)),
        aside=call.given.aside,
    )


def problems_told(call: Call, problems: Iterable[Problem]) -> list[ProblemFound]:
    """What was found in a program file; what it is warned of in the language that is asked for."""
    query: LanguageQuery = call.query
    asked = language_of(query.language or "en")
    reader = Reader(asked if asked in LANGUAGES else "en")
    return [problem_found(in_words(reader, one)) for one in problems]


def published(call: Call, done: Publication) -> Reply:
    """The answer to it; whoever serves this program learns of its new terms.

    Order: after the transaction, so that nobody reads the terms before they are there.
    """
    call.given.programs.forget(call.caller.program_id)
    warnings = problems_told(call, done.warnings)
    body = VersionPublished(done.version, done.effective_from, done.fresh, warnings)
    where = f"/v1/programs/versions/{done.version}"
    return Reply(body, 201 if done.fresh else 200, replayed=done.replayed, location=where)
