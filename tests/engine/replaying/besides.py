"""What only some programs have, at random: points that wait, kept remainders, rests, refused
returns, milestones, a second measure and further ladders."""

from __future__ import annotations

from random import Random

from msgspec.structs import replace
from tests.engine.random_programs import CATEGORIES, SKUS

from regulars.records.activity.happening import Happening
from regulars.records.program import types as t
from regulars.records.program.parts.gaming import Deed, DeedMilestone, MilestoneStep

WAITS = (
    t.ForDuration("14 days"), t.ForDuration("30 hours"), t.UntilDate("2024-09-01"),
    t.UntilEvent("40 days"), t.UntilEvent("20 days"),
)  # fmt: skip


def with_besides(chance: Random, program: t.Program, before: t.Program) -> t.Program:
    """A program with some of it; `before` is what it was before it was made plain."""
    some = {
        name: chance.random() < 0.5
        for name in ("waits", "keeps", "rests", "stones", "more", "shares")
    }
    wallets = dict(program.wallets)
    for name, wallet in wallets.items():
        if some["waits"] and wallet.kind == "points" and chance.random() < 0.7:
            wallet = replace(wallet, pending=chance.choice(WAITS))  # noqa: PLW2901
        if some["keeps"]:
            rounding = before.wallets[name].rounding
            if chance.random() < 0.5:
                rounding = t.Rounding(scope="day", mode=rounding.mode, step=rounding.step)
            wallet = replace(wallet, rounding=rounding)  # noqa: PLW2901
        negative = (
            "never" if wallet.kind == "status" else chance.choice(("never", "debt", "refuse"))
        )
        wallets[name] = replace(wallet, negative=negative)
    rules = program.rules
    if some["rests"]:
        rests = (t.Cooldown(30, None), t.Cooldown(None, 3), t.Cooldown(None, 20), None)
        rules = tuple(replace(rule, cooldown=chance.choice(rests)) for rule in rules)
    program = replace(program, wallets=wallets, rules=rules)
    if some["shares"]:
        program = _sharing(chance, program)
    if some["stones"]:
        program = replace(program, milestones=_milestones(chance, program))
    return _climbing(chance, program) if some["more"] and program.tiers else program


def _sharing(chance: Random, program: t.Program) -> t.Program:
    """With a budget or two, and limits that all members share."""
    budgets = tuple(
        t.Budget(
            id=f"b{at}", wallet=chance.choice(list(program.wallets)),
            points=chance.randint(50, 900),
            per=chance.choice(("activity", "day", "week", "month", "year", "ever")),
            on_exceed=chance.choice(("clip", "reject")),
        )
        for at in range(chance.randint(0, 2))
    )  # fmt: skip
    rules = tuple(
        replace(rule, limits=(*rule.limits[:-1], replace(rule.limits[-1], of="everyone")))
        if rule.limits and rule.limits[-1].per != "activity" and chance.random() < 0.5
        else rule
        for rule in program.rules
    )
    return replace(program, budgets=budgets, rules=rules)


def _milestones(chance: Random, program: t.Program) -> tuple[DeedMilestone, ...]:
    there = [n for n, w in program.wallets.items() if w.pending is None and w.kind == "points"]
    return tuple(
        DeedMilestone(
            id=f"m{at}", name="M", wallet=wallet, counts=_deed(chance, program),
            measure=chance.choice(("deeds", "spend", "items")),
            per=chance.choice(("day", "month", "year", "ever")),
            steps=(
                _step(chance, 2, wallet, 30),
                _step(chance, 5, wallet, 99),
            ),
        )
        for at in range(chance.randint(1, 2))
        if there
        for wallet in [chance.choice((*there, None))]
    )  # fmt: skip


def _step(chance: Random, at: int, wallet: str | None, most: int) -> MilestoneStep:
    """A step that gives points, or a badge where there is no wallet for them."""
    again = chance.random() < 0.5
    if wallet is None:
        return MilestoneStep(at, badge="B", again=again)
    return MilestoneStep(at, chance.randint(1, most), again=again)


def _deed(chance: Random, program: t.Program) -> Deed:
    goods = chance.random() < 0.4
    return Deed(
        on="purchase",
        qualifying=chance.choice(list(program.qualifying)),
        categories=tuple(chance.sample(CATEGORIES[:3], 2)) if goods else (),
        skus=(SKUS[0],) if goods else (),
        amount=chance.choice((0, 0, 10)),
    )


def _climbing(chance: Random, program: t.Program) -> t.Program:
    """With a second measure, and a further ladder at which no rule looks."""
    tiers = program.tiers
    assert tiers is not None
    second = t.Measure(measure="activities", kinds=("visit", "review"))
    if tiers.measure == "activities":
        second = t.Measure(measure="spend", qualifying="standard")
    much = 3 if second.measure == "activities" else 400
    steps = tuple(
        replace(step, or_at=much * at if at and chance.random() < 0.8 else None)
        for at, step in enumerate(tiers.steps)
    )
    if all(step.or_at is None for step in steps):
        steps = (*steps[:-1], replace(steps[-1], or_at=much))
    return replace(program, tiers=replace(tiers, or_by=second, steps=steps))


def words(chance: Random, rows: list[Happening]) -> list[Happening]:
    """The rows, of which some activities are confirmed later, or cancelled, or both."""
    found = list(rows)
    for place, one in enumerate(rows):
        for _ in range(chance.choice((0, 0, 1, 2))):
            later = [each for each in rows[place:] if each.member_id == one.member_id]
            if one.what == "activity" and one.activity is not None:
                when = chance.choice(later).now
                found.append(
                    Happening(
                        what=chance.choice(("confirm", "confirm", "cancel")), now=when, at=when,
                        member_id=one.member_id, cause_id=one.activity.activity_id,
                    )
                )  # fmt: skip
    # Told as it happened, so that members take turns.
    return sorted(found, key=lambda one: one.now)
