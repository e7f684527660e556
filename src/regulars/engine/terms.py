"""A program as decisions use it: its versions in order of time, compiled, with their codes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from regulars.engine.compiling.compile import Compiled, CompiledWallet
from regulars.records.program.types import (
    All,
    AnyOf,
    Benefit,
    Condition,
    MemberIs,
    Not,
    Program,
    Reward,
    Tiers,
)


class Version(Struct, frozen=True):
    """One version of the program, ready to decide with."""

    number: int
    effective_from: datetime
    compiled: Compiled
    program: Program
    zone: ZoneInfo
    wallet_codes: tuple[int, ...]
    """The small number of each wallet, in file order."""
    wallet_ids: Mapping[int, str]
    """The name behind each of these numbers."""
    limit_counters: tuple[int, ...]
    """The counter behind each limit, in the order of `Compiled.limits`."""
    budget_counters: tuple[int, ...]
    """The counter behind each budget, in file order."""
    remainder_counters: tuple[int, ...]
    """The counter of each wallet's kept remainder, in file order."""
    credit_counter: int
    """The counter of tier credit; 0 without tiers."""
    rewards: Mapping[str, Reward]
    reward_counters: Mapping[str, int]
    attributes: frozenset[str]
    """The attributes of members that rules ask for; no others are frozen with a decision."""
    warned: Mapping[int, tuple[ZoneInfo, int]]
    """Wallets whose points lapse only after a notice: zone, and how many days before."""
    benefits: Mapping[str, Benefit] = {}
    benefit_counters: Mapping[str, int] = {}
    """The counter behind each allowance, by benefit."""
    come_back: Mapping[int, int] = {}
    """Wallets whose points live so many days at least when a return gives them back."""
    transfer_counters: Mapping[str, int] = {}
    """The counter behind each wallet's limit on what is given away."""
    elsewhere: Mapping[str, int] = {}
    """Tiers of other versions that are not on this ladder: the step they are worth here."""


class Terms(Struct, frozen=True):
    """Every version of one program; the past is decided by the version in force then (F1)."""

    program_id: int
    slug: str
    versions: tuple[Version, ...]
    starts: tuple[datetime, ...]
    wallet_names: Mapping[int, str]
    """The name behind each small number, of all versions."""

    def at(self, occurred_at: datetime) -> Version:
        """The version in force at an instant; before the first one, the first."""
        return self.versions[max(bisect_right(self.starts, occurred_at) - 1, 0)]

    def numbered(self, number: int) -> Version:
        """The version with this number."""
        return next(version for version in self.versions if version.number == number)


def terms_of(
    program_id: int,
    slug: str,
    published: Sequence[tuple[int, datetime, Compiled]],
    codes: Mapping[tuple[str, str], int],
) -> Terms:
    """All published versions with their codes (kind and name → number), ready to decide with.

    Order: versions rule from their `effective_from`; of two that start together the later wins.
    """
    ordered = sorted(published, key=lambda one: (one[1], one[0]))
    alone = [_version(number, at, compiled, codes) for number, at, compiled in ordered]
    versions = tuple(replace(one, elsewhere=_elsewhere(one, alone)) for one in alone)
    return Terms(
        program_id=program_id,
        slug=slug,
        versions=versions,
        starts=tuple(version.effective_from for version in versions),
        wallet_names={code: name for (kind, name), code in codes.items() if kind == "wallet"},
    )


def _version(
    number: int, effective_from: datetime, compiled: Compiled, codes: Mapping[tuple[str, str], int]
) -> Version:
    program, zone = compiled.program, ZoneInfo(compiled.program.zone)
    return Version(
        number=number,
        effective_from=effective_from,
        compiled=compiled,
        program=program,
        zone=zone,
        wallet_codes=tuple(codes["wallet", name] for name in program.wallets),
        wallet_ids={codes["wallet", name]: name for name in program.wallets},
        limit_counters=tuple(codes["counter", name] for name in _limit_names(compiled)),
        budget_counters=tuple(codes["counter", name] for name in _budget_names(compiled)),
        remainder_counters=tuple(codes["counter", _kept(w)] for w in compiled.wallets),
        credit_counter=codes["counter", _credit(program)] if program.tiers else 0,
        rewards={reward.id: reward for reward in program.rewards},
        benefits={benefit.id: benefit for benefit in program.benefits},
        benefit_counters={
            b.id: codes["counter", _benefit(b)] for b in program.benefits if b.allowance
        },
        reward_counters={r.id: codes["counter", _reward(r)] for r in program.rewards if r.limit},
        warned={
            codes["wallet", name]: (zone, wallet.notice.days)
            for name, wallet in program.wallets.items()
            if wallet.notice is not None
        },
        come_back={
            codes["wallet", name]: wallet.comes_back.days
            for name, wallet in program.wallets.items()
            if wallet.comes_back is not None
        },
        attributes=frozenset(name for rule in program.rules for name in _asked(rule.when)),
        transfer_counters={
            wallet: codes["counter", name] for wallet, name in _transfers(program).items()
        },
    )


def _elsewhere(version: Version, versions: Sequence[Version]) -> dict[str, int]:
    """What tiers of other ladders are worth here: the highest step that takes no more.

    Order: where several versions name a tier, the last one says what it took. A ladder that
    measures something else cannot be compared; its tiers are worth the step at 0, if there is one.
    """
    tiers, compiled = version.program.tiers, version.compiled
    worth = {}
    for other in versions:
        theirs = other.program.tiers
        if tiers is None or theirs is None:
            continue
        same = _measures(tiers) == _measures(theirs)
        for name, at in zip(other.compiled.tiers, other.compiled.tier_at, strict=True):
            if name not in compiled.tiers:
                worth[name] = compiled.tier_of(at if same else 0)
    return worth


def _measures(tiers: Tiers) -> tuple[str, str | None]:
    return tiers.measure, tiers.wallet


def code_names(compiled: Compiled) -> list[tuple[str, str]]:
    """Every (kind, name) a version needs a number for; the same name keeps its number for ever."""
    program = compiled.program
    counters = _limit_names(compiled) + _budget_names(compiled)
    counters += [_kept(wallet) for wallet in compiled.wallets]
    counters += [_credit(program)] if program.tiers else []
    counters += [_reward(reward) for reward in program.rewards if reward.limit]
    counters += [_benefit(benefit) for benefit in program.benefits if benefit.allowance]
    counters += list(_transfers(program).values())
    wallets = [("wallet", name) for name in program.wallets]
    return wallets + [("counter", name) for name in dict.fromkeys(counters)]


def _asked(condition: Condition | None) -> Iterator[str]:
    """The attributes of members a condition asks for."""
    if isinstance(condition, MemberIs):
        yield condition.attribute
    elif isinstance(condition, Not):
        yield from _asked(condition.that)
    elif isinstance(condition, All | AnyOf):
        for part in condition.of:
            yield from _asked(part)


def _limit_names(compiled: Compiled) -> list[str]:
    # By rule, period and what is counted, never by place: a rule that moves keeps its counter.
    return [
        f"limit:{compiled.rules[limit.rule]}:{limit.per}:{limit.counts}"
        + (":everyone" if limit.shared else "")
        for limit in compiled.limits
    ]


def _budget_names(compiled: Compiled) -> list[str]:
    return [f"budget:{budget.id}:{budget.per}" for budget in compiled.budgets]


def _kept(wallet: CompiledWallet) -> str:
    # Grains of another grid are another measure, so their remainder is another counter.
    return f"remainder:{wallet.id}:{wallet.keeps}:{wallet.grid}"


def _credit(program: Program) -> str:
    assert program.tiers is not None
    tiers = program.tiers
    return f"credit:{tiers.measure}:{tiers.wallet or tiers.qualifying}:{tiers.window}"


def _reward(reward: Reward) -> str:
    assert reward.limit is not None
    return f"reward:{reward.id}:{reward.limit.per}"


def _benefit(benefit: Benefit) -> str:
    assert benefit.allowance is not None
    return f"benefit:{benefit.id}:{benefit.allowance.per}"


def _transfers(program: Program) -> dict[str, str]:
    """The counter of what a member gives away, per wallet that limits it."""
    return {
        name: f"transfer:{name}:{wallet.transfers.limit.per}"
        for name, wallet in program.wallets.items()
        if wallet.transfers is not None and wallet.transfers.limit is not None
    }
