"""The program in force as sentences, what is planned after it, and every version as its file."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from litestar import Response

from regulars.base.faults import NotFound
from regulars.records.program import read as versions
from regulars.records.program.changes import read as drafts
from regulars.records.program.types import Program
from regulars.surfaces.console.here import Here
from regulars.surfaces.in_words.program import promises_in_words
from regulars.surfaces.in_words.rules import rule_in_words


async def program(here: Here, problem: str = "") -> Response[str]:
    """What is promised now, in sentences, and every version before and after."""
    async with here.transaction as tx:
        published = await versions.versions(tx)
        kept = await drafts.drafts(tx)
        gone = {one.version for one in await versions.withdrawals(tx)}
    version = here.version
    return here.page(
        "terms/program.html",
        status=409 if problem else 200,
        problem=problem,
        program=version.program,
        number=version.number,
        parts=_parts(here, version.program),
        published=sorted(published, key=lambda one: one.version, reverse=True),
        gone=gone,
        planned=_planned(here, published, gone),
        drafts=kept,
    )


async def version_file(here: Here, number: str) -> Response[str]:
    """One version as it was published. Faults: NotFound."""
    async with here.transaction as tx:
        published = {str(one.version): one for one in await versions.versions(tx)}
    if number not in published:
        raise NotFound("there is no such version; look at the list again")
    return here.page("terms/version.html", one=published[number])


def _planned(
    here: Here, published: Sequence[versions.Published], gone: Collection[int]
) -> list[versions.Published]:
    """Versions that begin later, but for those that another one stands in for."""
    last = {one.effective_from: one for one in published}
    coming = [one for start, one in sorted(last.items()) if start > here.now]
    return [
        one for one in coming if one.version not in gone and not _restores(one, published, gone)
    ]


def _restores(
    one: versions.Published, published: Sequence[versions.Published], gone: Collection[int]
) -> bool:
    """Whether it only stands where a version was taken back, and says what ruled before."""
    return any(
        each.version in gone and each.effective_from == one.effective_from for each in published
    )


def _parts(here: Here, program: Program) -> list[tuple[str, list[str]]]:
    """The sentences of a program under their headings."""
    voice, say = here.voice, here.reader.say
    rules = [rule_in_words(program, rule, voice, inside=True) for rule in program.rules]
    parts = [
        (say("How members earn"), rules),
        (say("What else is promised"), promises_in_words(program, voice)),
    ]
    return [(name, said) for name, said in parts if said]
