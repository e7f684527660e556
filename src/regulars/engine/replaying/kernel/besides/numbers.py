"""What a version has besides, and the numbers of it that the texts know."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from regulars.engine.compiling.compile import CompiledLimit
from regulars.engine.compiling.stones import Stone
from regulars.engine.replaying.kernel.besides.told import stones_of, waits_of
from regulars.engine.replaying.kernel.stepping import LARGEST
from regulars.engine.terms import Version
from regulars.records.program.types import UntilEvent

_KEPT: Final = ("no", "day", "always")
_MEASURES: Final = ("deeds", "spend", "items")


def has(version: Version) -> dict[str, bool]:
    """Which of the texts a version asks for, by the names they know this under."""
    compiled, program = version.compiled, version.program
    return {
        "WAITS": bool(waits_of(version)),
        "KEEPS": any(wallet.keeps != "no" or wallet.step != 1 for wallet in compiled.wallets),
        "RESTS": bool(compiled.cooldowns_on),
        "REACHES": bool(stones_of(version)),
        "REFUSES": any(wallet.negative == "refuse" for wallet in program.wallets.values()),
        "OR_BY": version.other is not None,
        "SHARES": bool(compiled.budgets) or any(limit.shared for limit in compiled.limits),
    }


def all_draw(version: Version) -> bool:
    """Whether what one member gets depends on what others got before."""
    compiled = version.compiled
    budgets = any(budget.shared for budget in compiled.budgets)
    return budgets or any(limit.shared for limit in compiled.limits)


def shared(limit: CompiledLimit) -> bool:
    """Whether all members use up a limit together; each activity has one of its own."""
    return limit.shared and limit.per != "activity"


def numbers_besides(version: Version) -> dict[str, Any]:
    """The numbers of what a version has besides.

    Order: a list is never empty, as in `numbers_of`.
    """
    compiled, wallets = version.compiled, version.program.wallets
    waits = waits_of(version)
    besides = has(version)
    return {
        **besides,
        "ASIDE": besides["KEEPS"] or besides["RESTS"] or besides["REACHES"],
        "WAIT_AT": _some(waits.index(name) if name in waits else -1 for name in wallets),
        "BY_EVENT": _some(int(isinstance(one.pending, UntilEvent)) for one in wallets.values()),
        "REFUSING": _some(int(one.negative == "refuse") for one in wallets.values()),
        "STEP_OF": _some(wallet.step for wallet in compiled.wallets),
        "KEEP_FOR": _some(_KEPT.index(wallet.keeps) for wallet in compiled.wallets),
        "REST_OF": _some(limit.rest for limit in compiled.limits),
        "BY_MINUTE": _some(int(limit.by_minutes) for limit in compiled.limits),
        "ROOMS": len(compiled.limits) + len(compiled.budgets),
        "SHARED": _some(int(shared(limit)) for limit in compiled.limits),
        "BUDGETS": len(compiled.budgets),
        "BUDGET_IN": _some(budget.wallet for budget in compiled.budgets),
        "BUDGET_FULL": _some(min(budget.full, LARGEST) for budget in compiled.budgets),
        "REJECTS": _some(int(budget.rejects) for budget in compiled.budgets),
        "COUNTED": _some(int(budget.counted) for budget in compiled.budgets),
        **_second(version),
        **_milestones(version, stones_of(version)),
    }


def _second(version: Version) -> dict[str, Any]:
    other = version.other
    tiers = None if other is None else other.program.tiers
    if other is None or tiers is None:
        return {
            "OR_AT": (0,), "OR_BY_SPEND": False, "OR_SPEND_AT": 0,
            "OR_BY_STATUS": False, "OR_STATUS_AT": 0,
        }  # fmt: skip
    compiled, status = version.compiled, tiers.wallet if tiers.measure == "status" else None
    spent = tiers.measure == "spend"
    return {
        "OR_AT": _some(other.compiled.tier_at),
        "OR_BY_SPEND": spent,
        "OR_SPEND_AT": compiled.definitions.index(tiers.qualifying) if spent else 0,
        "OR_BY_STATUS": status is not None,
        "OR_STATUS_AT": 0 if status is None else compiled.wallet_places[status],
    }


def _milestones(version: Version, stones: list[Stone]) -> dict[str, Any]:
    steps = [step for stone in stones for step in stone.steps]
    ends = [sum(len(one.steps) for one in stones[: at + 1]) for at in range(len(stones))]
    return {
        "STONES": len(stones),
        "STONE_IN": _some(version.wallet_codes.index(stone.wallet) for stone in stones),
        "FROM": _some([0, *ends[:-1]]),
        "UPTO": _some(ends),
        "MEASURES": _some(_MEASURES.index(stone.promise.measure) for stone in stones),
        "PLACES": _some(stone.place for stone in stones),
        "LEAST": _some(stone.least for stone in stones),
        "OF_GOODS": _some(int(stone.counts.on == "purchase") for stone in stones),
        "OF_ALL": _some(int(not (one.counts.categories or one.counts.skus)) for one in stones),
        "TAKES": _some(at for at, _, _ in steps),
        "GIVES": _some(points for _, points, _ in steps),
        "AGAIN": _some(int(again) for _, _, again in steps),
    }


def _some(values: Iterable[int]) -> tuple[int, ...]:
    return tuple(values) or (0,)
