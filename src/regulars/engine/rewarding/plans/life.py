"""The life of a membership: what was told about it, and what the clock brings about.

Whoever takes the money tells of each payment. Nothing here waits for a job: whatever is asked
first sees what is over by then.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from msgspec.structs import replace

from regulars.base.faults import Refused
from regulars.engine.calendar import add_span
from regulars.engine.rewarding.plans.fees import (
    MONTHS,
    change_minor,
    due_minor,
    fee_of,
    sold,
    takes_over,
)
from regulars.engine.rewarding.plans.refusing import (
    ended,
    no_trial,
    not_running,
    not_sold,
    unknown_plan,
)
from regulars.engine.terms import Version
from regulars.records.benefits.plans.types import Membership, What
from regulars.records.program.types import Plan

Refusal = Literal[
    "unknown_plan", "has_plan", "trial_taken", "no_trial", "membership_over", "plan_ended",
    "not_running", "paid_ahead", "other_amount", "no_pauses", "same_plan", "more_than_paid",
]  # fmt: skip
"""Every way a word about a membership can be refused."""


NO_POINTS: Final[dict[str, Any]] = {
    "gave_entry": None, "wallet": "", "units": 0, "units_back": 0
}  # fmt: skip


class Step(NamedTuple):
    """What happened to a membership, when, and where it stands since."""

    what: What
    at: datetime
    after: Membership
    amount_minor: int = 0


def begin(
    version: Version, one: Membership, plan: Plan, told: int | None, reason: str
) -> Step | Refused:
    """A membership begins with its trial, or with its first term when so much was paid.

    Shape: `one` says who and from when; nothing was told of a payment for a trial.
    Refuses: `no_trial`, `other_amount`.
    """
    now, fee = one.from_at, fee_of(version, plan)
    if one.in_trial:
        if plan.trial is None:
            return no_trial()
        ends = add_span(version.zone, now, plan.trial)
        return Step("started", now, replace(one, until_at=ends, anchor_at=ends, fee_minor=fee))
    no = _other(told, fee, reason)
    if no is not None:
        return no
    paid = fee if told is None else told
    ends = _end(version, plan, now, 1)
    after = replace(
        one, state="active", terms=1, until_at=ends, fee_minor=fee, gross_minor=paid,
        paid_minor=paid, off_minor=fee - paid,
    )  # fmt: skip
    return Step("started", now, after, paid)


def passed(version: Version, one: Membership, now: datetime) -> Iterator[Step]:
    """What the clock brought about until now: trials, terms, graces and pauses that are over.

    Keeps: done again, nothing is left to do.
    """
    while one.next_look is not None and one.next_look <= now:
        step = _over(version, one)
        yield step
        one = step.after


def runs(version: Version, one: Membership, now: datetime) -> str:
    """Whether its benefits can be used at this instant: `yes`, `frozen` or `no`."""
    for step in passed(version, one, now):
        one = step.after
    if one.state == "paused":
        return "frozen"
    if one.state == "past_due":
        plan = version.plans.get(one.plan)
        return "frozen" if plan is None or plan.meanwhile == "frozen" else "yes"
    return "no" if one.state == "ended" else "yes"


def pay(
    version: Version, one: Membership, told: int | None, reason: str, now: datetime
) -> Step | Refused:
    """A term was paid: it begins where the one before ended, however late within the grace.

    Refuses: `membership_over`, `not_running` (paused or cancelled), `paid_ahead`, `plan_ended`,
    `other_amount` than is due, without a reason.
    """
    no = next(_not_payable(one, now), None)
    due = due_minor(version, one)
    if no is not None:
        return no
    if due is None:
        return not_sold()
    no = _other(told, due, reason)
    if no is not None:
        return no
    plan = version.plans[one.next_plan or one.plan]
    fresh = one.in_trial or bool(one.next_plan)
    anchor, terms = (one.until_at, 1) if fresh else (one.anchor_at, one.terms + 1)
    paid = due if told is None else told
    taken_over = bool(one.next_plan) or takes_over(version, one, plan)
    after = replace(
        one,
        step=one.step + 1, plan=plan.id, next_plan="", state="active", anchor_at=anchor,
        terms=terms, from_at=one.until_at, until_at=_end(version, plan, anchor, terms),
        since_at=one.until_at, wait_until=None, in_trial=False, fee_minor=due,
        told_minor=None if taken_over else one.told_minor,
        told_at=None if taken_over else one.told_at, next_minor=None,
        gross_minor=paid, paid_minor=paid, returned_minor=0, off_minor=due - paid, **NO_POINTS,
    )  # fmt: skip
    return Step("paid", now, after, paid)


def fail(one: Membership, now: datetime) -> Step | Refused:
    """A payment failed: it is noted; what follows from it follows from the clock."""
    if one.state == "ended":
        return ended()
    return Step("failed", now, replace(one, step=one.step + 1))


def refund(
    one: Membership, told: int | None, now: datetime, before: Membership | None = None
) -> Step | Refused:
    """Money was given back; with the last of it a membership that still runs ends.

    Shape: `before` is where it stood before its last payment.
    Keeps: a term that was paid ahead takes nothing along: the one that runs goes on.
    Refuses: `more_than_paid`.
    """
    back = one.paid_minor if told is None else told
    if not 0 < back <= one.paid_minor:
        facts = {"paid_minor": one.paid_minor}
        return Refused("more_than_paid", f"only {one.paid_minor} was paid for this term", facts)
    after = replace(
        one, step=one.step + 1, paid_minor=one.paid_minor - back,
        returned_minor=one.returned_minor + back,
    )  # fmt: skip
    if not after.paid_minor and before is not None and one.from_at > now:
        after = _as_before(one, before)
    elif not after.paid_minor:
        after = replace(after, state="ended", wait_until=None, paused_at=None)
    return Step("refunded", now, after, -back)


def refund_of(
    one: Membership, paid_for: Membership, told: int | None, now: datetime
) -> Step | Refused:
    """Money of a term that is over was given back; the term that runs stays as it is.

    Shape: `paid_for` is how that term ended, with what is left of its money now.
    Refuses: `more_than_paid`.
    """
    step = refund(paid_for, told, now)
    if isinstance(step, Refused):
        return step
    return step._replace(after=replace(one, step=one.step + 1))


def _as_before(one: Membership, before: Membership) -> Membership:
    """The term that runs, as it stood before the next one was paid.

    Keeps: a pause since then, and the plan that was chosen since, for what it cost then.
    """
    state = before.state if one.state == "active" else one.state
    after = replace(
        before, step=one.step + 1, state=state, wait_until=one.wait_until, paused_at=one.paused_at
    )
    if one.next_plan:
        other = one.next_plan != before.plan
        minor = one.next_minor if other else None
        after = replace(after, next_plan=one.next_plan if other else "", next_minor=minor)
    moved = one.from_at - before.until_at
    if not moved:
        return after
    ends = before.until_at + moved
    return replace(after, from_at=before.from_at + moved, until_at=ends, anchor_at=ends, terms=0)


def cancel(one: Membership, when: str, now: datetime) -> Step | Refused:
    """No further term: it ends with the one that runs, or now; one that waits for money ends now.

    Keeps: what was paid for; after a pause the time that was left runs to its end. Who was told of
    a higher fee was told, also when they are to go on after all.
    Refuses: `membership_over`, `not_running` when it was cancelled before.
    """
    if one.state == "ended":
        return ended()
    if one.state == "cancelled" and when != "now":
        return Refused("not_running", "this membership was cancelled before")
    at_once = when == "now" or one.state == "past_due"
    stopped_at = (one.paused_at or now) if at_once else None
    if one.paused_at is not None and not at_once:
        one = _gone_on(one, one.paused_at, now)
    state: Literal["ended", "cancelled"] = "ended" if at_once else "cancelled"
    told = (None, None) if at_once else _notice(one)
    after = replace(
        one, step=one.step + 1, state=state, wait_until=None, paused_at=None, next_plan="",
        told_minor=told[0], told_at=told[1], stopped_at=stopped_at, next_minor=None,
    )  # fmt: skip
    return Step("cancelled", now, after)


def pause(version: Version, one: Membership, now: datetime) -> Step | Refused:
    """Its time stands still, for so long as the plan allows at most.

    Refuses: `membership_over`, `not_running`, `no_pauses`.
    """
    if one.state != "active":
        return ended() if one.state == "ended" else not_running(one)
    plan = version.plans.get(one.plan)
    if plan is None or plan.pause is None:
        return Refused("no_pauses", "this plan cannot be paused")
    ends = add_span(version.zone, now, plan.pause)
    after = replace(one, step=one.step + 1, state="paused", paused_at=now, wait_until=ends)
    return Step("paused", now, after)


def resume(one: Membership, now: datetime) -> Step | Refused:
    """It goes on after a pause, with all the time it had left; or it was not meant to be cancelled.

    Refuses: `membership_over`, `not_running` when there is nothing to resume.
    """
    if one.state == "ended":
        return ended()
    if one.state == "cancelled":
        state: Literal["trial", "active"] = "trial" if one.in_trial else "active"
        return Step("resumed", now, replace(one, step=one.step + 1, state=state))
    if one.paused_at is None:
        return not_running(one)
    return Step("resumed", now, replace(_gone_on(one, one.paused_at, now), step=one.step + 1))


def _gone_on(one: Membership, paused_at: datetime, now: datetime) -> Membership:
    """After a pause, with all the time it had left."""
    stood = now - paused_at
    ends = one.until_at + stood
    return replace(
        one, state="active", paused_at=None, wait_until=None, from_at=one.from_at + stood,
        until_at=ends, anchor_at=ends, terms=0,
    )  # fmt: skip


def change(
    version: Version, one: Membership, name: str, when: str, now: datetime
) -> Step | Refused:
    """Another plan from now on, with the difference for what is left; or from the next term on.

    Refuses: `membership_over`, `not_running`, `unknown_plan`, `plan_ended` where it is not sold any
    more, `same_plan`; of a change from now on `paid_ahead`, as the rest of the term that runs
    would be lost, and `no_trial`, as a trial goes
    on only in a plan that has one.
    """
    plan, at_once = version.plans.get(name), when != "period_end"
    if one.state not in ("active", "trial"):
        return ended() if one.state == "ended" else not_running(one)
    if plan is None:
        return unknown_plan(name)
    if not sold(version, plan, now if at_once else one.until_at):
        return not_sold()
    if name == one.plan and (at_once or not one.next_plan):
        return Refused("same_plan", "this membership is of that plan already")
    no = _not_at_once(one, plan, now) if at_once else None
    if no is not None:
        return no
    return _changed_now(version, one, plan, now) if at_once else _chosen(version, one, plan, now)


def _not_at_once(one: Membership, plan: Plan, now: datetime) -> Refused | None:
    if one.from_at > now:
        facts = {"from_at": one.from_at.isoformat()}
        says = "the next term is paid already; change from the one after it on, or once it begins"
        return Refused("paid_ahead", says, facts)
    return no_trial() if one.in_trial and plan.trial is None else None


def _chosen(version: Version, one: Membership, plan: Plan, now: datetime) -> Step:
    """Another plan from the next term on, for what it costs now; or the same one after all.

    Keeps: who was told of a higher fee of their plan was told, also when they stay after all.
    """
    other, told = plan.id != one.plan, _notice(one)
    after = replace(
        one,
        step=one.step + 1,
        next_plan=plan.id if other else "",
        told_minor=told[0],
        told_at=told[1],
        next_minor=fee_of(version, plan) if other else None,
    )
    return Step("changed", now, after)


def _changed_now(version: Version, one: Membership, plan: Plan, now: datetime) -> Step:
    """Another plan from now on; in a trial there is nothing to pay for it yet."""
    fee = fee_of(version, plan)
    after = replace(
        one, step=one.step + 1, plan=plan.id, next_plan="", fee_minor=fee, told_minor=None,
        told_at=None, next_minor=None,
    )  # fmt: skip
    if one.in_trial:
        return Step("changed", now, after)
    due, old = change_minor(version, one, plan, now), version.plans.get(one.plan)
    if old is None or old.term != plan.term:
        ends = _end(version, plan, now, 1)
        after = replace(
            after, anchor_at=now, terms=1, from_at=now, until_at=ends, since_at=now,
            gross_minor=fee, paid_minor=fee, returned_minor=0, off_minor=0, **NO_POINTS,
        )  # fmt: skip
    else:
        after = replace(after, paid_minor=one.paid_minor + due)
    return Step("changed", now, after, due)


def tell(one: Membership, fee: int, now: datetime) -> Step:
    """Its member is told of a higher fee; or of less than that, and since when they know stays.

    Keeps: a rise that is off altogether leaves no notice behind.
    """
    told: tuple[int | None, datetime | None] = (fee, one.told_at or now)
    if fee <= one.fee_minor:
        told = None, None
    return Step("told", now, replace(one, step=one.step + 1, told_minor=told[0], told_at=told[1]))


def _notice(one: Membership) -> tuple[int | None, datetime | None]:
    """What its member was told of its plan's fee, and when.

    Keeps: a choice kept before it had a fee of its own stands where a notice would.
    """
    chose = bool(one.next_plan) and one.next_minor is None
    return (None, None) if chose else (one.told_minor, one.told_at)


def _over(version: Version, one: Membership) -> Step:
    """The next thing that time alone brings about; it is there."""
    at = one.next_look
    assert at is not None, one
    if one.paused_at is not None:
        step = resume(one, at)
        assert isinstance(step, Step), step
        return step
    plan = version.plans.get(one.plan)
    running = one.state in ("trial", "active")
    # For a term that cannot begin nobody waits.
    grace = plan.grace if plan is not None and running and sold(version, plan, at) else None
    if grace is not None:
        waits = add_span(version.zone, at, grace)
        after = replace(one, step=one.step + 1, state="past_due", wait_until=waits)
        return Step("past_due", at, after)
    after = replace(one, step=one.step + 1, state="ended", wait_until=None)
    return Step("ended", at, after)


def _end(version: Version, plan: Plan, anchor: datetime, terms: int) -> datetime:
    """When so many terms from the first one's beginning are over; the 31st comes back."""
    return add_span(version.zone, anchor, f"{terms * MONTHS[plan.term]} months")


def _not_payable(one: Membership, now: datetime) -> Iterator[Refused]:
    if one.state == "ended":
        yield ended()
    if one.state in ("paused", "cancelled"):
        yield not_running(one)
    if one.from_at > now:
        facts = {"until_at": one.until_at.isoformat()}
        yield Refused("paid_ahead", "the next term is paid already", facts)


def _other(told: int | None, due: int, reason: str) -> Refused | None:
    if told is None or told == due or reason.strip():
        return None
    says = "another amount is due; say a reason if that is as agreed"
    return Refused("other_amount", says, {"due_minor": due})
