"""What is asked before a further version changes what members have: refused, or meant by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from msgspec import Struct

from regulars.engine.changing.comparing import Difference, Whom
from regulars.engine.changing.owned.table import GONE, OWNED, Word
from regulars.records.program.problems import Finding, Path, worded
from regulars.records.program.types import Benefit, Plan, Program, Reward, Tier, Wallet


class Held(NamedTuple):
    """What members have, or ever had, of what would be another.

    Shape: `wallets` has of each how many members have anything or owe some; `ever` are those
    anybody ever had anything of; `touched` counts whom a difference is about. `later`: it begins
    on a day to come, and nobody knows what they have by then; `sold` are plans that can be begun.
    """

    anything: bool = False
    wallets: Mapping[str, int] = {}
    ever: frozenset[str] = frozenset()
    touched: Mapping[Whom, int] = {}
    later: bool = False
    sold: frozenset[str] = frozenset()


_PARTS: Final[Mapping[str, type[Struct]]] = {
    "wallet": Wallet, "reward": Reward, "benefit": Benefit, "plan": Plan, "tier": Tier,
}  # fmt: skip
_WHOLE: Final[Mapping[str, str]] = {
    "rule": "rules", "stacking": "stacking", "budget": "budgets", "qualifying": "qualifying",
    "ladder": "tiers", "tiers": "tiers", "further": "ladders", "challenge": "challenges",
    "streak": "streaks", "milestone": "milestones", "leaderboard": "leaderboards",
    "draw": "draws",
}  # fmt: skip
"""Of which field of a program a difference speaks that is about the whole of a part."""


def word_of(change: Difference) -> Word:
    """What happens where this is another."""
    part, _, field = change.kind.partition("_")
    if part == "perk":
        return OWNED[Tier]["perks"]
    if part in _PARTS and field != "added":
        return OWNED[_PARTS[part]][field]
    found = OWNED[Program]
    return found.get(change.kind) or found[_WHOLE.get(part, f"{part}s")]


def questions(changes: Iterable[Difference]) -> list[Difference]:
    """Those of the changes that are refused or asked about where anybody has what they change."""
    return [
        one for one in changes if one.turn != "better" and word_of(one).how in ("refused", "asked")
    ]


def refuses(change: Difference) -> bool:
    """Whether nobody can mean it once anybody has what it is about."""
    return word_of(change).how == "refused"


def answers(
    both: tuple[Program, Program], changes: Sequence[Difference], held: Held
) -> Iterator[Finding]:
    """What is refused, and what its author has to say that it is meant, with how many have it.

    Order: what is refused first. Keeps: what nobody has may change without a word; whom nothing
    counts is somebody.
    """
    asked: dict[str, list[Difference]] = {}
    for one in changes:
        how = word_of(one).how
        if how == "refused":
            yield from _refused(both, one, held)
        elif how == "asked" and held.touched.get(one.whom, _SOME):
            asked.setdefault(_part(one), []).append(one)
    for part, some in asked.items():
        yield _asked(both[1], part, some, _members(some, held))


_SOME: Final = -1
"""So many have it that nothing counts: somebody may."""


def _members(some: Sequence[Difference], held: Held) -> int | str:
    """How many have it at the most; where nothing counts them, nobody knows."""
    counts = [held.touched.get(one.whom, _SOME) for one in some]
    return "?" if _SOME in counts else max(counts)


def _part(change: Difference) -> str:
    """The part a change is about, as people name it: `benefits.delivery`, `household`."""
    whole, _, _ = change.path.rpartition(".")
    return change.path if _gone(change) or not whole else whole


def _gone(change: Difference) -> bool:
    """Whether the whole of it is there no more; of words about a tier one is less."""
    return change.kind != "perk_gone" and _field(change) == GONE


def _field(change: Difference) -> str:
    return change.kind.partition("_")[2]


# --- what is refused ------------------------------------------------------------------------------


def _refused(both: tuple[Program, Program], change: Difference, held: Held) -> Iterator[Finding]:
    name, currency = change.what, both[0].currency
    if change.kind == "currency" and (held.anything or held.later):
        says = f"all that is kept as money is in {change.before}: balances, what was spent, fees"
        mend = f"write `currency: {currency}`; another currency is another program, under a name "
        mend += "of its own (`program:`), where nothing was recorded yet"
        yield Finding(("currency",), says, mend)
    elif change.kind in ("wallet_scale", "wallet_kind") and (name in held.ever or held.later):
        field = _field(change)
        says = f"what members have of {name} is kept by `{field}: {change.before}`, and would be "
        says += "something else"
        mend = f"write `{field}: {change.before}`, and give another wallet an id of its own"
        yield Finding(("wallets", name, field), says, mend)
    elif change.kind == "wallet_gone" and held.wallets.get(name):
        says = f"members have something of {name}, or owe some ({held.wallets[name]}), and here "
        says += "is no such wallet"
        mend = "keep it without rules, with what it buys, until nobody has any of it"
        yield Finding(("wallets",), says, mend)
    elif change.kind == "plan_gone" and held.touched.get(change.whom):
        says = f"memberships of the plan {name} run ({held.touched[change.whom]})"
        mend = "keep it with `until_on:` a day: from then on nobody begins it or goes on with it, "
        mend += "and what is paid keeps its benefits and its refund"
        yield Finding(("plans",), says, mend)
    elif held.later:
        yield from _by_then(change, held)


def _by_then(change: Difference, held: Held) -> Iterator[Finding]:
    """What nobody has now, and anybody may have on the day from which on it is gone."""
    name = change.what
    if change.kind == "wallet_gone":
        says = f"members may have something of {name} by then, and there is no such wallet"
        mend = "keep it; once nobody has any of it, leave it out of a version that begins at once"
        yield Finding(("wallets",), says, mend)
    elif change.kind == "plan_gone" and name in held.sold:
        says = f"memberships of the plan {name} may run by then"
        mend = "keep it with `until_on:` a day; when the last term is over, leave it out of a "
        mend += "version that begins at once"
        yield Finding(("plans",), says, mend)


# --- what is asked --------------------------------------------------------------------------------


def _asked(after: Program, part: str, some: Sequence[Difference], members: int | str) -> Finding:
    fields = ", ".join(dict.fromkeys(one.path.rpartition(".")[2] for one in some))
    if _gone(some[0]) or (some[0].path == part and not some[0].after):
        says = worded(
            "%(part)s is no more from then on; members who have it: %(members)s",
            part=part,
            members=members,
        )
    else:
        says = worded(
            "%(part)s is less from then on, or another (%(fields)s); members who have it: "
            "%(members)s",
            part=part,
            fields=fields,
            members=members,
        )
    mend = "leave it as it is; or tell those who have it, and say that it is meant"
    return Finding(_place(after, part), says, mend, "warning", _code(part))


def _code(part: str) -> str:
    """The name under which it is meant: `benefit:delivery`, `plan:plus`, `household`."""
    head, _, id_ = part.rpartition(".")
    return f"{_ONE.get(head.partition('.')[0], head)}:{id_}" if head else part


_ONE: Final = {
    "wallets": "wallet", "benefits": "benefit", "plans": "plan", "tiers": "tier",
    "ladders": "tier",
}  # fmt: skip


def _place(after: Program, part: str) -> Path:
    """Where it stands in the file; what is there no more, where its like do."""
    head, _, id_ = part.rpartition(".")
    if head in ("benefits", "plans"):
        ids = [one.id for one in (after.benefits if head == "benefits" else after.plans)]
        return (head, ids.index(id_)) if id_ in ids else (head,)
    return (head, id_) if head == "wallets" else (part.partition(".")[0],)
