"""What of the program language the kernel was not written for."""

from __future__ import annotations

from regulars.engine.calendar import span
from regulars.engine.ladder.counting import may_owe, measured
from regulars.engine.replaying.games import pays_alone
from regulars.engine.replaying.kernel.writing import NotPlain
from regulars.engine.terms import Version
from regulars.records.program.types import UntilEvent


def gaps(version: Version) -> list[str]:
    """Why a program is left to the fold, in a few words each; nothing where the kernel takes it."""
    program, compiled = version.program, version.compiled
    reasons = {
        "points that lapse for want of activity": bool(version.idle),
        "milestones with a budget": any(one.budget is not None for one in program.milestones),
        "points as prizes of challenges or streaks": pays_alone(version),
        "activities that somebody approves": any(one.moderated for one in program.advocacy),
        "another order of spending": any(
            w.spends != "soonest_expiring" for w in program.wallets.values()
        ),
        "kept remainders of points that wait for a word": any(
            wallet.keeps != "no" and isinstance(program.wallets[wallet.id].pending, UntilEvent)
            for wallet in compiled.wallets
        ),
        "budgets of a wallet that keeps remainders": any(
            one.counted and compiled.wallets[one.wallet].keeps != "no" for one in compiled.budgets
        ),
        "status credit of a wallet that keeps remainders": any(
            may_owe(one) for one in measured(version)
        ),
        "two limits under one counter": len(set(version.limit_counters))
        != len(version.limit_counters),
        "rules with an end of their own": bool(version.own_ends),
        "points that live on when told late": bool(version.come_late),
        "debts that are forgiven": any(
            w.write_off_after is not None for w in program.wallets.values()
        ),
        "budgets of each member": any(one.counted and not one.shared for one in compiled.budgets),
        "amounts that differ by currency": version.compiled.bounds_apart,
        # Where no rule looks at them they change nothing that is counted.
        "rules that look at further ladders": ".further" in compiled.source,
        "steps for life, or late credit": _slow_ladder(version),
        "points that end by the hour": any(
            w.expiry and (w.expiry.round_up_to == "none" or span(w.expiry.after).seconds)
            for w in program.wallets.values()
        ),
    }
    return [reason for reason, found in reasons.items() if found]


def refuse(version: Version) -> None:
    """Refuses: NotPlain for what the kernel was not written for."""
    for reason in gaps(version):
        raise NotPlain(f"the program has {reason}")


def _slow_ladder(version: Version) -> bool:
    tiers = version.program.tiers
    if tiers is None:
        return False
    later = tiers.credit_after_days or tiers.reached != "on_activity"
    return bool(later) or any(step.for_life_at is not None for step in tiers.steps)
