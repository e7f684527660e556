"""The names of counters, for ever: what is counted by the same name goes on in a new version."""

from __future__ import annotations

from regulars.engine.compiling.compile import Compiled, CompiledWallet
from regulars.engine.ladder.measuring import by_other, remembers
from regulars.records.program.parts.gaming import DeedMilestone, Draw, Leaderboard
from regulars.records.program.parts.measuring import counted_as, ladders_of
from regulars.records.program.types import Benefit, Program, Reward, Tiers


def code_names(compiled: Compiled) -> list[tuple[str, str]]:
    """Every (kind, name) a version needs a number for; the same name keeps its number for ever."""
    program = compiled.program
    counters = limit_names(compiled) + budget_names(compiled)
    counters += [kept_name(wallet) for wallet in compiled.wallets]
    counters += credit_names(program)
    counters += [reward_name(reward) for reward in program.rewards if reward.limit]
    counters += [benefit_name(benefit) for benefit in program.benefits if benefit.allowance]
    counters += list(transfer_names(program).values())
    for one in program.milestones:
        counters += milestone_names(one)
        counters += [milestone_budget(one)] if one.budget is not None else []
    for board in program.leaderboards:
        counters += [board_name(board, store) for store in board.stores or ("",)]
    counters += [draw_name(draw) for draw in program.draws]
    wallets = [("wallet", name) for name in program.wallets]
    return wallets + [("counter", name) for name in dict.fromkeys(counters)]


def limit_names(compiled: Compiled) -> list[str]:
    """The counter behind each limit, in the order of the limits."""
    # By rule, period and what is counted, never by place: a rule that moves keeps its counter.
    return [
        f"limit:{compiled.rules[limit.rule]}:{limit.per}:{limit.counts}"
        + (":everyone" if limit.shared else "")
        if not limit.rest
        # How long it rests may change: when it gave stays known.
        else f"cooldown:{compiled.rules[limit.rule]}:{'minutes' if limit.by_minutes else 'days'}"
        for limit in compiled.limits
    ]


def budget_names(compiled: Compiled) -> list[str]:
    """The counter behind each budget, in file order."""
    # What each member has used of one is a limit of theirs, under a name that no rule's has.
    return [
        f"budget:{one.id}:{one.per}" if one.shared else f"limit:budget:{one.id}:{one.per}:points"
        for one in compiled.budgets
    ]


def kept_name(wallet: CompiledWallet) -> str:
    """The counter of what rounding keeps of a wallet."""
    # Grains of another grid are another measure, so their remainder is another counter.
    return f"remainder:{wallet.id}:{wallet.keeps}:{wallet.grid}"


def credit_name(tiers: Tiers, ladder: str = "") -> str:
    """The name of the counter of tier credit: what is counted by the same measure goes on.

    A further ladder has counters of its own, with its name behind.
    """
    return f"credit:{counted_as(tiers)}:{tiers.window}" + (f":{ladder}" if ladder else "")


def back_name(tiers: Tiers, ladder: str) -> str:
    """The counter of what came back of a further ladder's credit, where it is looked at later."""
    return "came-back" + credit_name(tiers, ladder).removeprefix("credit")


def credit_names(program: Program) -> list[str]:
    """The counters of tier credit: of each ladder one, or two where it has two measures."""
    found = []
    for path, tiers in ladders_of(program):
        name = str(path[1]) if path[1:] else ""
        for one in (tiers,) if tiers.or_by is None else (tiers, by_other(tiers)):
            found.append(credit_name(one, name))
            if remembers(one, name):
                found.append(back_name(one, name))
    return found


def reward_name(reward: Reward) -> str:
    """The counter of how often a reward with a limit was taken."""
    assert reward.limit is not None
    return f"reward:{reward.id}:{reward.limit.per}"


def benefit_name(benefit: Benefit) -> str:
    """The counter of an allowance."""
    assert benefit.allowance is not None
    return f"benefit:{benefit.id}:{benefit.allowance.per}"


def transfer_names(program: Program) -> dict[str, str]:
    """The counter of what a member gives away, per wallet that limits it."""
    return {
        name: f"transfer:{name}:{wallet.transfers.limit.per}"
        for name, wallet in program.wallets.items()
        if wallet.transfers is not None and wallet.transfers.limit is not None
    }


def milestone_names(one: DeedMilestone) -> tuple[str, str, str]:
    """The counters of a milestone: what came together, what was given for it, and what of that
    had lapsed before it was to go back."""
    what = _milestone(one)
    return f"milestone:{what}", f"milestone-given:{what}", f"milestone-lapsed:{what}"


def milestone_budget(one: DeedMilestone) -> str:
    """The counter of what a milestone gave all members together."""
    return f"budget:milestone:{_milestone(one)}"


def _milestone(one: DeedMilestone) -> str:
    return f"{one.id}:{one.measure}:{one.per}:{one.wallet or ''}"


def board_name(one: Leaderboard, store: str) -> str:
    """The counter of a leaderboard: of a store, or of all of the program."""
    return f"board:{one.id}:{one.measure}:{one.per}:{store}"


def draw_name(one: Draw) -> str:
    """The counter of what counts for tickets of a draw."""
    return f"draw:{one.id}:{one.measure}"
