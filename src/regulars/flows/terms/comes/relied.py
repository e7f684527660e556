"""What members have of a program that a further version would take or make another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.engine.calendar import day_starts_at
from regulars.engine.changing.comparing import Difference
from regulars.engine.changing.differences import differences
from regulars.engine.changing.owned.asking import Held, answers, questions, refuses
from regulars.engine.changing.owned.worth import lessened
from regulars.engine.changing.prices import devalued
from regulars.flows.terms.comes.touched import how_many
from regulars.records.ledger.totals import read as totals
from regulars.records.program import read
from regulars.records.program.changes.decided.read import Place, anything, booked_since
from regulars.records.program.problems import Finding
from regulars.records.program.read import Published
from regulars.records.program.reading import read_program
from regulars.records.program.types import Program


class AtStake(NamedTuple):
    """What a change is refused for as soon as anybody has it: wallets, plans, and all money."""

    wallets: frozenset[str]
    plans: frozenset[str]
    money: bool


async def relied(
    tx: Tx, old: Program, new: Program, start: datetime | None = None
) -> list[Finding]:
    """What is refused of a version that follows from an instant on (now, unless said), and what its
    author has to say that it is meant: each with how many members have what it would take, as they
    stand now.

    Keeps: of a day to come nobody knows what they have by then, so what is refused where anybody
    has it is refused.
    Order: a version that takes nothing costs no question to the database.
    """
    every = differences(old, new)
    changes = [*questions(every), *await _come_back(tx, new, every)]
    if not changes:
        return []
    held = await _held(tx, (old, new), changes)
    if start is not None and start > tx.now:
        held = held._replace(later=True, sold=frozenset(_sold(old, tx.now)))
    return [*answers((old, new), changes, held)]


async def _come_back(tx: Tx, new: Program, changes: Sequence[Difference]) -> list[Difference]:
    """What wallets that are there again would be made of: they have the numbers of then, and what
    was booked of them is theirs."""
    codes = await read.codes(tx) if any(one.kind == "wallet_added" for one in changes) else {}
    again = {one.what for one in changes if one.kind == "wallet_added"}
    again = {name for name in again if ("wallet", name) in codes}
    found: list[Difference] = []
    for one in reversed(await read.versions(tx) if again else []):
        then = read_program(one.source)
        there = again & {*then.wallets}
        if there:
            others = [each for each in differences(then, new) if each.what in there]
            found += [each for each in others if each.kind in ("wallet_scale", "wallet_kind")]
            again -= there
        if not again:
            break
    return found


async def _nobodys(tx: Tx, old: Program, new: Program, start: datetime) -> list[str]:
    """Wallets of which nobody has anything as a version begins; of a day to come nobody knows."""
    less = {one.wallet for one in lessened(old, new)}
    if start > tx.now or not less:
        return []
    codes = await read.codes(tx)
    held = await totals.holders(tx, [codes["wallet", name] for name in sorted(less)])
    return [name for name in sorted(less) if codes["wallet", name] not in held]


def _day_of(program: Program, start: datetime) -> str:
    """The day in the shop on which a version begins, as a file would say it."""
    return f"{start.astimezone(ZoneInfo(program.zone)):%Y-%m-%d}"


async def worth_less(tx: Tx, old: Program, new: Program, start: datetime) -> list[Finding]:
    """What is asked since points that anybody has, or may have by then, buy or pay less."""
    nothing = await _nobodys(tx, old, new, start)
    return [*devalued(old, new, _day_of(new, start), nothing)]


async def before_next(
    tx: Tx, new: Program, following: Published | None, start: datetime
) -> list[Finding]:
    """What is refused since the version that follows on it, published before, would take what
    members come to have by it.

    Example: February's file knows no stamps, and one for January brings them.
    """
    if following is None or following.effective_from <= tx.now:
        return []
    changes = questions(differences(new, read_program(following.source)))
    held = Held(later=True, sold=frozenset(_sold(new, start)))
    found = answers((new, read_program(following.source)), changes, held)
    day = f"{following.effective_from.astimezone(ZoneInfo(new.zone)):%Y-%m-%d %H:%M}"
    return [
        replace(
            one,
            path=(),
            says=f"from {day} on version {following.version} rules: {one.says}",
            mend="publish what is to rule from then on first, with this in it; or take that "
            "version back",
        )
        for one in found
        if one.severity == "error"
    ]


def at_stake(old: Program, new: Program) -> AtStake:
    """What would be gone or another where anybody had something of it."""
    changes = [one for one in questions(differences(old, new)) if refuses(one)]
    return AtStake(
        wallets=frozenset(one.what for one in changes if one.kind.startswith("wallet_")),
        plans=frozenset(one.what for one in changes if one.kind == "plan_gone"),
        money=any(one.kind == "currency" for one in changes),
    )


async def nothing_since(tx: Tx, stakes: AtStake, place: Place) -> dict[str, int]:
    """How much came to be of what would be gone or another, since somebody looked; by indexes, for
    everybody waits meanwhile."""
    codes = await read.codes(tx)
    wallets = [codes["wallet", name] for name in stakes.wallets if ("wallet", name) in codes]
    found = await booked_since(tx, wallets, sorted(stakes.plans), place)
    return found | {"money": int(stakes.money and await anything(tx))}


def _sold(program: Program, at: datetime) -> Iterator[str]:
    """The plans that can be begun at an instant or after it."""
    for plan in program.plans:
        if plan.until_on is None or at < day_starts_at(
            ZoneInfo(program.zone), date.fromisoformat(plan.until_on).toordinal()
        ):
            yield plan.id


async def _held(tx: Tx, both: tuple[Program, Program], changes: Sequence[Difference]) -> Held:
    names = {one.what for one in changes if one.kind.startswith("wallet_")}
    codes = await read.codes(tx)
    known = {codes["wallet", name]: name for name in sorted(names) if ("wallet", name) in codes}
    had = await totals.had(tx, list(known))
    return Held(
        anything=any(one.kind == "currency" for one in changes) and await anything(tx),
        wallets={known[code]: members for code, (members, _) in had.items()},
        ever=frozenset(known[code] for code, (_, ever) in had.items() if ever),
        touched=await how_many(tx, both, [one.whom for one in changes]),
    )
