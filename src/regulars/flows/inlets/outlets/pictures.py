"""A member as other systems are told of them: who they are, where they stand, what they think.

Every attribute has one name for ever, as mappings of shops name it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.base.money import decimals
from regulars.base.tx import Tx
from regulars.engine.deciding import tiering
from regulars.engine.deciding.expire import expire
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.overdue import overdue
from regulars.insight.connected import told
from regulars.records.ledger.types import Balance
from regulars.records.members import read as members
from regulars.records.members.types import Identifier, Member
from regulars.records.program.types import Tier
from regulars.records.rewards import read as rewards
from regulars.records.standing.values import read as values
from regulars.records.standing.values.types import Value

Told = str | int | bool | Decimal | date | datetime | None
ATTRIBUTES: Final[Mapping[str, str]] = {
    "member": "our id of them, mem_…: it never changes",
    "number": "their loyalty number",
    "external": "what another system calls them, with what its mapping writes before it",
    "email": "the e-mail address they are found by",
    "phone": "the telephone number they are found by",
    "given_name": "their given name",
    "family_name": "their family name, or their number where they told none; of who is gone `gone`",
    "locale": "the language they read",
    "joined_at": "when they joined",
    "state": "active, blocked, or gone: of who is gone everything else is empty",
    "tier": "the tier they have, by its id",
    "tier_name": "the tier they have, by its name",
    "tier_since": "since when",
    "tier_until": "until when",
    "points": "what they can spend now of the first wallet of the program",
    "points_earned": "all they ever earned in it",
    "points_held": "what of it is reserved",
    "nps": "the last score of 0 to 10 they gave",
    "nps_kind": "promoter, passive or detractor",
    "nps_at": "when they gave it",
    "csat": "the last score of 1 to 5 they gave",
    "csat_at": "when they gave it",
    "orders": "on how many days they ever ordered",
    "last_order_on": "when they ordered last",
    "spent": "what they ever paid for orders, less what came back",
    "churn_percent": "how likely it is that they order nothing within 90 days",
    "health": "strong, steady, slipping or lost",
    "clv": "what they are expected to spend in the next twelve months",
    "clv_part": "top-tenth, upper, middle or lower, beside everybody",
    "value_on": "as of which day churn, health and value were reckoned",
    "currency": "in which currency money is told",
}
"""What can be told of a member, and what it means."""
OPEN: Final[Mapping[str, str]] = {
    "attributes.": "what the shop knows of them, by its name",
    "wallets.": "what they can spend of another wallet, by its name",
}
"""Attributes that begin so have a name of the shop's choice behind it."""
GONE: Final = "gone"


class Picture(Struct, frozen=True):
    """One member at one instant."""

    member_id: UUID
    tells: Mapping[str, Told]
    """By attribute; what is not known is not there."""
    gone: bool = False
    """Erased, merged or taken back: whoever knew them is to forget them."""
    silent: bool = False
    """A card that nobody registered yet: there is no person to tell of."""


async def pictures(tx: Tx, terms: Terms, ids: Sequence[UUID]) -> dict[UUID, Picture]:
    """These members as they are now, whether or not the night's work was done.

    Order: as `show_standing`; nothing is locked and nothing written.
    Faults: StaleTerms.
    """
    kept = await members.members(tx, ids)
    here = [id_ for id_ in ids if id_ in kept and kept[id_].state in ("active", "blocked")]
    states = await _standing(tx, terms, here)
    names = await members.identifiers_of(tx, here) if here else {}
    known = await _known(tx, here)
    scores, orders = await told.said(tx, here), await told.ordered(tx, here)
    found = {}
    for id_ in ids:
        if id_ not in states:
            silent = id_ in kept and kept[id_].state == "unregistered"
            found[id_] = Picture(id_, _gone(id_), gone=not silent, silent=silent)
            continue
        tells = {
            **_person(kept[id_], names.get(id_, [])),
            **_stands(terms, states[id_], tx.now),
            **_scores(scores, id_),
            **_worth(terms, orders.get(id_), known.get(id_)),
        }
        found[id_] = Picture(id_, {name: said for name, said in tells.items() if said is not None})
    return found


async def _standing(tx: Tx, terms: Terms, ids: Sequence[UUID]) -> dict[UUID, MemberState]:
    """Where these stand once all that is due was done to a copy."""
    if not ids:
        return {}
    states = await hold_members(tx, terms, ids, with_lots=ids, lock=False)
    changes = Changes(tx.new_id, await rewards.stock(tx))
    (await overdue(tx, states)).lapse(changes, states, terms, tx)
    version = terms.at(tx.now)
    for state in states.values():
        expire(changes, state, tx.now)
        tiering.review(changes, state, version, tx.now)
    return {id_: states[id_] for id_ in ids if id_ in states}


async def _known(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Value]:
    return await values.values(tx, ids) if ids else {}


def _gone(id_: UUID) -> dict[str, Told]:
    """Keeps: many systems take nobody without a family name, and would keep all of it else."""
    return {"member": f"mem_{id_.hex}", "state": GONE, "family_name": GONE}


def _person(one: Member, names: Iterable[Identifier]) -> dict[str, Told]:
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(name.kind, name.value)
    said = {kind: first.get(kind) for kind in ("email", "phone", "external")}
    return {
        "member": f"mem_{one.id.hex}",
        "number": one.number,
        **said,
        "given_name": one.given_name or None,
        "family_name": one.family_name or one.number,
        "locale": one.locale or None,
        "joined_at": one.joined_at,
        "state": one.state,
        **{f"attributes.{name}": value for name, value in one.attributes.items()},
    }


def _stands(terms: Terms, state: MemberState, now: datetime) -> dict[str, Told]:
    version = terms.at(now)
    wallets = list(version.program.wallets.items())
    codes = {name: code for code, name in terms.wallet_names.items()}
    found: dict[str, Told] = {}
    for place, (name, wallet) in enumerate(wallets):
        balance = state.balances.get(codes[name], Balance())
        spendable = _units(balance.available - balance.debt, wallet.scale)
        found[f"wallets.{name}"] = spendable
        if place == 0:
            found |= {
                "points": spendable,
                "points_earned": _units(balance.earned, wallet.scale),
                "points_held": _units(balance.held, wallet.scale),
            }
    tier = _tier(terms, state.tier, now)
    if tier is not None:
        found |= {
            "tier": tier.id, "tier_name": tier.name or tier.id,
            "tier_since": state.tier_since, "tier_until": state.tier_until,
        }  # fmt: skip
    return found


def _tier(terms: Terms, name: str | None, now: datetime) -> Tier | None:
    """The tier a member has; one that the ladder no longer has as it was last promised."""
    known = [
        step
        for one in (*terms.versions, terms.at(now))
        if one.program.tiers is not None
        for step in one.program.tiers.steps
        if step.id == name
    ]
    return known[-1] if known else None


def _scores(scores: Mapping[tuple[UUID, str], told.Score], id_: UUID) -> dict[str, Told]:
    """Keeps: no score without the day it was given on."""
    found: dict[str, Told] = {}
    nps, csat = scores.get((id_, "nps")), scores.get((id_, "csat"))
    if nps is not None:
        kind = "promoter" if nps.score >= 9 else "passive" if nps.score >= 7 else "detractor"
        found |= {"nps": nps.score, "nps_kind": kind, "nps_at": nps.at}
    if csat is not None:
        found |= {"csat": csat.score, "csat_at": csat.at}
    return found


def _worth(terms: Terms, ordered: told.Ordered | None, value: Value | None) -> dict[str, Told]:
    """Keeps: nothing that is reckoned without the day it was reckoned on.

    Units: `chance` is that of an order within 90 days in thousandths; told is that of none.
    """
    currency = terms.versions[-1].program.currency
    scale = decimals(currency)
    found: dict[str, Told] = {"currency": currency}
    if ordered is not None:
        found |= {
            "orders": ordered.orders,
            "last_order_on": ordered.last_on,
            "spent": _units(ordered.net_minor, scale),
        }
    if value is not None:
        no_order = None if value.chance is None else _units(1_000 - value.chance, 1)
        found |= {
            "churn_percent": no_order,
            "health": value.health,
            "clv": None if value.worth_minor is None else _units(value.worth_minor, scale),
            "clv_part": value.worth,
            "value_on": value.as_of,
        }
    return found


def _units(count: int, scale: int) -> int | Decimal:
    """A whole number as people write it. Example: 1250 of scale 2 is 12.50."""
    return Decimal(count).scaleb(-scale) if scale else count
