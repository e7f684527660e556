"""Points that wait, by hand: until when, what the clock does to them, and what somebody says."""

from __future__ import annotations

from datetime import date, datetime

from tests.model import wall
from tests.model.kept import Deed, Lot, Person, Terms, owe

from regulars.records.program.types import ForDuration, UntilDate

NEVER = datetime(9999, 12, 31, tzinfo=wall.UTC)


def until(
    terms: Terms, wallet: str, deed: Deed, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """From when new points can be spent, or when they are cancelled; neither: at once."""
    at = deed.at
    for said in terms.program.advocacy:
        if said.on == deed.event.kind and said.moderated is not None:
            return None, wall.later(terms.zone, max(at, now), said.moderated)
    wait = terms.program.wallets[wallet].pending
    if wait is None:
        return None, None
    if isinstance(wait, ForDuration):
        return wall.later(terms.zone, at, wait.after), None
    if isinstance(wait, UntilDate):
        begins = wall.begins(terms.zone, date.fromisoformat(wait.on))
        return (None if at >= begins else begins), None
    told = at if at > now else now
    return None, wall.later(terms.zone, told, wait.cancel_after)


def gone(terms: Terms, wallet: str, usable: datetime) -> datetime:
    """When points lapse that can be spent from then on."""
    expiry = terms.program.wallets[wallet].expiry
    if expiry is None:
        return NEVER
    return wall.gone_at(terms.zone, usable, expiry.after, expiry.round_up_to)


def turn(person: Person, now: datetime) -> None:
    """What the clock does: points become usable, or are cancelled as nobody confirmed them."""
    due = [lot for lot in person.lots if lot.waits and lot.left and lot.turns <= now]
    for lot in sorted(due, key=lambda lot: (lot.turns, lot.earned_at, lot.born)):
        if lot.cancels is None:
            become_usable(person, lot)
        else:
            cancel(person, lot)


def become_usable(person: Person, lot: Lot) -> None:
    """What is owed is paid first."""
    lot.waits = False
    owed = person.debt.get(lot.wallet, 0)
    pays = owed if owed < lot.left else lot.left
    if pays:
        owe(person, lot.wallet, -pays)
        person.takes += 1
    lot.left -= pays


def cancel(person: Person, lot: Lot) -> None:
    assert isinstance(lot.sale, Deed)
    key = (person.name, lot.wallet)
    lot.sale.lapsed[key] = lot.sale.lapsed.get(key, 0) + lot.left
    person.earned[lot.wallet] = max(person.earned[lot.wallet] - lot.left, 0)
    lot.left, lot.waits, lot.over = 0, False, True


def of_deed(person: Person, deed: object, wallet: str) -> list[Lot]:
    """What of a deed still waits in a wallet."""
    return [lot for lot in person.lots if lot.waits and lot.sale is deed and lot.wallet == wallet]


def say(
    person: Person, about: tuple[Deed, list[Lot]], outcome: str, now: datetime
) -> tuple[str, dict[str, int]]:
    """What somebody is answered who confirms or cancels, and what turned by it; of all lots of
    whoever the deed stood under."""
    deed, all_lots = about
    lots = [lot for lot in all_lots if lot.sale is deed and lot.cancels]
    waiting = [lot for lot in lots if lot.waits and lot.left]
    ended = [lot for lot in lots if not lot.waits]
    if not waiting:
        confirmed = [lot for lot in ended if not lot.over]
        if outcome == "confirmed" and ended and not confirmed:
            return "already_cancelled", {}
        if outcome == "cancelled" and confirmed:
            return "already_confirmed", {}
        return (outcome if ended else "nothing_pending"), {}
    turned: dict[str, int] = {}
    for lot in waiting:
        turned[lot.wallet] = turned.get(lot.wallet, 0) + lot.left
        if outcome == "cancelled":
            cancel(person, lot)
        else:
            lot.usable, lot.ends = now, gone(deed.terms, lot.wallet, now)
            become_usable(person, lot)
    return outcome, turned
