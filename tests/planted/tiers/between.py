"""Bugs between members, partners and the shop that the model has to notice, in a game that goes
straight to where they show."""

from __future__ import annotations

import os
from typing import Any, Final

from tests.planted.bug import Bug

_REFERRING = "engine/rewarding/referring.py"
_SETTLE = "flows/points/referring/settle_referrals.py"
_ACCOUNT = "engine/rewarding/partnering/account.py"
_PAYING = "engine/moving/paying.py"
_POCKET = "flows/batch/pocket.py"
BETWEEN = (
    Bug(
        "the model: a newcomer's budget for friends has no end",
        _REFERRING,
        "    return max(min(wanted, units(side.budget.points, _scale(version)) - given), 0)",
        "    return wanted",
        "checks.model_of_friends",
    ),
    Bug(
        "the model: what a friend bought came back and both keep what they got",
        _SETTLE,
        "why = referring.no_longer(one, pair, decided.known) or came_back",
        "why = referring.no_longer(one, pair, decided.known)",
        "checks.model_of_friends",
    ),
    Bug(
        "the model: two bring each other",
        _REFERRING,
        "    if _leads_to(known.parents, pair.referrer.member_id, newcomer.member_id):\n",
        "    if False:\n",
        "checks.model_of_friends",
    ),
    Bug(
        "the model: a team has one more than may be in it",
        "flows/points/gaming/keep_teams.py",
        "    if len(team.in_it()) < most:\n",
        "    if len(team.in_it()) <= most:\n",
        "checks.model_of_teams",
    ),
    Bug(
        "the model: a team has to do more than the target",
        "engine/rewarding/gaming/teams.py",
        "way.together >= target_of(way.turn)",
        "way.together > target_of(way.turn)",
        "checks.model_of_teams",
    ),
    Bug(
        "the model: who did it before they took part has it too",
        "engine/rewarding/gaming/challenges.py",
        'return turn.promise.joins == "automatic" or any(since <= at for since in parts)',
        "return True",
        "checks.model_of_teams",
    ),
    Bug(
        "the model: what rounding left goes to the smallest remainders",
        "engine/moving/pool.py",
        "key=lambda who: (-(units * there[who] % whole), who)",
        "key=lambda who: (units * there[who] % whole, who)",
        "checks.model_of_homes",
    ),
    Bug(
        "the model: what a buyer spent this week leaves as much",
        _POCKET,
        "name: limit - spent.get((id_, name), 0)",
        "name: limit",
        "checks.model_of_homes",
    ),
    Bug(
        "the model: what was said of one buyer counts for nobody",
        _POCKET,
        "(most | place.limits).items()",
        "most.items()",
        "checks.model_of_homes",
    ),
    Bug(
        "the model: what rounding left of a basket goes to the smallest remainders",
        _PAYING,
        "key=lambda who: -(value * weights[who] % whole)",
        "key=lambda who: value * weights[who] % whole",
        "checks.model_of_paying_at_home",
    ),
    Bug(
        "the model: at a tie the cent of a basket is not of who asked",
        _PAYING,
        "        key=lambda one: (one[0] is not pool.taker, one[0].member_id),\n",
        "        key=lambda one: one[0].member_id,\n",
        "checks.model_of_paying_at_home",
    ),
    Bug(
        "the model: what others pay for a minor's basket counts for nobody",
        _PAYING,
        "pays_for=None if part.owner.member_id == taker else taker,",
        "pays_for=None,",
        "checks.model_of_paying_at_home",
    ),
    Bug(
        "the model: half a cent of a partner's price is dropped",
        _ACCOUNT,
        "(2 * contract.price_minor * units + contract.per_units) // (2 * contract.per_units)",
        "contract.price_minor * units // contract.per_units",
        "checks.model_of_partners",
    ),
    Bug(
        "the model: parts of what a partner takes back do not add up",
        _ACCOUNT,
        "    return amount * (gone + units) // whole - back",
        "    return amount * units // whole",
        "checks.model_of_partners",
    ),
    Bug(
        "the model: a partner takes points back that are not theirs",
        "flows/points/partners/book_activities.py",
        "    return max(min(own, state.balance(line.wallet).available), 0)",
        "    return max(state.balance(line.wallet).available, 0)",
        "checks.model_of_partners",
    ),
    Bug(
        "the model: one member has more tickets than anybody may",
        "engine/rewarding/gaming/drawing.py",
        "    return min(score // each, most) if most is not None else score // each",
        "    return score // each",
        "checks.model_of_draws",
    ),
    Bug(
        "the model: a prize that waited is never booked",
        "flows/points/gaming/book_prizes.py",
        '    return one is None or one.state == "waiting"',
        "    return one is None",
        "checks.model_of_draws",
    ),
    Bug(
        "the model: a prize that is gone is handed out",
        "engine/rewarding/gaming/winning.py",
        "    return next(not_on_shelf(reward, changes.stock), None)",
        "    return None",
        "checks.model_of_draws",
    ),
)


def _plays(name: str) -> Any:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.model.beside.between.chosen import play_chosen
        from tests.model.beside.between.machine import OneByOne

        class Own(OneByOne):
            called = f"model-{os.getpid()}"

        play_chosen(name, lambda source, now: Own(shop, source, now))

    return check


NAMES: Final = ("friends", "teams", "homes", "paying_at_home", "partners", "draws")
MODEL: Final[dict[str, Any]] = {f"model_of_{name}": _plays(name) for name in NAMES}
