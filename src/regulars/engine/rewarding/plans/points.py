"""Points that come with a paid term, and go again with what is refunded."""

from __future__ import annotations

from uuid import UUID

from msgspec.structs import replace

from regulars.base.decimals import units
from regulars.engine.deciding.expire import expire
from regulars.engine.rewarding.correcting import Amount, Why, give, take_back
from regulars.engine.rewarding.having import wallet_code
from regulars.engine.rewarding.plans.fees import units_back
from regulars.engine.rewarding.plans.life import Step
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Version
from regulars.records.benefits.plans.types import Membership, Turn, What

# `What` is here for the reference: it names the events that `membership.{what}` can be.
__all__ = ["What", "keep", "points_back", "points_of"]

Said = tuple[UUID | None, str, str, str, str, str]
"""The entry of its points, who told it and under which number, by whom and why, and the payment."""
NOTHING_SAID: Said = (None, "", "", "", "", "")


def points_of(
    changes: Changes, state: MemberState, version: Version, step: Step, first: bool
) -> tuple[Step, UUID | None]:
    """Book the points of a term that was just paid; the step with them, and their entry."""
    after = step.after
    plan = version.plans[after.plan]
    if plan.gives is None or after.in_trial or (first and plan.gives.on == "renewals"):
        return step, None
    name = plan.gives.wallet
    points = units(plan.gives.points, version.program.wallets[name].scale)
    amount = Amount(version, wallet_code(version, name), points)
    why = Why(changes.now or step.at, f"plan:{plan.id}", "points of a paid term")
    entry_id = give(changes, state, amount, why)
    gave = {"gave_entry": entry_id, "wallet": name, "units": points}
    return step._replace(after=replace(after, **gave)), entry_id


def points_back(
    changes: Changes, state: MemberState, version: Version, step: Step, term: tuple[Membership, int]
) -> tuple[Step, UUID | None]:
    """Take back the share of a term's points that goes with what was given back of its money.

    Shape: `term` is where it stood before this, and how many of its points lapsed by then.
    Keeps: what lapsed is not taken again from others; what was spent stays spent, or is owed where
    the wallet lets members owe.
    """
    one, lapsed = term
    plan = version.plans.get(one.plan)
    stays = plan is not None and plan.gives is not None and not plan.gives.claw_back
    if one.gave_entry is None or stays or one.wallet not in version.program.wallets:
        return step, None
    wanted = units_back(one, one.paid_minor + step.amount_minor)
    if step.after.gave_entry == one.gave_entry:
        step = step._replace(after=replace(step.after, units_back=one.units_back + wanted))
    code = wallet_code(version, one.wallet)
    now = changes.now or step.at
    expire(changes, state, now)
    now_lapsed = state.lapsed.get((one.gave_entry, code), 0)
    uncounted = max(lapsed + now_lapsed - one.units_back, 0) - now_lapsed
    why = Why(now, f"plan:{one.plan}", "points of a term that was refunded")
    amount = Amount(version, code, wanted)
    return step, take_back(changes, state, amount, (one.gave_entry, uncounted), why)


def keep(
    changes: Changes, state: MemberState, version: Version, step: Step, said: Said = NOTHING_SAID
) -> Turn:
    """What happened, as it is kept and told."""
    entry_id, source, external_id, actor, reason, payment = said
    turn = Turn(
        turn_id=changes.new_id(),
        what=step.what,
        at=step.at,
        version=version.number,
        after=step.after,
        amount_minor=step.amount_minor,
        entry_id=entry_id,
        source=source,
        external_id=external_id,
        actor=actor,
        reason=reason,
        payment=payment,
    )
    changes.touch(state)
    payload = {
        "membership_id": step.after.membership_id,
        "turn_id": turn.turn_id,
        "plan": step.after.plan,
        "state": step.after.state,
        "until_at": step.after.until_at,
    }
    event = Event(state.member_id, state.version, f"membership.{turn.what}", payload)
    changes.events.append(event)
    return turn
