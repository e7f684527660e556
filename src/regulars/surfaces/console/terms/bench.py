"""A purchase tried on a draft and on the version in force, side by side; nothing is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from litestar import Response

from regulars.base.decimals import NotExact, units
from regulars.base.faults import Fault
from regulars.base.money import LARGEST, decimals
from regulars.engine.checking.admission import admit
from regulars.engine.checking.cases import Trial
from regulars.engine.compiling.asked import known_to_run
from regulars.engine.compiling.compile import compile_program
from regulars.engine.rewarding.plans import life
from regulars.flows.show_standing import show_standing
from regulars.flows.terms.keep_drafts import no_draft
from regulars.records.access.staff.permissions import Permission
from regulars.records.benefits.plans import read as plans
from regulars.records.members import read as members
from regulars.records.program.changes import read as drafts
from regulars.records.program.problems import ProgramFault
from regulars.records.program.reading import read_program
from regulars.records.program.types import Plan
from regulars.surfaces.console.form import plain_number
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.members import found_by
from regulars.surfaces.console.words import N

MOST_PIECES: Final = 999
_NOT_MONEY: Final = N("An amount is a number such as 7.80")
_NOT_PIECES: Final = N("Pieces are a whole number from 1 to 999")
_ILL: Final = N("The draft has slips; mend them first")
_NOBODY: Final = N("Nobody is a member by this; try the number on the card")


class Who(NamedTuple):
    """For whom it is tried: the step they stand on, what is known of them, which paid plans run;
    nobody, a newcomer."""

    tier: str | None = None
    attributes: Mapping[str, Any] = {}


class Sheet(NamedTuple):
    """What one version gives, as sentences; or why it could not be tried."""

    name: str
    says: list[str]
    wrong: str = ""


async def tried(here: Here, name: str) -> Response[str]:
    """What a purchase would earn by the draft and by what is promised now. Faults: NotFound."""
    async with here.transaction as tx:
        kept = await drafts.draft(tx, name)
    if kept is None:
        raise no_draft(name)
    typed = {
        one: here.query.get(one, "").strip()
        for one in ("amount", "category", "pieces", "member", "plan")
    }
    given, wrong = _basket(here, typed), ""
    who = await _who(here, typed["member"])
    if who is not None and typed["plan"]:
        who = Who(who.tier, {**who.attributes, **known_to_run([typed["plan"]])})
    if isinstance(given, str):
        wrong = given
    elif who is None:
        wrong = here.reader.say(_NOBODY)
    sheets: list[Sheet] = []
    if who is not None and not isinstance(given, str):
        now, then = here.reader.say("In force now"), here.reader.say("By the draft")
        sheets.append(_run(here, now, Trial(here.version.compiled), given, who))
        sheets.append(await _by_draft(here, then, kept.source, given, who))
    return here.page(
        "terms/tried.html",
        status=422 if wrong and typed["amount"] else 200,
        one=kept,
        typed=typed,
        wrong=wrong,
        sheets=sheets,
        plans=[(plan.id, plan.name) for plan in await _plans(here, kept.source)],
    )


async def _plans(here: Here, source: str) -> Sequence[Plan]:
    """The paid plans of a draft that can be read, else those in force."""
    if "plans:" not in source:
        return ()
    try:
        # Reading a large file takes longer than a page may hold up the till.
        program = await here.given.aside(read_program, source)
    except ProgramFault:
        program = here.version.program
    return program.plans


async def _by_draft(here: Here, name: str, source: str, given: Any, who: Any) -> Sheet:
    try:
        # Compiling a large program takes longer than a page may hold up the till.
        trial = await here.given.aside(_compiled, source)
    except ProgramFault:
        return Sheet(name, [], here.reader.say(_ILL))
    return _run(here, name, trial, given, who)


def _compiled(source: str) -> Trial:
    return Trial(compile_program(admit(source).program))


def _run(here: Here, name: str, trial: Trial, given: Any, who: Who) -> Sheet:
    steps = trial.program.tiers.steps if trial.program.tiers else ()
    tier = who.tier if any(step.id == who.tier for step in steps) else None
    try:
        found = trial.run(given, tier, who.attributes, here.voice)
    except Fault as fault:
        return Sheet(name, [], here.told(fault))
    return Sheet(name, found.trail)


def _basket(here: Here, typed: Mapping[str, str]) -> dict[str, Any] | str:
    """What was bought, as the rules take it; or what is wrong with what was typed."""
    say, currency = here.reader.say, here.version.program.currency
    try:
        minor = units(plain_number(typed["amount"], here.reader.separators), decimals(currency))
    except NotExact:
        return say(_NOT_MONEY)
    if not 0 <= minor <= LARGEST:
        return say(_NOT_MONEY)
    amount = {"minor": minor, "currency": currency}
    given: dict[str, Any] = {"kind": "purchase", "occurred_at": here.now.isoformat()}
    if not typed["category"]:
        return given | {"amount": amount}
    pieces = typed["pieces"] or "1"
    if not (re.fullmatch(r"[0-9]{1,9}", pieces) and 1 <= int(pieces) <= MOST_PIECES):
        return say(_NOT_PIECES)
    line = {
        "sku": "tried",
        "category": typed["category"],
        "quantity": int(pieces),
        "amount": amount,
    }
    return given | {"lines": [line]}


async def _who(here: Here, typed: str) -> Who | None:
    """For whom; nothing where somebody was named whom nobody knows."""
    if not typed:
        return Who()
    if not here.may(Permission.MEMBERS_READ):
        return None
    async with here.transaction as tx:
        id_ = await found_by(tx, here, typed)
    if id_ is None:
        return None

    async def stands(tx: Any, terms: Any) -> Who:
        one = (await members.members(tx, [id_]))[id_]
        standing = await show_standing(tx, terms, id_)
        paid, version = (await plans.of_members(tx, [id_])).get(id_, []), terms.at(tx.now)
        runs = known_to_run(p.plan for p in paid if life.runs(version, p, tx.now) == "yes")
        return Who(standing.tier.id if standing.tier else None, {**one.attributes, **runs})

    return await here.read(stands)
