"""What of the program language the kernel was not written for."""

from __future__ import annotations

from regulars.engine.calendar import span
from regulars.engine.replaying.kernel.writing import NotPlain
from regulars.engine.terms import Version
from regulars.records.program.types import Program


def gaps(version: Version, *, returns: bool = True) -> list[str]:
    """Why a program is left to the fold, in a few words each; nothing where the kernel takes it.

    Shape: `returns` says whether something may come back.
    """
    program, compiled = version.program, version.compiled
    reasons = {
        "budgets": bool(compiled.budgets) or any(limit.shared for limit in compiled.limits),
        "points that lapse for want of activity": bool(version.idle),
        "challenges or streaks with points as a prize": _plays_for_points(program),
        "milestones": bool(program.milestones),
        "points that wait": any(w.pending for w in program.wallets.values())
        or any(one.moderated for one in program.advocacy),
        "another order of spending": any(
            w.spends != "soonest_expiring" for w in program.wallets.values()
        ),
        "kept remainders or large steps": any(
            w.keeps != "no" or w.step != 1 for w in compiled.wallets
        ),
        "two limits under one counter": len(set(version.limit_counters))
        != len(version.limit_counters),
        "rules with an end of their own": bool(version.own_ends),
        "points that live on when told late": bool(version.come_late),
        "debts that are forgiven": any(
            w.write_off_after is not None for w in program.wallets.values()
        ),
        "rules that rest": bool(compiled.cooldowns_on),
        "further ladders": bool(program.ladders),
        "two measures, steps by invitation or for life, or late credit": _slow_ladder(version),
        "returns that may be refused": returns
        and any(wallet.negative == "refuse" for wallet in program.wallets.values()),
        "points that end by the hour": any(
            w.expiry and (w.expiry.round_up_to == "none" or span(w.expiry.after).seconds)
            for w in program.wallets.values()
        ),
    }
    return [reason for reason, found in reasons.items() if found]


def refuse(version: Version, *, returns: bool) -> None:
    """Refuses: NotPlain for what the kernel was not written for."""
    for reason in gaps(version, returns=returns):
        raise NotPlain(f"the program has {reason}")


def _plays_for_points(program: Program) -> bool:
    prizes = [one.prize for one in program.challenges]
    prizes += [each.prize for one in program.streaks for each in one.milestones]
    places = [each.wallet for one in program.leaderboards for each in one.prizes]
    return any(wallet is not None for wallet in [*(one.wallet for one in prizes), *places])


def _slow_ladder(version: Version) -> bool:
    tiers = version.program.tiers
    if tiers is None:
        return False
    later = tiers.credit_after_days or tiers.reached != "on_activity" or tiers.or_by is not None
    return bool(later) or any(
        step.by != "credit" or step.for_life_at is not None for step in tiers.steps
    )
