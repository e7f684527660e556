"""Two versions side by side: which promise gets better or worse, and for whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from msgspec.structs import fields

from regulars.engine.changing import rewards
from regulars.engine.changing.comparing import (
    EVERYBODY,
    Difference,
    Of,
    Turn,
    Whom,
    paired,
    text_of,
    turn_of,
)
from regulars.engine.changing.had import LADDER, ONCE, STEP
from regulars.engine.changing.promised import (
    WALLET,
    award,
    bound,
    qualifying,
    rule_turns,
    stacking,
)
from regulars.engine.changing.turning import asked, turned
from regulars.records.program.parts.measuring import as_tiers
from regulars.records.program.types import (
    All,
    Changeover,
    Condition,
    Ladder,
    PlanIs,
    Program,
    Rule,
    TierIs,
    Tiers,
    Wallet,
)


def differences(before: Program, after: Program) -> list[Difference]:
    """Everything a member could notice, promise by promise; texts and examples left out."""
    return [
        *_wallets(before, after),
        *_rules(before, after),
        *_stacking(before, after),
        *_ladder(before, after),
        *_further(before, after),
        *rewards.rewards(before, after),
        *rewards.benefits(before, after),
        *rewards.plans(before, after),
        *rewards.games(before, after),
        *_others(before, after),
    ]


# --- earning ------------------------------------------------------------------------------------


def _rules(before: Program, after: Program) -> Iterator[Difference]:
    ones, others = ({rule.id: rule for rule in p.rules} for p in (before, after))
    for id_, old, new in paired(ones, others):
        path = f"rules.{id_}"
        if old is None and new is not None:
            whom = _whose(new)
            yield Difference("rule_added", path, id_, "", _award(new), "better", whom)
        elif new is None and old is not None:
            whom = _whose(old)
            yield Difference("rule_gone", path, id_, _award(old), "", "worse", whom)
        elif old is not None and new is not None:
            yield from _rule((before, after), path, old, new)


def _rule(both: tuple[Program, Program], path: str, old: Rule, new: Rule) -> Iterator[Difference]:
    turns = rule_turns(both, old, new)
    whom = _whose(new) if _whose(old) == _whose(new) else _everybody(new.wallet)
    if old.award != new.award:
        turn = turned({"award": award}, "award", (old.award, new.award))
        was, is_ = _award(old), _award(new)
        yield Difference("rule_gives", f"{path}.award", old.id, was, is_, turn, whom)
    for name in (
        "on", "wallet", "when", "from_on", "until_on", "limits", "needs_base", "expiry", "ends_on",
        "group", "priority", "cooldown",
    ):  # fmt: skip
        was, is_ = getattr(old, name), getattr(new, name)
        if was != is_:
            turn = turned(turns, name, (was, is_))
            where = f"{path}.{name}"
            yield Difference(f"rule_{name}", where, old.id, text_of(was), text_of(is_), turn, whom)


def _award(rule: Rule) -> str:
    return text_of(rule.award)


def _whose(rule: Rule) -> Whom:
    """Whom a rule is for: members of a paid plan or of a tier where it asks for one, else whoever
    collects."""
    return _needed(rule.when) or _everybody(rule.wallet)


def _needed(condition: Condition | None) -> Whom | None:
    """Those of a plan or a tier without which a condition never holds; a plan before a tier."""
    if isinstance(condition, PlanIs):
        return Whom("on_plan", condition.runs)
    if isinstance(condition, TierIs):
        return Whom("tier_and_above", condition.at_least)
    parts = condition.of if isinstance(condition, All) else ()
    asked = [whom for part in parts if (whom := _needed(part)) is not None]
    return next((whom for whom in asked if whom.of == "on_plan"), asked[0] if asked else None)


def _everybody(wallet: str) -> Whom:
    return Whom("who_collects", wallet)


def _stacking(before: Program, after: Program) -> Iterator[Difference]:
    if before.stacking != after.stacking:
        was, is_ = text_of(before.stacking), text_of(after.stacking)
        turn = turned({"": stacking}, "", (before.stacking, after.stacking))
        yield Difference("stacking", "stacking", "", was, is_, turn, EVERYBODY)
    ones, others = ({b.id: b for b in p.budgets} for p in (before, after))
    for id_, old, new in paired(ones, others):
        if old == new:
            continue
        was, is_ = ("" if one is None else text_of(one) for one in (old, new))
        whom = _everybody((new or old or others[id_]).wallet)
        turn = turned({"": asked(bound)}, "", (old, new))
        yield Difference("budget", f"budgets.{id_}", id_, was, is_, turn, whom)
    for name, one, other in paired(before.qualifying, after.qualifying):
        if one != other:
            was, is_ = ("" if q is None else text_of(q) for q in (one, other))
            where = f"qualifying.{name}"
            turn = turned({"": qualifying}, "", (one, other))
            yield Difference("qualifying", where, name, was, is_, turn, EVERYBODY)


# --- wallets ------------------------------------------------------------------------------------


def _wallets(before: Program, after: Program) -> Iterator[Difference]:
    for name, old, new in paired(before.wallets, after.wallets):
        path, whom = f"wallets.{name}", Whom("who_has", name)
        if old is None:
            yield Difference("wallet_added", path, name, "", name, "better", whom)
        elif new is None:
            yield Difference("wallet_gone", path, name, name, "", "worse", whom)
        else:
            yield from _wallet(path, name, (old, new))


def _wallet(path: str, name: str, both: tuple[Wallet, Wallet]) -> Iterator[Difference]:
    old, new = both
    for field in fields(Wallet):
        was, is_ = getattr(old, field.name), getattr(new, field.name)
        if was == is_ or field.name in ("name", "one", "forms"):
            continue
        turn = turned(WALLET, field.name, (was, is_))
        holds: Of = "who_has" if field.name in _HELD else "who_earns"
        where, whom = f"{path}.{field.name}", Whom(holds, name)
        yield Difference(
            f"wallet_{field.name}", where, name, text_of(was), text_of(is_), turn, whom
        )


_HELD = frozenset(
    {"scale", "kind", "inactivity", "notice", "transfers", "spends", "write_off_after"}
)
"""What is not frozen with points as they are earned: it holds for all that somebody has."""


# --- tiers --------------------------------------------------------------------------------------


_NO_LADDER: tuple[str, Turn] = ("ladder_gone", "worse")
_A_LADDER: tuple[str, Turn] = ("ladder_added", "better")


def _ladder(before: Program, after: Program) -> Iterator[Difference]:
    old, new = before.tiers, after.tiers
    if old is None or new is None:
        if old != new:
            there = new or old
            text = ", ".join(step.id for step in there.steps) if there is not None else ""
            kind, turn = _NO_LADDER if new is None else _A_LADDER
            whom = EVERYBODY if old is None else Whom("on_a_tier")
            yield Difference(kind, "tiers", "", text, "", turn, whom)
        return
    yield from _compared("", (old, new), after.changeover)


def _compared(name: str, both: tuple[Tiers, Tiers], plan: Changeover) -> Iterator[Difference]:
    """What differs between two forms of the tiers, or of a further ladder of this name."""
    old, new = both
    path, whom = (f"ladders.{name}", Whom("on_ladder", name)) if name else ("tiers", EVERYBODY)
    yield from _steps(path, old, new, plan)
    for field in fields(Tiers):
        was, is_ = getattr(old, field.name), getattr(new, field.name)
        if field.name != "steps" and was != is_:
            turn = turned(LADDER, field.name, (was, is_))
            where = f"{path}.{field.name}"
            kind = f"{'further' if name else 'tiers'}_{field.name}"
            yield Difference(kind, where, name, text_of(was), text_of(is_), turn, whom)


def _further(before: Program, after: Program) -> Iterator[Difference]:
    for name, old, new in paired(before.ladders, after.ladders):
        where, whom = f"ladders.{name}", Whom("on_ladder", name)
        was, is_ = (_named(one) if one is not None else "" for one in (old, new))
        if old is None:
            yield Difference("further_added", where, name, "", is_, "better", EVERYBODY)
        elif new is None:
            yield Difference("further_gone", where, name, was, "", "worse", whom)
        else:
            yield from _compared(name, (as_tiers(old), as_tiers(new)), new.changeover)
            if old.changeover != new.changeover:
                said = text_of(old.changeover), text_of(new.changeover)
                plan = f"{where}.changeover"
                yield Difference("further_changeover", plan, name, *said, "other", whom)


def _named(ladder: Ladder) -> str:
    return ", ".join(step.id for step in ladder.steps)


def _steps(ladder: str, old: Tiers, new: Tiers, plan: Changeover) -> Iterator[Difference]:
    ones, others = ({step.id: step for step in tiers.steps} for tiers in (old, new))
    counted = (old.measure, old.wallet, old.qualifying) == (new.measure, new.wallet, new.qualifying)
    for id_, was, is_ in paired(ones, others):
        path, whom = f"{ladder}.steps.{id_}", Whom("on_tier", id_)
        aiming = Whom("tier_and_aiming", id_)
        if was is None and is_ is not None:
            yield Difference("tier_added", path, id_, "", text_of(is_.at), "other", EVERYBODY)
        elif is_ is None and was is not None:
            goes_to = plan.removed.get(id_, "")
            yield Difference("tier_gone", path, id_, text_of(was.at), goes_to, "worse", whom)
        elif was is not None and is_ is not None:
            if was.at != is_.at:
                turn: Turn = "other"
                if counted:
                    turn = turn_of(Fraction(str(is_.at)), Fraction(str(was.at)))
                at = (text_of(was.at), text_of(is_.at))
                yield Difference("tier_at", f"{path}.at", id_, *at, turn, aiming)
            if was.or_at != is_.or_at:
                asks = (text_of(was.or_at), text_of(is_.or_at))
                turn = _or_turn(was.or_at, is_.or_at, counted=old.or_by == new.or_by)
                where = f"{path}.or_at"
                yield Difference("tier_or_at", where, id_, *asks, turn, aiming)
            for name in ("for_life_at", "by"):
                both = getattr(was, name), getattr(is_, name)
                if both[0] != both[1]:
                    turn = turned(STEP, name, both) if counted else "other"
                    said = text_of(both[0]), text_of(both[1])
                    yield Difference(f"tier_{name}", f"{path}.{name}", id_, *said, turn, aiming)
            yield from _perks(path, id_, (was.perks, is_.perks))


def _or_turn(was: str | int | None, is_: str | int | None, *, counted: bool) -> Turn:
    """A second way to a step is better than none, and the shorter the better."""
    if was is None or is_ is None:
        return "better" if was is None else "worse"
    return turn_of(Fraction(str(is_)), Fraction(str(was))) if counted else "other"


def _perks(path: str, id_: str, both: tuple[Sequence[str], Sequence[str]]) -> Iterator[Difference]:
    old, new = both
    whom = Whom("tier_and_above", id_)
    for perk in (one for one in old if one not in new):
        yield Difference("perk_gone", f"{path}.perks", id_, perk, "", "worse", whom)
    for perk in (one for one in new if one not in old):
        yield Difference("perk_added", f"{path}.perks", id_, "", perk, "better", whom)


def _others(before: Program, after: Program) -> Iterator[Difference]:
    names = (
        "currency", "zone", "blocked", "household", "referral", "advocacy", "changeover", "join",
        "paying", "paying_out", "currencies", "spending_proof",
    )  # fmt: skip
    for name in names:
        was, is_ = getattr(before, name), getattr(after, name)
        if was != is_:
            whom, turn = (
                _concerned(name, was if is_ is None else is_),
                turned(ONCE, name, (was, is_)),
            )
            yield Difference(name, name, "", text_of(was), text_of(is_), turn, whom)


_OF: Mapping[str, Whom] = {
    "blocked": Whom("blocked"),
    "household": Whom("in_household"),
    "referral": Whom("who_invites"),
    "join": Whom("who_joins"),
}


def _concerned(name: str, said: Any) -> Whom:
    """Whom a part of the program is about that has no members of its own by name."""
    if name in ("paying", "paying_out"):
        return Whom("who_has", said.wallet)
    return _OF.get(name, EVERYBODY)
