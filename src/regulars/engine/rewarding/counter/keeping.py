"""What points are worth that were earned under earlier terms, where those promised to keep it
(semantics F3): each lot buys and pays by the best of the terms it has."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from fractions import Fraction

from regulars.engine.deciding.booking import in_order
from regulars.engine.rewarding.promise import Way, tier_ways, ways, worth_minor
from regulars.engine.state import MemberState
from regulars.engine.terms import Version
from regulars.records.ledger.types import Lot
from regulars.records.program.parts.rewards import Reward

Drawn = Callable[[str, int], Sequence[tuple[Lot, int]]]
"""Which lots pay so many units of a wallet, and how much of each; fewer where there are not so
many."""


def terms_kept(version: Version, lot: Lot, now: datetime) -> Iterator[Version]:
    """The earlier terms whose worth a lot has still, the oldest first.

    Example: earned in May, terms of June keep until Christmas: those of May, and on Christmas none.
    """
    for kept in version.kept:
        if lot.earned_at < kept.since and (kept.until is None or now < kept.until):
            yield kept.terms


def way_kept(version: Version, state: MemberState, reward: Reward, way: Way, now: datetime) -> Way:
    """What a way to pay for a reward takes of this member, their lots in the order they are spent.

    Keeps: never more than the price. Each lot pays the part of the reward that its points would
    have paid by the best of its terms; the last one is rounded up, once.
    Example: 150 points now, 100 before: 60 new ones are two fifths, so 60 old ones pay the rest.
    """
    if not version.kept:
        return way
    price = {
        name: _taken(version, state, (reward, way, name), now) if units else units
        for name, units in way.price.items()
    }
    return way._replace(price=price, usual=way.price) if price != way.price else way


def way_shared(version: Version, drawn: Drawn, reward: Reward, way: Way, now: datetime) -> Way:
    """What a way to pay takes of a household: the fewest points that come to the whole of it, each
    by the best of the terms its lot has, as the household draws them.

    Keeps: never more than the price. Whose lots pay may hang on how many are taken (in
    proportion), so it is tried how many are enough.
    Example: 150 points now, 100 before: of 60 new ones and 200 old ones as they lapse, 60 and 60.
    """
    if not version.kept:
        return way
    price = {
        name: _enough(version, drawn, (reward, way, name), now) if units else units
        for name, units in way.price.items()
    }
    return way._replace(price=price, usual=way.price) if price != way.price else way


def _enough(version: Version, drawn: Drawn, what: tuple[Reward, Way, str], now: datetime) -> int:
    _, way, name = what
    usual = way.price[name]
    most = min(usual, sum(part for _, part in drawn(name, usual)))

    def paid(points: int) -> Fraction:
        lots = drawn(name, min(points, most))
        worth = (Fraction(part, _cheapest(version, what, lot, now)) for lot, part in lots)
        return sum(worth, Fraction(max(points - most, 0), usual))

    return bisect_left(range(usual), Fraction(1), key=paid)


def _taken(
    version: Version, state: MemberState, what: tuple[Reward, Way, str], now: datetime
) -> int:
    _, way, name = what
    wallet = version.program.wallets[name]
    code = version.wallet_codes[version.compiled.wallet_places[name]]
    taken, left = 0, Fraction(1)
    for lot in in_order(state.lots.values(), code, wallet.spends):
        price = _cheapest(version, what, lot, now)
        needed = -(-left.numerator * price // left.denominator)
        if lot.free >= needed:
            return taken + needed
        taken += lot.free
        left -= Fraction(lot.free, price)
    return taken - (-left.numerator * way.price[name] // left.denominator)


def _cheapest(version: Version, what: tuple[Reward, Way, str], lot: Lot, now: datetime) -> int:
    """The price by the best of the terms a lot has."""
    reward, way, name = what
    return min(
        (way.price[name], *_prices(version, reward, way, name, terms_kept(version, lot, now)))
    )


def _prices(
    version: Version, reward: Reward, way: Way, name: str, terms: Iterable[Version]
) -> Iterator[int]:
    """What the same way cost under other terms, for as much as it gives now; nothing where it was
    not there.

    Keeps: what it is worth beyond the money that is paid besides is bought by no more points than
    then, however much less it is worth by now; rounded up.
    Example: 100 points for a discount of 10.00, and by now for one of 1.00: 10 points.
    """
    scale = version.program.wallets[name].scale
    for one in terms:
        before, wallet = one.rewards.get(reward.id), one.program.wallets.get(name)
        if before is None or wallet is None or wallet.scale != scale:
            continue
        old = {each.tier: each for each in tier_ways(one, before)}.get(way.tier)
        if old is None:
            written = ways(one, before)
            old = written[way.place] if way.place < len(written) else None
        if old is not None and old.price.keys() == way.price.keys() and old.price[name]:
            net = _net(version, reward, way), _net(one, before, old)
            yield _for_as_much(old.price[name], *net)


def _net(version: Version, reward: Reward, way: Way) -> int:
    """What the points of a way buy, in minor units: what it is worth without the money besides.

    Shape: nothing or less where the file does not say what it is worth.
    """
    home = ways(version, reward) if not way.tier else tier_ways(version, reward)
    same = next(one for one in home if (one.tier, one.place) == (way.tier, way.place))
    return worth_minor(version, reward) - same.money_minor


def _for_as_much(price: int, is_: int, was: int) -> int:
    """So many points of then for what there is now, and never more than then."""
    return -(-price * is_ // was) if 0 < is_ < was else price
