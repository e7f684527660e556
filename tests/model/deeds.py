"""What rules saw of a deed, and what they give for what is left of it."""

from __future__ import annotations

from fractions import Fraction

from tests.model import wall
from tests.model.amounts import counting
from tests.model.events import Sold
from tests.model.kept import Credit, Deed, Person, Terms
from tests.model.left_alone.meanwhile.drawn import allowed, budgets_left
from tests.model.money.afterwards import freeing

from regulars.engine.facts import FactLine, Facts


def own_rules(terms: Terms, wallet: str) -> list[int]:
    return [place for place, rule in enumerate(terms.program.rules) if rule.wallet == wallet]


def rates(deed: Deed) -> Terms:
    """The terms by whose tables it is rated."""
    return deed.rated or deed.terms


def exactly(deed: Deed) -> list[Fraction]:
    """What each rule gives for what is left of it, by the room and tier of then."""
    attributes = tuple(sorted(deed.attributes.items()))
    key = (deed.event, deed.at, tuple(deed.back), deed.tier, deed.further, deed.room, attributes)
    cache = rates(deed).cache
    if key not in cache:
        cache[key] = rates(deed).judge.evaluate(facts_of(deed), deed.room)
    return cache[key]  # type: ignore[no-any-return]


def facts_of(deed: Deed) -> Facts:
    """What rules see of what is left of a deed."""
    event, shown = deed.event, wall.there(deed.terms.zone, deed.at)
    counted, extras = _left(deed)
    basket = event.basket.lines or (Sold(0),) * len(deed.bought)
    seen = event.kind == "purchase" or any(deed.back)  # a visit has no lines until it is no more
    lines = []
    for place, (sold, bought, back) in enumerate(zip(basket, deed.bought, deed.back, strict=True)):
        pieces = bought - back
        shown_pieces = pieces if event.basket.lines else min(pieces, 1)
        amounts = tuple(each[place] for each in counted)
        free = min(sold.free, pieces)
        lines.append(FactLine(sold.sku, sold.category, shown_pieces, amounts, free))
    return Facts(
        kind=event.kind,
        day=deed.day.toordinal(),
        weekday=deed.day.weekday(),
        hour=shown.hour,
        channel=event.channel,
        store=event.store,
        tier=deed.tier,
        further=deed.further,
        lines=tuple(lines) if seen else (),
        extras=tuple(extras),
        member=deed.attributes,
        details=dict(event.details),
    )


def _left(deed: Deed) -> tuple[list[list[int]], list[int]]:
    """Per definition: what of each line still counts, and of shipping and tips."""
    event = deed.event
    basket = event.basket
    if not basket.lines:
        basket = basket._replace(lines=(Sold(event.amount or 0),) * len(deed.bought))
    counted, extras = [], []
    for definition in deed.terms.program.qualifying.values():
        amounts, extra = counting(definition, basket)
        left = [
            freeing.left_of(amount, sold, bought, back)
            for amount, sold, bought, back in zip(
                amounts, basket.lines, deed.bought, deed.back, strict=True
            )
        ]
        counted.append(left)
        extras.append(extra if deed.back != deed.bought or not deed.bought else 0)
    return counted, extras


def credit(deed: Deed) -> Credit:
    """Tier credit of what is left, by each measure: visits, or what counts in money."""
    other = bool(deed.terms.other_name())
    return Credit(_counted(deed), visited(deed) if other else 0)


def visited(deed: Deed) -> int:
    """1 for a visit, and for a purchase of which something is left."""
    return int(deed.event.kind in ("visit", "purchase") and deed.back != deed.bought)


def _counted(deed: Deed) -> int:
    tiers = deed.terms.tiers
    if tiers is None or tiers.measure == "status":
        return 0
    if tiers.measure == "visits":
        return visited(deed)
    return spent(deed, tiers.qualifying)


def spent(deed: Deed, qualifying: str) -> int:
    """What of it counts in money by one definition."""
    place = list(deed.terms.program.qualifying).index(qualifying)
    counted, extras = _left(deed)
    return sum(counted[place]) + extras[place]


def left_of(terms: Terms, credit: Credit) -> Credit:
    """Credit of a deed is never below nothing; but status is what is in its wallet, and where that
    keeps remainders a deed's return may break another one's point."""
    tiers = terms.tiers
    status = tiers is not None and tiers.measure == "status"
    if status and terms.keeps(str(tiers.wallet)) != "no":
        return Credit(credit.first, max(credit.second, 0))
    return credit.at_least_none()


def return_credit(deed: Deed, less: dict[str, int]) -> None:
    tiers = deed.terms.tiers
    if tiers is None or tiers.returned_credit == "never":
        return
    left = credit(deed)
    second = min(deed.credit.second, left.second)
    if tiers.measure == "status":
        first = deed.credit.first - less.get(str(tiers.wallet), 0)
        deed.credit = left_of(deed.terms, Credit(first, second))
    else:
        deed.credit = Credit(min(deed.credit.first, left.first), second)


def settle(person: Person, deed: Deed, everyone: list[Person]) -> None:
    """What each wallet gets of this deed: whole points, within what its budgets have left."""
    terms, exact = deed.terms, exactly(deed)
    deed.given = [0] * len(exact)
    for wallet in terms.program.wallets:
        own = own_rules(terms, wallet)
        deed.free[wallet] = budgets_left(terms, (person, everyone), wallet, deed.day)
        if not any(exact[place] for place in own):
            continue
        kept = person.remainder(terms, wallet, deed.day)
        settled = terms.judge.settle(wallet, exact, kept)
        left = deed.units[wallet] = allowed(settled.units, deed.free[wallet])
        for place in own:
            deed.given[place] = min(settled.per_rule[place], left)
            left -= deed.given[place]
        # What a budget cuts off is not kept: then the deed stands for what it gave.
        cut = deed.units[wallet] < settled.units
        total = sum((exact[place] for place in own), Fraction(0))
        deed.exact[wallet] = Fraction(deed.units[wallet]) if cut else total
