"""Programs: what is promised, which versions there were, and publishing a further one."""

from __future__ import annotations

import re

from regulars.base.faults import NotFound
from regulars.engine.checking.admission import admit
from regulars.records.access.types import Scope
from regulars.records.program import read
from regulars.records.program.problems import ProgramFault
from regulars.records.program.translations import in_language
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import every_day as examples
from regulars.surfaces.api.operations.terms.publishing import problems_told, published, publishes
from regulars.surfaces.api.strict.cursors import Step, cursor_of, place_of
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import LanguageQuery, PageQuery, instant_of
from regulars.surfaces.api.wire.terms.programs import (
    CheckSent,
    ProgramChecked,
    ProgramShown,
    RuleTerms,
    VersionPublished,
    VersionSent,
    VersionsPage,
    VersionText,
    program_shown,
    version_shown,
)
from regulars.surfaces.in_words.program import promises_in_words
from regulars.surfaces.in_words.rules import rule_in_words
from regulars.surfaces.languages.voices import voice_for

_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


async def current(call: Call) -> Reply:
    """The version that decides now."""
    version = (await call.terms()).at(call.now)
    query: LanguageQuery = call.query
    language = query.language or version.program.locale
    program, voice = in_language(version.program, language), voice_for(language)
    rules = [
        RuleTerms(rule.id, rule.on, rule.wallet, rule_in_words(program, rule, voice))
        for rule in program.rules
    ]
    return Reply(program_shown(version, program, rules, promises_in_words(program, voice)))


async def versions(call: Call) -> Reply:
    """Published versions, newest first."""
    query: PageQuery = call.query
    place = place_of(query.cursor, tuple[Step])
    before = None if place is None else place[0]
    async with call.transaction as tx:
        kept = await read.versions(tx)
    older = [one for one in reversed(kept) if before is None or one.version < before]
    page, more = older[: query.limit], len(older) > query.limit
    cursor = cursor_of((page[-1].version,)) if more else None
    return Reply(VersionsPage([version_shown(one) for one in page], more, cursor))


async def version_text(call: Call) -> Reply:
    """One version with its file."""
    said = call.ids["version"]
    async with call.transaction as tx:
        kept = await read.versions(tx)
    number = int(said) if _NUMBER.fullmatch(said) else 0
    found = next((one for one in kept if one.version == number), None)
    if found is None:
        raise NotFound("there is no such version of this program; list them to find it")
    shown = version_shown(found)
    return Reply(
        VersionText(
            shown.version,
            shown.effective_from,
            shown.published_at,
            shown.published_by,
            found.source,
        )
    )


async def check(call: Call) -> Reply:
    """Whether a program file may be published."""
    sent: CheckSent = call.sent
    try:
        problems = (await call.given.aside(admit, sent.source)).warnings
        ok = True
    except ProgramFault as fault:
        problems, ok = fault.problems, False
    return Reply(ProgramChecked(ok, problems_told(call, problems)))


async def publish(call: Call) -> Reply:
    """A program file becomes the next version."""
    sent: VersionSent = call.sent
    start = instant_of(sent.effective_from, "/effective_from")
    async with call.transaction as tx:
        done = await publishes(call, tx, sent.source, start, sent.accept)
    return published(call, done)


_READ = (Scope.PROGRAMS_READ, Scope.PROGRAMS_WRITE)

OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/programs/current",
        name="get_program",
        tag="Programs",
        says="The program in force, its rules in words",
        scopes=_READ,
        query=LanguageQuery,
        answers={200: ProgramShown},
        answer_example=examples.PROGRAM,
        do=current,
    ),
    Operation(
        method="GET",
        path="/v1/programs/versions",
        name="list_versions",
        tag="Programs",
        says="Published versions, newest first",
        scopes=_READ,
        query=PageQuery,
        answers={200: VersionsPage},
        answer_example={"items": [examples.VERSION], "has_more": False, "next_cursor": None},
        codes=("bad_cursor",),
        do=versions,
    ),
    Operation(
        method="GET",
        path="/v1/programs/versions/{version}",
        name="get_version",
        tag="Programs",
        says="One version with its file, word for word",
        scopes=_READ,
        answers={200: VersionText},
        answer_example=examples.VERSION | {"source": examples.SOURCE},
        do=version_text,
    ),
    Operation(
        method="POST",
        path="/v1/programs/versions",
        name="publish_version",
        tag="Programs",
        says="Publish a program file as the next version",
        notes="It decides from `effective_from` on, or at once. 200 when the newest version says "
        "the same already; with an earlier `effective_from` it is published anew and decides from "
        "then on, with a later one it is refused. Problems come with line and column.",
        scopes=(Scope.PROGRAMS_WRITE,),
        query=LanguageQuery,
        sent=VersionSent,
        answers={201: VersionPublished, 200: VersionPublished},
        example={"source": examples.SOURCE},
        answer_example=examples.PUBLISHED,
        codes=("bad_program", "already_published", "warnings_open"),
        do=publish,
    ),
    Operation(
        method="POST",
        path="/v1/programs/check",
        name="check_program",
        once=Once.LOOKS,
        tag="Programs",
        says="Look at a program file without publishing it",
        notes="Warnings and their mends come in the `language` asked for; what is wrong with a "
        "file is said in English, like the words of the file.",
        scopes=_READ,
        query=LanguageQuery,
        sent=CheckSent,
        answers={200: ProgramChecked},
        example={"source": examples.SOURCE},
        answer_example={"ok": True, "problems": []},
        do=check,
    ),
)
